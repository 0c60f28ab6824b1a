import ArgumentParser
import Experiments
import Foundation
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
            every number bit for bit. Whatever differs, and every name that is taken, is listed, and nothing of that \
            notebook is merged; the others are. The other files are only read. Each is merged whole or not at all, \
            whatever happens meanwhile, and merging twice changes nothing. A run that a program still records there is \
            interrupted here; merging again later brings the rest.

            The order does not matter for runs, steps, data, sweeps, tags, notes and verdicts; a tag that was taken off \
            in one notebook only comes back. It matters where two people disagree, and then this notebook stays as it is \
            and the summary says so: a run or sweep that has another name there keeps its name (a run without one \
            takes theirs, if it is free); a run that was deleted there stays here and takes nothing from there; one \
            that was deleted here stays deleted until gradbook gc has forgotten it, but has what is new there when it is \
            restored. Ids, and the times, hosts, commands and descriptions of what both have, are those that were here \
            first.

            Examples:
              gradbook run --name elsewhere --db other.db && gradbook merge other.db
              gradbook backup copy.db && gradbook merge copy.db other.db --dry-run
            """)

    @Argument(help: ArgumentHelp("The notebooks to merge.", valueName: "file"), completion: .file())
    var others: [String]
    @Option(
        name: .customLong("rename"),
        help: ArgumentHelp(
            """
            Put this before the names of sweeps and runs that come in, where another sweep or run here has the name.
            """, valueName: "prefix"))
    var prefix: String?
    @Flag(
        name: .customLong("dry-run"),
        help: "Say what each file would bring to the notebook as it is now, and change nothing.")
    var isDryRun = false
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard let prefix else { return }
        do {
            try ExperimentRunner.checkWords(prefix)
        } catch {
            throw ValidationError("--rename: \(error.text.spelled)")
        }
        guard !prefix.hasPrefix("-"), !prefix.contains(":") else {
            throw ValidationError(
                "--rename: '\(prefix)' begins no name: a name does not begin with - and holds no colon")
        }
    }

    func run() throws {
        let isThere = FileManager.default.fileExists(atPath: database.file)
        // One of an older version would be brought up to date.
        if isDryRun, isThere { try Store.open(at: database.file, access: .readOnly, now: Clock.timestamp).close() }
        guard isDryRun, !isThere else { return try merge(into: database.openForWriting(mustExist: false)) }
        // Nothing may be at the notebook's path afterwards.
        let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-merge-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let empty = try Store.open(at: folder.appending(path: "empty.db").path, now: Clock.timestamp)
        defer { empty.close() }
        try merge(into: empty)
    }

    private func merge(into store: Store) throws {
        var refused = 0
        var writer = ListingWriter(
            columns: ["file"] + MergeSummary.Kind.allCases.map(\.rawValue), style: listing.style
        ) { try Terminal.write($0) }
        for other in others {
            do {
                let summary = try merge(other, into: store)
                if listing.format == .table {
                    try Terminal.print(sentences: "\(other): \(summary.text(isDryRun: isDryRun))")
                } else {
                    try writer.append([.text(other)] + MergeSummary.Kind.allCases.map { .integer(Int64(summary[$0])) })
                }
            } catch let error as TrackingError {
                // The others can still be merged; each is a transaction of its own.
                refused += 1
                for line in Self.lines(error, other) { Terminal.printError(line) }
            }
        }
        if listing.format != .table { try writer.close() }
        if refused > 0 { throw ExitCode.failure }
    }

    private func merge(_ other: String, into store: Store) throws -> MergeSummary {
        var bar = ProgressBar()
        defer { bar.finish() }
        let renaming = prefix.map { prefix in
            MergeRenaming(prefix: prefix) { name in
                (try? ExperimentRunner.checkName(name)) != nil && (try? SweepCommand.checkName(name)) != nil
            }
        }
        return try store.maintenance.merge(
            other,
            MergeRequest(command: Provenance.current.command, renaming: renaming, isDryRun: isDryRun) { progress in
                bar.update(
                    ProgressBar.Standing(
                        runsDone: progress.runsDone, runsPlanned: progress.runs, stepsDone: progress.stepsDone,
                        stepsPlanned: progress.steps))
            })
    }

    /// All that keeps a notebook from being merged, one a line.
    private static func lines(_ error: TrackingError, _ other: String) -> [String] {
        guard let clashes = error.underlying as? MergeClashes, clashes.count > 1 else {
            return ["gradbook: \(error.text.spelled)"]
        }
        var lines = ["gradbook: '\(other)' was not merged, because of \(clashes.count) differences:"]
        lines += clashes.sentences.map { "  \($0.spelled)" }
        if clashes.rest > 0 { lines.append("  and \(clashes.rest) more") }
        if let advice = clashes.advice { lines.append("  \(advice.spelled)") }
        return lines
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
        try store.maintenance.backUp(to: file)
        try Terminal.print(file)
    }
}
