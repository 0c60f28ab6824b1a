import GRDB
import TextFormats

/// The statements about one step table; every name is quoted, every value bound.
extension StepSchema {
    var quotedTable: String { table.sqlIdentifier }

    /// `step, epoch, ..., ieee_bytes`, as the table has them.
    var quotedColumns: [String] { allColumns.map(\.sqlIdentifier) }

    /// Each of the columns by which two records of one step must agree: the elapsed time does not count.
    var comparedColumns: [String] { allColumns.filter { $0 != "step" && $0 != "elapsed_ns" } }

    /// That the run exists is checked when a transaction is committed: to refuse a row at once, SQLite copies every page
    /// that an insertion of many rows changes.
    var creation: String {
        """
        CREATE TABLE \(quotedTable) (
            run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            step INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
        \(columns.map { "    \($0.name.sqlIdentifier) REAL,\n" }.joined())\
            elapsed_ns INTEGER NOT NULL,
            \(Self.bytesColumn) BLOB,
            PRIMARY KEY (run_id, step)
        ) STRICT, WITHOUT ROWID
        """
    }

    /// Inserts so many rows, each bound as the run's id and then ``allColumns``.
    ///
    /// Of a statement that fails, the rows before the failing one stay: with FAIL, and a foreign key that is checked later,
    /// SQLite needs no copies of what the statement changes.
    func insertion(rowCount: Int) -> String {
        let row = "(" + Array(repeating: "?", count: boundCount).joined(separator: ", ") + ")"
        return """
            INSERT OR FAIL INTO \(quotedTable) (run_id, \(quotedColumns.joined(separator: ", ")))
            VALUES \(Array(repeating: row, count: rowCount).joined(separator: ", "))
            """
    }

    /// How many values ``insertion(rowCount:)`` takes for each row.
    var boundCount: Int { columns.count + 5 }

    /// The columns ``allColumns`` of a run's rows, in order; `condition` narrows them.
    func selection(where condition: String = "TRUE") -> String {
        """
        SELECT \(quotedColumns.joined(separator: ", ")) FROM \(quotedTable) WHERE run_id = ? AND \(condition) ORDER BY step
        """
    }
}
