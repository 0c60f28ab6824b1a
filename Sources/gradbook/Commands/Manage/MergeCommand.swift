import ArgumentParser
import Inspection
import TextFormats
import Tracking

/// `gradbook merge`: bring other notebooks into this one.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Bring the runs of other notebooks into this one.",
        discussion: """
            For notebooks of several people, machines or shards of a sweep. What both notebooks have must be equal, \
            every number bit for bit; a difference is named, and that notebook is left out. Merging twice changes \
            nothing, and the order does not matter. The other files are only read.

            Examples:
              gradbook run --name elsewhere --db other.db && gradbook merge other.db
              gradbook backup copy.db && gradbook merge copy.db other.db --db all.db
            """)

    @Argument(help: ArgumentHelp("The notebooks to merge.", valueName: "file"), completion: .file())
    var others: [String]
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let store = try database.openForWriting(mustExist: false)
        var refused = 0
        var writer = ListingWriter(
            columns: ["file", "runs_added", "runs_completed", "runs_unchanged", "steps_added"], format: listing.format,
            width: Terminal.outputWidth
        ) { try Terminal.write($0) }
        for other in others {
            do {
                let summary = try store.maintenance.merge(other, command: Provenance.current.command)
                if listing.format == .table {
                    try Terminal.print(sentences: "\(other): \(Self.text(summary))")
                } else {
                    try writer.append(Self.row(other, summary))
                }
            } catch let error as TrackingError {
                // The others can still be merged; each is a transaction of its own.
                refused += 1
                Terminal.printError("gradbook: \(error.text.spelled)")
            }
        }
        if listing.format != .table { try writer.close() }
        if refused > 0 { throw ExitCode.failure }
    }

    private static func row(_ file: String, _ summary: MergeSummary) -> [SQLValue] {
        let counts = [summary.runsAdded, summary.runsCompleted, summary.runsUnchanged, summary.stepsAdded]
        return [.text(file)] + counts.map { .integer(Int64($0)) }
    }

    private static func text(_ summary: MergeSummary) -> String {
        guard summary.changedSomething else { return "nothing new" }
        return
            "\(summary.runsAdded.counted("run")) added, \(summary.runsCompleted) completed, \(summary.runsUnchanged) unchanged; "
            + "\(summary.stepsAdded.counted("step"))"
    }
}

/// `gradbook backup`: copy the notebook.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the notebook into one new file, also while runs are being trained.",
        discussion: """
            The copy holds what was committed at one moment. A file that is there already is not replaced. A copy made \
            with cp instead may miss what still stands in the notebook's -wal file.

            Examples:
              gradbook backup today.db
              gradbook backup copy.db && gradbook runs --limit 3 --db copy.db
            """)

    @Argument(help: "The new file.", completion: .file())
    var file: String
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let store = try database.openForReading()
        defer { store.close() }
        try store.maintenance.backUp(to: file)
        try Terminal.print(file)
    }
}
