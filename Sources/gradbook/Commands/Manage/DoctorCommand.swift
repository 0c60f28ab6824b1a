import ArgumentParser
import Experiments
import Inspection
import TextFormats
import Tracking

/// `gradbook doctor`: look for flaws in the notebook, and repair them.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for flaws in the notebook, and repair them if asked to.",
        discussion: """
            Looks at the tables, views, indexes and triggers of the file, SQLite's own structures, references between rows, \
            data sets and the checksums of their samples, runs whose rows have gaps or do not fit their results, recorded runs \
            that say something else than their rows, values that no program logs, runs called running that nobody works on, sweeps called open that have ended, and a write-ahead log that a killed process \
            left behind. Tables, views and indexes of your own are named and left alone. Steps are counted; --deep reads \
            every page of the file and every loss, too, and lays out the plans of sweeps again. Says what it found and how \
            to repair it; changes nothing without --fix, and then makes a copy first. Numbers are never made up: a run that \
            is not whole is queued, to be computed again.

            Exit code 0: nothing found, or all of it repaired; 1: something is left.

            Examples:
              gradbook doctor
              gradbook doctor --deep --format json
              gradbook doctor --fix
            """)

    @Flag(help: "Read the whole file: every page, and every step's loss.")
    var deep = false
    @Flag(help: "Read the whole file, and repair what can be repaired, after a copy of it.")
    var fix = false
    @OptionGroup var dryRun: DryRunOption
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard fix || !dryRun.isOn else {
            throw ValidationError("--dry-run belongs to --fix: without that doctor changes nothing; leave it out")
        }
    }

    /// Whether the file is repaired; `--dry-run` looks as `--fix` does, and says what it would do.
    private var repairs: Bool { fix && !dryRun.isOn }

    func run() throws {
        let log = Self.issue(WriteAheadLog.state(beside: database.file))
        let found = try log + check()
        let notes = found.filter(\.isHarmless)
        var issues = found.filter { !$0.isHarmless }
        let left = repairs ? try repair(&issues) : issues
        try write(issues, notes: notes, left: left)
        if !readsEverything {
            Terminal.printNote("the steps were counted, not read: --deep looks at every page and every loss, too")
        }
        if !left.isEmpty { throw ExitCode.failure }
    }

    private var readsEverything: Bool { deep || fix }

    private func check() throws -> [IntegrityIssue] {
        let store = try open { try database.openForReading(acceptsAlteredSchema: $0) }
        defer { store.close() }
        let issues = try store.maintenance.check(readsEverything: readsEverything) { $0.isAlive }
        // Of a file that is damaged, or has other tables, the sweeps cannot be read.
        guard readsEverything, issues.allSatisfy({ $0.kind.leavesSweepsReadable }) else { return issues }
        return try issues + store.sweeps.all().flatMap { try Self.issues(of: $0, in: store) }
    }

    private static func issues(of sweep: Sweep, in store: Store) throws -> [IntegrityIssue] {
        try SweepVerification(sweep, runs: store.runs.all(ofSweep: sweep.id), in: store).differences.map { difference in
            IntegrityIssue(
                kind: .plan(sweep.id),
                description: "sweep '\(sweep.plan.name)': \(difference.description)",
                remedy: "restore the file from a backup")
        }
    }

    /// What is left afterwards; `issues` gets what was found on the way.
    ///
    /// Where the schema was repaired, the rows can be looked at only then.
    private func repair(_ issues: inout [IntegrityIssue]) throws -> [IntegrityIssue] {
        var left = issues
        var copy: String?
        for _ in 0..<Self.mostRepairs where left.contains(where: \.isRepairable) {
            copy = try repair(left, copying: copy == nil) ?? copy
            let before = left
            left = try check().filter { !$0.isHarmless }
            issues += left.filter { !issues.contains($0) }
            if left == before { break }
        }
        if let copy { Terminal.printNote("the file as it was is in '\(copy)'") }
        return left
    }

    /// The registry of steps, the views over them, the rows, and what removing some of them shows.
    private static let mostRepairs = 5

    private func repair(_ issues: [IntegrityIssue], copying: Bool) throws -> String? {
        let store = try open { try database.openForWriting(acceptsAlteredSchema: $0) }
        defer { store.close() }
        return try store.maintenance.repair(issues, copying: copying)
    }

    /// A file of another version is brought up to date; one whose tables are not a notebook's is opened as it is.
    private func open(_ body: (_ acceptsAlteredSchema: Bool) throws -> Store) throws -> Store {
        do {
            return try body(false)
        } catch let error as TrackingError {
            guard error.code == .alteredSchema else { throw error }
            return try body(true)
        }
    }

    private func write(_ issues: [IntegrityIssue], notes: [IntegrityIssue], left: [IntegrityIssue]) throws {
        guard listing.format == .table else {
            var writer = ListingWriter(
                columns: ["kind", "finding", "remedy", "is_left"], style: listing.style
            ) { try Terminal.write($0) }
            for issue in issues + left.filter({ !issues.contains($0) }) + notes {
                try writer.append([
                    .text(issue.kind.name), .text(issue.description), .text(issue.remedy.spelled),
                    .integer(left.contains(issue) ? 1 : 0),
                ])
            }
            return try writer.close()
        }
        for note in notes { Terminal.printNote("\(note.description); \(note.remedy.spelled)") }
        guard !issues.isEmpty else { return try Terminal.print(sentences: "nothing found in '\(database.file)'") }
        for issue in issues { try Terminal.print(sentence: "\(issue.description); \(issue.remedy)") }
        guard repairs else { return }
        try Terminal.print(sentences: left.isEmpty ? "everything is repaired" : "what is left:")
        let queued = issues.filter { $0.kind.isQueued && !left.contains($0) }.count
        if queued > 0 {
            try Terminal.print(
                sentences: "\(queued.counted("run")) queued: gradbook run --resume and gradbook sweep resume compute "
                    + "\(queued == 1 ? "it" : "them") again and add what is missing")
        }
        for issue in left { try Terminal.print(sentence: "\(issue.description); \(issue.remedy)") }
    }

    private static func issue(_ log: WriteAheadLog.State) -> [IntegrityIssue] {
        guard case .abandoned(let bytes) = log else { return [] }
        return [
            IntegrityIssue(
                kind: .orphanedWAL,
                description:
                    "a process that is gone left a write-ahead log of \(bytes) bytes, which is part of the notebook",
                remedy: "the next command puts it into the file; do not copy the file without it")
        ]
    }
}

extension IntegrityIssue.Kind {
    /// Whether its repair is to compute a run again.
    fileprivate var isQueued: Bool {
        switch self {
        case .incompleteRun, .interruptedRun: true
        default: false
        }
    }

    fileprivate var leavesSweepsReadable: Bool {
        switch self {
        case .damage, .schema, .header, .registry, .series, .unreadable: false
        default: true
        }
    }
}
