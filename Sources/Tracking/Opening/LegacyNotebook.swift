import Foundation
import GRDB
import Hashing
import Migrations
import TextFormats

/// What a migration needs that SQL cannot do: hashes, and decimal numbers read to their last bit.
struct LegacyNotebook {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// To be called after each migration, in its transaction.
    func complete(after migration: Migration) throws {
        guard migration.identifier == "0002_models" else { return }
        try identifyRuns()
        try moveRungs()
        try moveSlurmJobs()
    }

    /// The same identity in every copy of an old notebook: a run was known by its sweep's name and its place there, any
    /// other by its configuration, its time, its command and, among equals, its order.
    private func identifyRuns() throws {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT runs.id, sweeps.name, trial_number, config_hash, runs.created_at, runs.command,
                    row_number() OVER (
                        PARTITION BY sweep_id IS NULL, config_hash, runs.created_at, runs.command ORDER BY runs.id)
                FROM runs LEFT JOIN sweeps ON sweeps.id = sweep_id
                """)
        for row in rows {
            let words: [String]
            if let sweep = row[1] as String?, let trial = row[2] as Int? {
                words = ["sweep", sweep, "\(trial)", row[3]]
            } else {
                words = ["run", row[3], row[4], row[5], "\(row[6] as Int)"]
            }
            let hash = SHA256.hash(words.joined(separator: "\u{1F}").utf8)
            try database.execute(
                sql: "UPDATE runs SET identity = ? WHERE id = ?",
                arguments: [Hexadecimal.text(hash.prefix(16)), row[0] as Int64])
        }
    }

    private struct Rung: Decodable {
        let rung: Int
        let steps: Int
        let runs: Int
        let configurations: [Configuration]

        struct Configuration: Decodable {
            let groupID: String
            let median: Double?
            let isPromoted: Bool

            private enum CodingKeys: String, CodingKey {
                case groupID = "config_id"
                case median
                case isPromoted = "goes_on"
            }
        }
    }

    /// A rung was an event of its sweep, with JSON as its message.
    private func moveRungs() throws {
        let events = try Row.fetchAll(
            database,
            sql: "SELECT id, sweep_id, message FROM events WHERE kind = 'rung' AND sweep_id IS NOT NULL ORDER BY id")
        for event in events {
            let message: String = event[2]
            guard let rung = try? JSONDecoder().decode(Rung.self, from: Data(message.utf8)) else {
                throw TrackingError(
                    .damaged, "event \(event[0] as Int64), a rung of a halving sweep, cannot be read: '\(message)'")
            }
            try database.insert(
                StoredRung(
                    number: rung.rung, steps: rung.steps, runs: rung.runs,
                    results: rung.configurations.map {
                        RungResult(groupID: $0.groupID, median: $0.median, isPromoted: $0.isPromoted)
                    }),
                ofSweep: event[1])
            try database.execute(sql: "DELETE FROM events WHERE id = ?", arguments: [event[0] as Int64])
        }
    }

    /// A submission was an event of its sweep, with a sentence as its message.
    private func moveSlurmJobs() throws {
        let events = try Row.fetchAll(
            database,
            sql: """
                SELECT id, sweep_id, message, created_at FROM events WHERE kind = 'submitted' AND sweep_id IS NOT NULL ORDER BY id
                """)
        let pattern = /Slurm job (\d+) of (\d+) tasks in (.+), merged by job (\d+)/
        for event in events {
            // Any other text stays what it is.
            guard let match = (event[2] as String).wholeMatch(of: pattern), let tasks = Int(match.output.2) else {
                continue
            }
            let jobs = SlurmJobs(
                array: String(match.output.1), merge: String(match.output.4), taskCount: tasks,
                folder: String(match.output.3))
            try database.insert(jobs, ofSweep: event[1], now: event[3])
            try database.execute(sql: "DELETE FROM events WHERE id = ?", arguments: [event[0] as Int64])
        }
    }
}
