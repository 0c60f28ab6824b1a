import Foundation
import GRDB
import TextFormats

/// What the recorded runs of a merge have beside their rows of `runs`.
///
/// Their keys get places of ours, which may be in other tables, columns and slots than there. So every number is read and written as
/// what it is, and text of theirs never becomes SQL.
struct RecordedMerge {
    /// What became of one run.
    struct Brought {
        /// Different steps that it did not have.
        var steps = 0
        var hasChanges = false
        /// What both have under the same name, and differently; the first ones, see ``differenceCount``.
        fileprivate(set) var difference: MessageText?
        fileprivate(set) var differenceCount = 0

        fileprivate mutating func add(_ difference: MessageText?, count: Int = 1) {
            guard let difference, count > 0 else { return }
            self.difference = self.difference ?? difference
            differenceCount += count
        }
    }

    let path: String
    let database: Database
    private let theirTables: MetricTables
    private var ourTables: MetricTables

    /// So many rows or values are read before they are written.
    private static let largestBatch = (rows: 10_000, values: 200_000)

    init(path: String, database: Database, theirTables: MetricTables) throws {
        (self.path, self.database, self.theirTables) = (path, database, theirTables)
        ourTables = try MetricTables(database)
    }

    // MARK: - Keys

    /// Has places for all keys under which their runs have numbers.
    mutating func registerKeys() throws {
        let keys = try usedKeys().filter { ourTables.places[$0] == nil }
        guard !keys.isEmpty else { return }
        var origins: [String: MetricOrigin] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT name, source, precision FROM other.series") {
            origins[row[0]] = MetricOrigin(source: row[1], precision: row[2])
        }
        do {
            ourTables = try database.register(keys, source: nil, origins: origins)
        } catch let error as TrackingError where error.code == .tooManyKeys {
            throw TrackingError(.tooManyKeys, "'\(path)' was not merged: \(error.message)", advice: error.advice)
        }
    }

    /// SQL: the runs that a merge looks at.
    private static let visibleRuns = "SELECT id FROM other.runs WHERE deleted_at IS NULL AND kind <> 'trained'"

    private func usedKeys() throws -> [String] {
        var keys: [String] = []
        for table in theirTables.tables where !table.columns.isEmpty {
            let tests = table.columns.enumerated().map { slot, column in
                """
                EXISTS (SELECT 1 FROM other.\(table.quotedName) WHERE run_id IN (\(Self.visibleRuns))
                    AND (\(column.name.sqlIdentifier) IS NOT NULL OR \(NaNSlots.isNaN(slot: slot))))
                """
            }
            let row = try Row.fetchOne(database, sql: "SELECT \(tests.list)")
            keys += table.columns.enumerated().filter { row?[$0.offset] ?? false }.map(\.element.key)
        }
        return try keys
            + String.fetchAll(
                database,
                sql: "SELECT DISTINCT key FROM other.points WHERE run_id IN (\(Self.visibleRuns)) ORDER BY key")
    }

    // MARK: - One run

    /// Adds what ours lacks; what changes while a run is recorded is theirs if `isTheirsNewer`, and must be the same if
    /// `isSame`.
    ///
    /// Of a run that was redacted here nothing private comes back.
    mutating func bring(
        _ theirs: Int64, to ours: Int64, isTheirsNewer: Bool, isSame: Bool, isRedacted: Bool
    ) throws -> Brought {
        var brought = Brought()
        let (before, steps) = (database.totalChangesCount, try ourTables.stepCount(ofRun: ours, in: database))
        try copyNumbers(of: theirs, to: ours, hasSteps: steps > 0, &brought)
        for table in [Self.texts, Self.tensors, Self.usage] { try copy(table, theirs, ours, &brought) }
        for table in [Self.summary, Self.files] {
            try copy(table, theirs, ours, replacing: isTheirsNewer, comparing: isSame, &brought)
        }
        if !isRedacted {
            try copy(Self.output, theirs, ours, &brought)
            try copy(Self.environment, theirs, ours, comparing: false, &brought)
        }
        brought.steps = try ourTables.stepCount(ofRun: ours, in: database) - steps
        brought.hasChanges = database.totalChangesCount > before
        return brought
    }

    // MARK: - Numbers

    private mutating func copyNumbers(
        of theirs: Int64, to ours: Int64, hasSteps: Bool, _ brought: inout Brought
    ) throws {
        var insertion = MetricInsertion(ourTables, ofRun: ours, in: database)
        for table in theirTables.tables where !table.columns.isEmpty {
            try copy(table, of: theirs, to: ours, unless: hasSteps ? isHere(table) : nil, by: &insertion)
        }
        try copyPoints(of: theirs, by: &insertion)
        let conflicts = insertion.conflicts
        brought.add(conflicts.first.map { "\($0.key.visible) at step \($0.step)" }, count: conflicts.count)
    }

    /// SQL: whether a run of ours, the argument, certainly has all numbers of a row `t` of theirs; nil where one search does not say it.
    ///
    /// Measured: a second merge of a million rows of five takes 2.6 s instead of 10.6.
    private func isHere(_ table: MetricTables.Table) -> String? {
        guard table.columns.count <= Database.largestMetricColumnCount else { return nil }
        var places: Set<Int> = []
        var tests: [String] = []
        for column in table.columns {
            let theirs = "t.\(column.name.sqlIdentifier)"
            switch ourTables.places[column.key] {
            case nil: tests.append("\(theirs) IS NULL")
            case .points: return nil
            case .column(let place, let slot):
                places.insert(place)
                let name = "o.\(ourTables.tables[place].columns[slot].name.sqlIdentifier)"
                // SQLite does not tell 0.0 from -0.0.
                tests.append(
                    """
                    (\(theirs) IS NULL OR \(theirs) = \(name) AND typeof(\(theirs)) = typeof(\(name))
                        AND (\(theirs) <> 0 OR typeof(\(theirs)) = 'integer'))
                    """)
            }
        }
        guard places.count == 1, let place = places.first else { return nil }
        return """
            EXISTS (SELECT 1 FROM main.\(ourTables.tables[place].quotedName) AS o
                WHERE o.run_id = ? AND o.step = t.step AND t.ieee_bytes IS NULL
                AND \(tests.joined(separator: " AND ")))
            """
    }

    private func copy(
        _ table: MetricTables.Table, of theirs: Int64, to ours: Int64, unless isHere: String?,
        by insertion: inout MetricInsertion
    ) throws {
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT step, elapsed_ns, ieee_bytes, \(table.columns.map(\.name.sqlIdentifier).list)
                    FROM other.\(table.quotedName) AS t WHERE run_id = ? AND NOT coalesce(\(isHere ?? "FALSE"), FALSE)
                    ORDER BY step
                    """), arguments: isHere == nil ? [theirs] : [theirs, ours])
        var batch = MetricBatch()
        var shapes: [[Int]: Int] = [:]
        var (last, shape): ([Int], Int) = ([], 0)
        var (present, values): ([Int], [MetricValue]) = ([], [])
        while let row = try rows.next() {
            let step: Int64 = row[0]
            let bytes: Data? = row[2]
            if let bytes, bytes.count % 8 != 0 || bytes.count > 8 * table.columns.count {
                throw damage("its run \(theirs) has bytes in \(table.name) that are none of its columns")
            }
            present.removeAll(keepingCapacity: true)
            values.removeAll(keepingCapacity: true)
            for (slot, column) in table.columns.enumerated() {
                let stored: DatabaseValue = row[slot + 3]
                guard stored.isNumber else {
                    throw damage("its run \(theirs) has no number as \(column.key.visible) at step \(step)")
                }
                guard let value = MetricValue(stored, NaNSlots.value(bytes, slot: slot)) else { continue }
                present.append(slot)
                values.append(value)
            }
            if present.isEmpty { continue }
            if present != last || batch.shapes.isEmpty {
                shape = shapes[present] ?? batch.addShape(present.map { table.columns[$0].key })
                shapes[present] = shape
                last = present
            }
            batch.add(values, shape: shape, step: step, elapsedNanoseconds: row[1])
            if batch.rows.count >= Self.largestBatch.rows || batch.values.count >= Self.largestBatch.values {
                try insertion.insert(batch)
                batch.removeRows()
            }
        }
        try insertion.insert(batch)
    }

    private func copyPoints(of theirs: Int64, by insertion: inout MetricInsertion) throws {
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT key, step, value, elapsed_ns, ieee_bytes FROM other.points WHERE run_id = ? ORDER BY key, step
                    """), arguments: [theirs])
        var batch = MetricBatch()
        var shapes: [String: Int] = [:]
        while let row = try rows.next() {
            let (key, bytes): (String, Data?) = (row[0], row[4])
            guard let value = MetricValue(row[2] as DatabaseValue, NaNSlots.value(bytes, slot: 0)) else { continue }
            let shape = shapes[key] ?? batch.addShape([key])
            shapes[key] = shape
            batch.add(CollectionOfOne(value), shape: shape, step: row[1], elapsedNanoseconds: row[3])
            if batch.rows.count >= Self.largestBatch.rows {
                try insertion.insert(batch)
                batch.removeRows()
            }
        }
        try insertion.insert(batch)
    }

    private func damage(_ what: MessageText) -> TrackingError {
        TrackingError(.damaged, "'\(path)' was not merged: \(what)")
    }

    // MARK: - Everything else

    /// Rows of a run that are the same tables here and there.
    private struct Content {
        let table: String
        let keys: [String]
        let values: [String]
        /// SQL: how a row is called, of `theirs`.
        let name: String
    }

    private static let texts = Content(
        table: "texts", keys: ["key", "step"], values: ["value"], name: "theirs.key || ' at step ' || theirs.step")
    private static let tensors = Content(
        table: "tensor_steps", keys: ["step", "tensor"],
        values: ["norm", "gradient_norm", "update_norm", "nonfinite", "ieee_bytes"],
        name: "'the tensor ' || theirs.tensor || ' at step ' || theirs.step")
    private static let summary = Content(
        table: "run_summary", keys: ["key"], values: ["value", "ieee_bytes"], name: "'the summary of ' || theirs.key")
    private static let output = Content(
        table: "run_output", keys: ["attempt", "stream"], values: ["byte_count", "head", "tail"],
        name: "'the ' || theirs.stream || ' of attempt ' || theirs.attempt")
    private static let usage = Content(
        table: "run_usage", keys: ["attempt"],
        values: [
            "exit_code", "signal", "user_seconds", "system_seconds", "wall_seconds", "peak_memory",
        ], name: "'the usage of attempt ' || theirs.attempt")
    private static let files = Content(
        table: "run_files", keys: ["path"], values: ["name", "size", "sha256"], name: "'the file ' || theirs.path")
    private static let environment = Content(
        table: "run_environment", keys: ["name"], values: ["value"], name: "theirs.name")

    /// SQL: whether two values differ, or may: of 0.0 and -0.0, SQLite does not tell which is which.
    private static func mayDiffer(_ content: Content) -> String {
        content.values.map { column in
            let (ours, theirs) = ("ours.\(column)", "theirs.\(column)")
            return "\(ours) IS NOT \(theirs) OR typeof(\(ours)) <> typeof(\(theirs)) OR \(ours) = 0"
        }.joined(separator: " OR ")
    }

    private func copy(
        _ content: Content, _ theirs: Int64, _ ours: Int64, replacing: Bool = false, comparing: Bool = true,
        _ brought: inout Brought
    ) throws {
        let same = content.keys.map { "ours.\($0) = theirs.\($0)" }.joined(separator: " AND ")
        let differ = Self.mayDiffer(content)
        let both =
            "FROM other.\(content.table) AS theirs JOIN main.\(content.table) AS ours ON ours.run_id = ? AND \(same)"
        if comparing, !replacing {
            let values = ["ours", "theirs"].flatMap { file in content.values.map { "\(file).\($0)" } }
            let rows = try Row.fetchCursor(
                database.cachedStatement(
                    sql: """
                        SELECT \(content.name), \(values.list) \(both) WHERE theirs.run_id = ? AND (\(differ)) ORDER BY 1
                        """), arguments: [ours, theirs])
            while let row = try rows.next() {
                let values = content.values.indices.map {
                    [row[1 + $0], row[1 + $0 + content.values.count]] as [DatabaseValue]
                }
                let name: String = row[0]
                if values.contains(where: { !$0[0].isSame(as: $0[1]) }) { brought.add("\(name.visible)") }
            }
        }
        let columns = content.keys + content.values
        // What is the same is not written again.
        let condition =
            replacing
            ? "NOT EXISTS (SELECT 1 FROM main.\(content.table) AS ours WHERE ours.run_id = ? AND \(same) AND NOT (\(differ)))"
            : "? IS NOT NULL"
        let statement = try database.cachedStatement(
            sql: """
                INSERT \(replacing ? "OR REPLACE" : "OR IGNORE") INTO main.\(content.table) (run_id, \(columns.list))
                SELECT ?, \(columns.list) FROM other.\(content.table) AS theirs WHERE theirs.run_id = ? AND \(condition)
                ORDER BY \(content.keys.list)
                """)
        try statement.execute(arguments: [ours, theirs, ours])
    }
}

extension DatabaseValue {
    /// Bit for bit, and in the same type.
    fileprivate func isSame(as other: DatabaseValue) -> Bool {
        switch (storage, other.storage) {
        case (.double(let first), .double(let second)): first.bitPattern == second.bitPattern
        case (.string(let first), .string(let second)): first.utf8.elementsEqual(second.utf8)
        default: storage == other.storage
        }
    }

    /// Whether it is a number or nothing.
    fileprivate var isNumber: Bool {
        switch storage {
        case .int64, .double, .null: true
        case .string, .blob: false
        }
    }
}
