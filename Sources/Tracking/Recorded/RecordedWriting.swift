import Foundation
import GRDB
import TextFormats

/// What a recorded run says beside its numbers, written inside a transaction of the caller.
struct RecordedWriting {
    let database: Database
    let run: Int64
    let now: String

    func insert(_ changes: RecordedChanges, _ conflicts: inout MetricConflicts) throws {
        for text in changes.texts { try insert(text, &conflicts) }
        for tensor in changes.tensors { try insert(tensor, &conflicts) }
        for (key, value) in changes.summary { try insert(key, value) }
        if let configuration = changes.configuration {
            try database.execute(
                sql: "UPDATE runs SET config = ?, config_hash = ?, group_id = ? WHERE id = ?",
                arguments: [configuration.json, configuration.hash, configuration.groupID, run])
        }
        if let name = changes.name { try rename(to: name) }
        if let experiment = changes.experiment {
            try database.execute(
                sql: "UPDATE runs SET experiment_id = coalesce(experiment_id, ?) WHERE id = ?",
                arguments: [database.experimentID(named: experiment, now: now), run])
        }
        try database.insertTags(changes.tags, ofRun: run)
        for note in changes.notes { try database.insertNote(note, on: .run(run), now: now) }
        for file in changes.files {
            try database.execute(
                sql: "INSERT OR REPLACE INTO run_files (run_id, path, name, size, sha256) VALUES (?, ?, ?, ?, ?)",
                arguments: [run, file.path, file.name, file.size, file.sha256])
        }
        for event in changes.events {
            try database.insertEvent(.run(run), kind: event.kind, message: event.message, now: now)
        }
        if let steps = changes.stepCount {
            try database.execute(
                sql: "UPDATE runs SET steps_done = max(steps_done, ?) WHERE id = ?", arguments: [steps, run])
        }
    }

    /// Takes values of keys back from a step on; how many there were.
    func takeBack(_ superseded: [(key: String, from: Int64)], _ tables: MetricTables) throws -> Int {
        var count = 0
        for (key, step) in superseded {
            try database.execute(
                sql: "DELETE FROM texts WHERE run_id = ? AND key = ? AND step >= ?", arguments: [run, key, step])
            count += database.changesCount
            switch tables.places[key] {
            case nil: continue
            case .points:
                try database.execute(
                    sql: "DELETE FROM points WHERE run_id = ? AND key = ? AND step >= ?", arguments: [run, key, step])
                count += database.changesCount
            case .column(let table, let slot):
                count += try takeBack(slot, of: tables.tables[table], from: step)
            }
        }
        return count
    }

    private func takeBack(_ slot: Int, of table: MetricTables.Table, from step: Int64) throws -> Int {
        let name = table.columns[slot].name.sqlIdentifier
        try database.execute(
            sql: "UPDATE \(table.quotedName) SET \(name) = NULL WHERE run_id = ? AND step >= ? AND \(name) IS NOT NULL",
            arguments: [run, step])
        var count = database.changesCount
        let rows = try Row.fetchAll(
            database,
            sql:
                "SELECT step, ieee_bytes FROM \(table.quotedName) WHERE run_id = ? AND step >= ? AND ieee_bytes IS NOT NULL",
            arguments: [run, step])
        for row in rows {
            guard let bytes = Data.fromDatabaseValue(row[1]), NaNSlots.value(bytes, slot: slot) != nil else { continue }
            try database.execute(
                sql: "UPDATE \(table.quotedName) SET ieee_bytes = ? WHERE run_id = ? AND step = ?",
                arguments: [NaNSlots.bytes(bytes, setting: [(slot, 0)]), run, row[0] as Int64])
            count += 1
        }
        return count
    }

    func insert(_ output: [StreamExcerpt], _ usage: ProcessUsage?, attempt: Int) throws {
        for stream in output where stream.byteCount > 0 {
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO run_output (run_id, attempt, stream, byte_count, head, tail)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [run, attempt, stream.stream, stream.byteCount, Data(stream.head), Data(stream.tail)])
        }
        guard let usage else { return }
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO run_usage (run_id, attempt, exit_code, signal, user_seconds, system_seconds,
                    wall_seconds, peak_memory)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                run, attempt, usage.exitCode, usage.signal, usage.userSeconds, usage.systemSeconds, usage.wallSeconds,
                usage.peakMemory,
            ])
    }

    // MARK: - Internals

    private func insert(_ text: RecordedChanges.Text, _ conflicts: inout MetricConflicts) throws {
        let insertion = try database.cachedStatement(
            sql: "INSERT INTO texts (run_id, key, step, value) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
        try insertion.execute(arguments: [run, text.key, text.step, text.value])
        guard database.changesCount == 0 else { return }
        let kept = try String.fetchOne(
            database.cachedStatement(sql: "SELECT value FROM texts WHERE run_id = ? AND key = ? AND step = ?"),
            arguments: [run, text.key, text.step])
        if let kept, !kept.utf8.elementsEqual(text.value.utf8) { conflicts.addOther() }
    }

    private func insert(_ tensor: RecordedChanges.Tensor, _ conflicts: inout MetricConflicts) throws {
        let numbers = tensor.norms.enumerated().compactMap { slot, norm in
            norm?.notANumber.map { (slot: slot, value: $0) }
        }
        let insertion = try database.cachedStatement(
            sql: """
                INSERT INTO tensor_steps (run_id, step, tensor, norm, gradient_norm, update_norm, nonfinite, ieee_bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """)
        let norms = tensor.norms.map { $0?.databaseValue ?? .null }
        try insertion.execute(arguments: [
            run, tensor.step, tensor.name, norms[0], norms[1], norms[2], tensor.nonfinite,
            NaNSlots.bytes(nil, setting: numbers),
        ])
        if database.changesCount == 0 { conflicts.addOther() }
    }

    private func insert(_ key: String, _ value: RecordedChanges.Final) throws {
        let (stored, bytes): (DatabaseValue, Data?) =
            switch value {
            case .text(let text): (text.databaseValue, nil)
            case .number(let number):
                (number.databaseValue, NaNSlots.bytes(nil, setting: number.notANumber.map { [(0, $0)] } ?? []))
            }
        try database.execute(
            sql: "INSERT OR REPLACE INTO run_summary (run_id, key, value, ieee_bytes) VALUES (?, ?, ?, ?)",
            arguments: [run, key, stored, bytes])
    }

    /// A run that has a name keeps it; a name that something else has is not taken, which an event says.
    private func rename(to name: String) throws {
        if try String.fetchOne(database, sql: "SELECT name FROM runs WHERE id = ?", arguments: [run]) != nil { return }
        do {
            try database.mustBeFree(name)
        } catch let error as TrackingError {
            return try database.insertEvent(
                .run(run), kind: "name", message: "it was not named '\(name.visible)': \(error.message)", now: now)
        }
        try database.execute(sql: "UPDATE runs SET name = ? WHERE id = ?", arguments: [name, run])
    }
}
