import GRDB
import TextFormats

/// What was removed from a notebook for good.
package struct RemovalSummary: Sendable, Equatable {
    package var runs = 0
    package var steps = 0
    /// Sweeps that had no run left.
    package var sweeps = 0
    /// Deleted runs that stay until their sweep is finished or cancelled, because it would wait for them.
    package var runsKept = 0
    /// Bytes that are free in the file for what comes next; 0 where they were given back to the disk.
    package var freeBytes = 0
}

extension RunStore {
    /// The runs of these ids, on none of which somebody works.
    ///
    /// Else it is a `conflict`. `isAlive` is that of ``interrupted(isAlive:)``.
    package func deletable(_ ids: [Int64], isAlive: (ProcessIdentity) -> Bool?) throws(TrackingError) -> [Run] {
        let runs = try find(ids: ids)
        let interrupted = Set(try interrupted(isAlive: isAlive).map(\.id))
        if let run = runs.first(where: { $0.state == .running && !interrupted.contains($0.id) }) {
            throw TrackingError(
                .conflict, "run \(run.id) is being \(run.kind == .recorded ? "recorded" : "trained")",
                advice: "nothing was deleted, wait until it has ended")
        }
        return runs
    }

    /// Hides runs from listings, comparisons and reports; ``restore(_:)`` brings them back.
    ///
    /// A run that somebody works on is a `conflict`, and then none is hidden. `isAlive` is that of
    /// ``interrupted(isAlive:)``.
    package func delete(_ ids: [Int64], isAlive: (ProcessIdentity) -> Bool?) throws(TrackingError) {
        let runs = try deletable(ids, isAlive: isAlive)
        try file.write { database in
            let time = file.now()
            for run in runs {
                try database.execute(
                    sql: """
                        UPDATE runs SET deleted_at = ? WHERE id = ? AND attempt = ? AND deleted_at IS NULL
                        """,
                    arguments: [time, run.id, run.attempt])
                guard database.changesCount == 1 else {
                    throw TrackingError(
                        .conflict,
                        "run \(run.id) was started or deleted by somebody else meanwhile", advice: "nothing was deleted"
                    )
                }
                try database.insertEvent(.run(run.id), kind: "deleted", message: "", now: time)
            }
            for sweep in Set(runs.compactMap(\.sweepID)).sorted() {
                try database.closeSweepIfFinished(sweep, now: time)
            }
        }
    }

    /// Brings hidden runs back as they were; one that is not hidden is `notFound`, and then none is brought back.
    package func restore(_ ids: [Int64]) throws(TrackingError) {
        try file.write { database in
            let time = file.now()
            for id in ids {
                try database.execute(
                    sql: "UPDATE runs SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL", arguments: [id])
                guard database.changesCount == 1 else {
                    throw TrackingError(
                        .notFound, "there is no deleted run \(id) in '\(file.path)'", advice: "nothing was restored")
                }
                try database.insertEvent(.run(id), kind: "restored", message: "", now: time)
            }
            // Their sweep ended without them.
            try database.execute(
                sql: """
                    UPDATE sweeps SET state = 'open', finished_at = NULL
                    WHERE state = 'done' AND id IN (
                        SELECT sweep_id FROM runs WHERE state IN ('queued', 'running') AND deleted_at IS NULL)
                    """)
        }
    }

    /// The hidden runs in the order of ids.
    package func deleted() throws(TrackingError) -> [Run] {
        try file.read { try $0.runs(where: "TRUE ORDER BY id", [], deleted: true) }
    }

    /// Removes the hidden runs with everything they have, and sweeps and data that no run is left of.
    ///
    /// Their space is given back to the disk where that is at least a tenth of the file, or the file is small: it is
    /// rewritten then, which takes as much free space as what is left in it. Else the space serves what comes next.
    package func removeDeleted() throws(TrackingError) -> RemovalSummary {
        var summary = try file.write { database in
            var summary = try RemovalSummary(of: database)
            try database.execute(sql: "DELETE FROM runs WHERE \(RemovalSummary.condition)")
            guard summary.runs > 0 else { return summary }
            try database.execute(sql: "DELETE FROM sweeps WHERE \(RemovalSummary.emptySweeps)")
            summary.sweeps = database.changesCount
            try database.execute(
                sql: "DELETE FROM datasets WHERE id NOT IN (SELECT dataset_id FROM runs WHERE dataset_id IS NOT NULL)")
            return summary
        }
        if summary.runs > 0 { summary.freeBytes = try compact() }
        return summary
    }

    /// What ``removeDeleted()`` would remove now.
    package func removable() throws(TrackingError) -> RemovalSummary {
        try file.read { try RemovalSummary(of: $0) }
    }

    // MARK: - Internals

    /// Explains why a run is not found that is only hidden.
    func mustNotBeDeleted(_ condition: String, _ arguments: StatementArguments) throws(TrackingError) {
        guard let run = try file.read({ try $0.runs(where: condition, arguments, deleted: true) }).first else { return }
        throw TrackingError(
            .notFound,
            "run \(run.id) was deleted on \(run.deletedAt ?? "")",
            advice: "\(command: "restore", "\(run.id)") brings it back")
    }

    /// Returns how many bytes stay free in the file.
    private func compact() throws(TrackingError) -> Int {
        try file.translatingErrors {
            try file.writer?.writeWithoutTransaction { database in
                let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
                let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
                guard free * 10 >= pages || pages * pageSize <= Self.smallFile else { return free * pageSize }
                try database.execute(sql: "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
                return 0
            } ?? 0
        }
    }

    /// A file of so many bytes is rewritten in a moment.
    private static let smallFile = 16_000_000
}

extension RemovalSummary {
    /// Which runs go: a sweep that can still be worked on would take a missing run for one of another notebook's part of it.
    fileprivate static let condition = """
        deleted_at IS NOT NULL
            AND (sweep_id IS NULL OR sweep_id NOT IN (SELECT id FROM sweeps WHERE state IN ('open', 'stopped')))
        """

    /// Which sweeps go: those of which no run stays, whether the others are there yet or not.
    fileprivate static let emptySweeps = """
        state IN ('done', 'cancelled') AND id NOT IN (
            SELECT sweep_id FROM runs WHERE sweep_id IS NOT NULL AND NOT (\(condition)))
        """

    /// What is to be removed, before anything is.
    fileprivate init(of database: Database) throws {
        self.init()
        runs = try database.count("runs WHERE \(Self.condition)")
        runsKept = try database.count("runs WHERE deleted_at IS NOT NULL") - runs
        guard runs > 0 else { return }
        let tables = try StepTables(database)
        let going = "SELECT id FROM runs WHERE \(Self.condition)"
        for schema in tables.schemas { steps += try database.count("\(schema.quotedTable) WHERE run_id IN (\(going))") }
        steps += try database.count("(\(tables.metrics.steps(ofRuns: going)))")
        sweeps = try database.count("sweeps WHERE \(Self.emptySweeps)")
    }
}

extension Database {
    /// How many rows `SELECT ... FROM source` has.
    func count(_ source: String) throws -> Int {
        try Int.fetchOne(self, sql: "SELECT count(*) FROM \(source)") ?? 0
    }
}
