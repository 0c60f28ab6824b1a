import ArgumentParser
import Experiments
import Foundation
import TextFormats
import Tracking

/// `gradbook sweep shard NAME`: run a part of a sweep in a file of its own.
struct SweepShardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shard",
        abstract: "Run a part of a sweep in a file of its own.",
        discussion: """
            For clusters, where machines must not write into one SQLite file together. Takes one of so many shares of \
            the sweep's queued runs, trains them into a notebook on this machine's own disk (TMPDIR, else /tmp), and \
            moves it to its place when all have ended. The sweep's own notebook is only read; gradbook merge brings \
            the shards back into it. A shard that is there already, complete, is left as it is; no other file is replaced.

            Examples:
              gradbook sweep parts --lr 0.01,0.1 --seeds 1..4 --enqueue-only
              gradbook sweep shard parts --index 0 --of 2 --out part-0.db
              gradbook sweep shard parts --index 1 --of 2 --out part-1.db
              gradbook merge part-0.db part-1.db
            """)

    @Argument(help: "The sweep's name.", completion: Completions.sweeps)
    var name: String
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Which share: 0 up to one less than --of.", valueName: "number"))
    var index: Int
    @Option(
        name: .customLong("of"), parsing: .unconditional,
        help: ArgumentHelp("How many shares there are: 1 or more.", valueName: "count"))
    var count: Int
    @Option(name: .shortAndLong, help: ArgumentHelp("The shard's file.", valueName: "file"), completion: .file())
    var out: String
    @OptionGroup(title: "Workers") var workers: WorkerOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let share = try SweepShare(index: index, of: count)
        let target = URL(filePath: out)
        let shard = try Shard(share, ofSweep: name, in: try database.openForReading())
        try shard.mayReplaceFile(at: target, now: Clock.timestamp)
        guard !shard.isFinished(at: target, now: Clock.timestamp) else {
            Terminal.printNote("\(name): shard \(index) of \(count) is complete in '\(out)'")
            return
        }
        let temporary = FileManager.default.temporaryDirectory
        let work = try WorkFolder(in: temporary, for: temporary.path)
        defer { work.remove() }
        let local = work.file("shard.db")
        do {
            try run(shard, in: local)
        } catch let error as ExperimentError where error.code == .interrupted {
            throw ExperimentError(
                .interrupted,
                "sweep '\(name)': shard \(index) of \(count) was interrupted and is not written",
                advice: "the same command makes it")
        } catch let error as TrackingError where error.code == .diskFull {
            throw ExperimentError(
                .unwritableFile,
                "sweep '\(name)': shard \(index) of \(count) is not written, because the temporary files in '\(temporary.path)' "
                    + "cannot grow",
                advice: "make room there, or set TMPDIR to a folder on another disk", underlying: error)
        }
        try WorkFolder.copy(local, to: target, rights: AccessRights(ofCopyOf: database.file))
        try Terminal.print(out)
    }

    private func run(_ shard: Shard, in file: URL) throws {
        let store = try Store.open(at: file.path, now: Clock.timestamp)
        let sweep = try shard.write(into: store, origin: .current)
        try store.notes.addEvent("sharded", Provenance.current.command, to: .sweep(sweep))
        let runner = ExperimentRunner(recordingInto: store)
        let progress = SweepProgress(name: name, runCount: shard.runCount, stepCount: shard.stepCount)
        let result = Result { try progress.run(sweep, in: runner, workers: workers) }
        try runner.close()
        try result.get()
        try store.seal()
    }
}
