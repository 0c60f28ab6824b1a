import GRDB
import TextFormats

/// The tables of logged numbers of a file, as its tables `step_tables` and `series` register them.
struct MetricTables {
    /// One table of numbers, of the keys that have a prefix in common.
    struct Table: Hashable {
        let name: String
        /// In the order in which they were added, which is that of the slots in `ieee_bytes`.
        fileprivate(set) var columns: [Column]

        init(name: String, columns: [Column]) {
            (self.name, self.columns) = (name, columns)
        }

        var quotedName: String { name.sqlIdentifier }
        /// Of its keys; a table without a key has none.
        var prefix: String? { columns.first.map { MetricKey($0.key).prefix } }
    }

    struct Column: Hashable {
        let name: String
        let key: String
    }

    /// Where the numbers under a key are.
    enum Place: Hashable {
        /// Places in ``tables`` and in the table's columns.
        case column(table: Int, column: Int)
        /// In the table `points`.
        case points
    }

    static let points = "points"

    /// In the order of their names, but for those made since.
    private(set) var tables: [Table] = []
    private(set) var places: [String: Place] = [:]
    private(set) var pointCount = 0

    /// No table.
    init() {}

    init(_ database: Database, in file: String = "main") throws {
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT step_tables.name, series.column_name, series.name
                    FROM \(file).step_tables LEFT JOIN \(file).series ON step_tables.name = series.step_table
                    WHERE model IS NULL ORDER BY step_tables.name, position
                    """))
        while let row = try rows.next() {
            let (table, column, key): (String, String?, String?) = (row[0], row[1], row[2])
            if table == Self.points {
                if let key { addPoint(key) }
                continue
            }
            if tables.last?.name != table { tables.append(Table(name: table, columns: [])) }
            if let column, let key { add(Column(name: column, key: key), toTable: tables.count - 1) }
        }
    }

    mutating func addTable(_ name: String) {
        tables.append(Table(name: name, columns: []))
    }

    mutating func add(_ column: Column, toTable index: Int) {
        places[column.key] = .column(table: index, column: tables[index].columns.count)
        tables[index].columns.append(column)
    }

    mutating func addPoint(_ key: String) {
        places[key] = .points
        pointCount += 1
    }

    /// As the schema of a file that has them lists them.
    var objects: [SchemaObject] {
        tables.map { SchemaObject(kind: .table, name: $0.name, table: $0.name, definition: $0.creation) }
    }
}

extension MetricTables.Table {
    /// Columns of type ANY keep integers, -0.0 and infinities.
    ///
    /// SQLite puts a column that is added behind the last one, so this is
    /// also the definition of a table that grew.
    var creation: String {
        """
        CREATE TABLE \(quotedName) (
            run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            step INTEGER NOT NULL,
            elapsed_ns INTEGER,
            ieee_bytes BLOB\
        \(columns.map { ", \($0.definition)" }.joined()),
            PRIMARY KEY (run_id, step)
        ) STRICT, WITHOUT ROWID
        """
    }

    /// In the long form of the view `metrics`: `run_id, step, name, value`.
    var longForm: String {
        columns.enumerated().map { slot, column in
            let name = column.name.sqlIdentifier
            return """
                SELECT run_id, step, \(column.key.sqlText) AS name, \(name) AS value FROM \(quotedName)
                WHERE \(name) IS NOT NULL OR \(NaNSlots.isNaN(slot: slot))
                """
        }.joined(separator: " UNION ALL ")
    }
}

extension MetricTables.Column {
    /// Never with a CHECK, for which SQLite would read all rows.
    var definition: String { "\(name.sqlIdentifier) ANY" }
}
