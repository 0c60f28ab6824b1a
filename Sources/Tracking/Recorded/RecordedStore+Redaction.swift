import GRDB
import TextFormats

extension RecordedStore {
    /// The runs of these ids, all of which are recorded, and none of which somebody records now.
    ///
    /// Else it is a `conflict`. `isAlive` is that of ``RunStore/interrupted(isAlive:)``.
    package func redactable(_ ids: [Int64], isAlive: (ProcessIdentity) -> Bool?) throws(TrackingError) -> [Run] {
        let runs = try file.runs.find(ids: ids)
        if let run = runs.first(where: { $0.kind == .trained }) {
            throw TrackingError(
                .conflict, "run \(run.id) is a built-in run, of which no output, arguments or environment is stored",
                advice: "\(command: "runs", "kind=recorded") lists those of other programs; nothing was redacted")
        }
        let interrupted = Set(try file.runs.interrupted(isAlive: isAlive).map(\.id))
        if let run = runs.first(where: { $0.state == .running && !interrupted.contains($0.id) }) {
            throw TrackingError(
                .conflict, "run \(run.id) is being recorded", advice: "nothing was redacted, wait until it has ended")
        }
        return runs
    }

    /// Takes away what may be private: the command and its arguments, the folder, uncommitted changes, what was printed,
    /// what was captured of the surroundings, and events that quote any of it.
    ///
    /// Settings, numbers, texts, the names of files, tags, notes and the host stay. The file is rewritten, so that none of its pages has
    /// the old text; false if the write-ahead log still has it, because somebody else reads the notebook.
    package func redact(_ ids: [Int64], isAlive: (ProcessIdentity) -> Bool?) throws(TrackingError) -> Bool {
        let runs = try redactable(ids, isAlive: isAlive)
        try file.write { database in
            for run in runs { try database.redact(run, now: file.now()) }
        }
        return try file.translatingErrors {
            try file.writer?.writeWithoutTransaction { database in
                try database.execute(sql: "VACUUM")
                let row = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                return row?[0] == 0
            } ?? false
        }
    }

    /// SQL: the kinds of events that say nothing of what a program was given or printed.
    static let harmlessEvents = "'interrupted', 'redacted', 'repaired', 'deleted', 'restored'"
}

extension Database {
    /// An attempt that began meanwhile keeps what it has.
    fileprivate func redact(_ run: Run, now: String) throws {
        // A command of a megabyte is no configuration that can be read.
        let json = try String.fetchOne(
            self, sql: "SELECT json_remove(config, '$.command') FROM runs WHERE id = ? AND attempt = ?",
            arguments: [run.id, run.attempt])
        guard let json, let configuration = RecordedConfiguration(json: json) else {
            throw TrackingError(
                .conflict, "run \(run.id) was gone on with meanwhile, or its configuration cannot be read",
                advice: "nothing was redacted")
        }
        for table in ["run_environment", "run_output"] {
            try execute(sql: "DELETE FROM \(table) WHERE run_id = ?", arguments: [run.id])
        }
        try execute(
            sql: "DELETE FROM events WHERE run_id = ? AND kind NOT IN (\(RecordedStore.harmlessEvents))",
            arguments: [run.id])
        try execute(
            sql: "UPDATE runs SET command = '', config = ?, config_hash = ?, group_id = ? WHERE id = ?",
            arguments: [configuration.json, configuration.hash, configuration.groupID, run.id])
        let isKnown = try Bool.fetchOne(
            self, sql: "SELECT TRUE FROM events WHERE run_id = ? AND kind = 'redacted'", arguments: [run.id])
        if isKnown == nil {
            try insertEvent(
                .run(run.id), kind: "redacted", message: "command, output and environment were removed", now: now)
        }
    }
}
