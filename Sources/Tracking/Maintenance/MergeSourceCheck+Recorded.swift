import GRDB
import TextFormats

/// What must hold of recorded runs and their keys; that the tables are those which `series` registers has been checked with the schema.
extension MergeSourceCheck {
    func mustBeRecordings() throws {
        try mustBeKeys()
        try mustBeNumbers()
        try mustBeMeaningfulRecordings()
        try mustHaveConfigurations()
        try mustHoldAllRecordedRows()
    }

    // MARK: - Internals

    private static let recorded = "kind <> 'trained' AND deleted_at IS NULL"
    /// The longest key, in bytes.
    private static let longestKey = 1000

    /// Each key once, and none that only a hostile hand can write.
    private func mustBeKeys() throws {
        let registered = try String.fetchAll(
            database,
            sql: """
                SELECT series.name FROM other.series JOIN other.step_tables ON step_tables.name = step_table
                WHERE model IS NULL ORDER BY step_table, position
                """)
        let others = try String.fetchAll(database, sql: "SELECT DISTINCT key FROM other.points ORDER BY key")
        var seen: Set<String> = []
        for key in registered where !seen.insert(key).inserted {
            throw damage("it registers the key '\(key.visible)' twice")
        }
        seen.formUnion(others)
        guard seen.count <= Database.largestMetricKeyCount else {
            throw damage("it has \(seen.count) keys of logged numbers, more than \(Database.largestMetricKeyCount)")
        }
        // A text with a zero byte is read up to it.
        let strange = try String.fetchOne(
            database,
            sql: """
                SELECT name FROM (
                    SELECT name FROM other.series UNION ALL SELECT key FROM other.points UNION ALL SELECT key FROM other.texts)
                WHERE name = '' OR length(CAST(name AS BLOB)) > \(Self.longestKey) OR instr(CAST(name AS BLOB), x'00') > 0 LIMIT 1
                """)
        if let strange { throw damage("it has a key that no program can log: '\(String(strange.visible.prefix(60)))'") }
    }

    /// In the tables that take numbers of any type; those of metrics are looked at when they are read.
    private func mustBeNumbers() throws {
        let tables: [(name: String, what: String, columns: [String], bytes: Int, acceptsText: Bool)] = [
            ("points", "logged number", ["value"], 8, false),
            ("tensor_steps", "norm of a tensor", ["norm", "gradient_norm", "update_norm"], 24, false),
            ("run_summary", "value of the summary", ["value"], 8, true),
        ]
        for (table, what, columns, bytes, acceptsText) in tables {
            let types = "'integer', 'real', 'null'" + (acceptsText ? ", 'text'" : "")
            let tests = columns.map { "typeof(\($0)) NOT IN (\(types))" }
            let run = try Int64.fetchOne(
                database,
                sql: """
                    SELECT run_id FROM other.\(table) WHERE \(tests.joined(separator: " OR "))
                        OR length(ieee_bytes) > \(bytes) OR length(ieee_bytes) % 8 <> 0 LIMIT 1
                    """)
            if let run { throw damage("its run \(run) has a \(what) that is none") }
        }
    }

    private func mustBeMeaningfulRecordings() throws {
        let logged = tables.metrics.tables.map(\.quotedName) + [MetricTables.points]
        let trained = tables.schemas.map(\.quotedTable)
        let tests = [
            (
                "is a recorded program, but waits for somebody to train it",
                "\(Self.recorded) AND state = 'queued' AND sweep_id IS NULL"
            ),
            (
                "is of a built-in model, but has numbers that a program logged",
                "kind = 'trained' AND \(Self.hasRows(in: logged))"
            ),
            (
                "is a recorded program, but has steps of a built-in model",
                "\(Self.recorded) AND \(Self.hasRows(in: trained))"
            ),
        ]
        for (what, condition) in tests {
            let run = try Int64.fetchOne(
                database, sql: "SELECT id FROM other.runs WHERE deleted_at IS NULL AND (\(condition)) LIMIT 1")
            if let run { throw damage("its run \(run) \(what)") }
        }
        for (table, column) in [
            ("run_files", "size"), ("run_output", "byte_count"), ("run_output", "attempt"), ("run_usage", "attempt"),
        ] {
            let run = try Int64.fetchOne(
                database, sql: "SELECT run_id FROM other.\(table) WHERE \(Self.isStrange(column)) LIMIT 1")
            if let run { throw damage("its run \(run) has in \(table) a \(column) that cannot be") }
        }
    }

    /// SQL: whether a run has rows in one of these tables.
    private static func hasRows(in tables: [String]) -> String {
        let searches = tables.map { "EXISTS (SELECT 1 FROM other.\($0) WHERE run_id = runs.id)" }
        return searches.isEmpty ? "FALSE" : "(\(searches.joined(separator: " OR ")))"
    }

    private func mustHaveConfigurations() throws {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, config, config_hash, group_id FROM other.runs WHERE \(Self.recorded)")
        while let row = try rows.next() {
            let text: String = row[1]
            // A command of a megabyte is rare, and read by nobody.
            if text.utf8.count > JSONText.largestSize { continue }
            let configuration = RecordedConfiguration(exactly: text)
            guard let configuration, configuration.hash == row[2], configuration.groupID == row[3] else {
                throw damage("its run \(row[0] as Int64) has a configuration that no recorded program has")
            }
        }
    }

    private func mustHoldAllRecordedRows() throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT id, steps_done, n FROM (
                    SELECT id, steps_done, (SELECT count(*) FROM (\(tables.metrics.steps(ofRuns: "runs.id", in: "other")))) AS n
                    FROM other.runs AS runs
                    WHERE \(Self.recorded) AND state NOT IN ('queued', 'running'))
                WHERE n <> steps_done LIMIT 1
                """)
        guard let row else { return }
        throw damage(
            "its run \(row[0] as Int64) should have \((row[1] as Int).counted("step")), but has \(row[2] as Int)")
    }
}
