import ArgumentParser
import Inspection
import TextFormats
import Tracking

/// `gradbook doctor`: look for flaws in the notebook, and repair them.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for flaws in the notebook, and repair them if asked to.",
        discussion: """
            Looks at SQLite's own structures, references between rows, data sets, runs whose rows have gaps or do not fit \
            their results, runs called running that nobody works on, sweeps called open that have ended, and a write-ahead \
            log that a killed process left behind. Steps are counted; --deep reads every page of the file and every loss, \
            too. Says what it found and how to repair it; changes nothing without --fix, and then makes a copy first. Numbers \
            are never made up: a run that is not whole is queued, to be computed again.

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
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let log = OrphanedWAL.size(beside: database.file).map(Self.issue)
        let issues = try (log.map { [$0] } ?? []) + check()
        let left = fix && !issues.isEmpty ? try repair(issues) : issues
        try write(issues, left: left)
        if !readsEverything {
            Terminal.printError("the steps were counted, not read: --deep looks at every page and every loss, too")
        }
        if !left.isEmpty { throw ExitCode.failure }
    }

    private var readsEverything: Bool { deep || fix }

    private func check() throws -> [IntegrityIssue] {
        let store = try database.openForReading()
        defer { store.close() }
        return try store.maintenance.check(readsEverything: readsEverything) { $0.isAlive }
    }

    /// What is left afterwards.
    private func repair(_ issues: [IntegrityIssue]) throws -> [IntegrityIssue] {
        let store = try database.openForWriting()
        defer { store.close() }
        if let copy = try store.maintenance.repair(issues) {
            Terminal.printError("the file as it was is in '\(copy)'")
        }
        return try store.maintenance.check { $0.isAlive }
    }

    private func write(_ issues: [IntegrityIssue], left: [IntegrityIssue]) throws {
        guard listing.format == .table else {
            var writer = ListingWriter(
                columns: ["kind", "finding", "remedy", "is_left"], format: listing.format, width: Terminal.outputWidth
            ) { try Terminal.write($0) }
            for issue in issues + left.filter({ !issues.contains($0) }) {
                try writer.append([
                    .text(issue.kind.name), .text(issue.description), .text(issue.remedy.spelled),
                    .integer(left.contains(issue) ? 1 : 0),
                ])
            }
            return try writer.close()
        }
        guard !issues.isEmpty else { return try Terminal.print(sentences: "nothing found in '\(database.file)'") }
        for issue in issues { try Terminal.print(sentences: "\(issue.description); \(issue.remedy.spelled)") }
        guard fix else { return }
        try Terminal.print(sentences: left.isEmpty ? "everything is repaired" : "what is left:")
        for issue in left { try Terminal.print(sentences: "\(issue.description); \(issue.remedy.spelled)") }
    }

    private static func issue(logSize: Int) -> IntegrityIssue {
        IntegrityIssue(
            kind: .orphanedWAL,
            description:
                "a process that is gone left a write-ahead log of \(logSize) bytes, which is part of the notebook",
            remedy:
                "\(option: "fix"), or any command that writes, puts it into the file; do not copy the file without it")
    }
}
