import ArgumentParser
import Foundation
import Tracking

/// `gradbook doctor`: look for flaws in the notebook, and mend them.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for flaws in the notebook, and mend them if asked to.",
        discussion: """
            Reads the whole file: SQLite's own structures, references between rows, data sets, runs whose rows have gaps or \
            do not fit their results, runs called running that nobody works on, sweeps called open that have ended, and a \
            write-ahead log that a killed process left behind. Says what it found and how to mend it; changes nothing \
            without --fix, and then makes a copy first. Numbers are never made up: a run that is not whole is queued, to be \
            computed again.

            Exit code 0: nothing found, or all of it mended; 1: something is left.

            Examples:
              gradbook doctor
              gradbook doctor --fix --db old.db
            """)

    @Flag(help: "Mend what can be mended, after a copy of the file.")
    var fix = false
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let log = AbandonedLog.size(beside: database.file).map(Self.finding)
        var findings = try (log.map { [$0] } ?? []) + examine()
        guard !findings.isEmpty else { return try Terminal.print("nothing found in '\(database.file)'") }
        for finding in findings { try Terminal.print("\(finding.description); \(finding.remedy)") }
        if fix {
            let store = try database.openForWriting()
            defer { store.close() }
            if let copy = try store.mend(findings) { Terminal.note("the file as it was is in '\(copy)'") }
            findings = try store.examine { $0.isAlive }
            try Terminal.print(findings.isEmpty ? "all of it is mended" : "what is left:")
            for finding in findings { try Terminal.print("\(finding.description); \(finding.remedy)") }
        }
        if !findings.isEmpty { throw ExitCode.failure }
    }

    private func examine() throws -> [Finding] {
        let store = try database.openForReading()
        defer { store.close() }
        return try store.examine { $0.isAlive }
    }

    private static func finding(logSize: Int) -> Finding {
        Finding(
            kind: .abandonedLog,
            description:
                "a process that is gone left a write-ahead log of \(logSize) bytes, which is part of the notebook",
            remedy: "--fix, or any command that writes, puts it into the file; do not copy the file without it")
    }
}
