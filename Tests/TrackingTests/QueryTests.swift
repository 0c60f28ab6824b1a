import Testing
import TextFormats
import Tracking

struct QueryTests {
    private let notebook: Notebook
    private let store: Store

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
    }

    @Test
    func `a query has SQLite's own values under its own names`() throws {
        let result = try store.query(
            "SELECT NULL AS n, 7 AS i, 0.5 AS r, 'é' AS t, x'00ff' AS b UNION ALL SELECT 1,2,3,4,5")

        #expect(result.columns == ["n", "i", "r", "t", "b"])
        #expect(
            result.rows == [
                [.null, .integer(7), .real(0.5), .text("é"), .blob([0, 255])],
                (1...5).map { .integer($0) },
            ])
    }

    @Test(arguments: [
        "DELETE FROM runs", "DROP TABLE runs", "VACUUM INTO '/tmp/copy.db'", "ATTACH '/tmp/other.db' AS other",
        "PRAGMA journal_mode = DELETE", "BEGIN", "INSERT INTO runs (id) VALUES (1) RETURNING id",
        "PRAGMA user_version = 3", "PRAGMA query_only = 0", "PRAGMA writable_schema(1)", "PRAGMA wal_checkpoint",
        "PRAGMA optimize", "VACUUM", "CREATE TEMP TABLE copy AS SELECT 1", "DETACH main", "REINDEX", "ANALYZE",
        "WITH one AS (SELECT 1) DELETE FROM runs", "SAVEPOINT here",
        "EXPLAIN DELETE FROM runs",
    ])
    func `what does not only read is refused`(sql: String) throws {
        let error = #expect(throws: TrackingError.self) { try store.query(sql) }

        #expect(error?.code == .invalidQuery)
        #expect(error?.description == "the query can only read: give a SELECT, not '\(sql)'")
    }

    @Test(arguments: [
        ("SELEC 1", #"the query failed: near "SELEC": syntax error"#),
        ("SELECT colour FROM runs", "the query failed: no such column: colour"),
        ("SELECT abs(-9223372036854775808)", "the query failed: integer overflow"),
        ("SELECT load_extension('evil')", "the query failed: not authorized to use function: load_extension"),
        ("SELECT ?", "the query has a parameter; write its value in place of it"),
        ("SELECT 1; SELECT 2", "the query has more than one statement; give one SELECT"),
        ("", "the query is empty; give a SELECT"),
    ])
    func `a query that cannot run is explained`(sql: String, explanation: String) {
        let error = #expect(throws: TrackingError.self) { try store.query(sql) }

        #expect(error?.description == explanation)
    }

    @Test(arguments: [
        "PRAGMA user_version", "PRAGMA table_info(runs)", "SELECT name FROM pragma_table_info('runs')",
        "EXPLAIN QUERY PLAN SELECT * FROM runs", "SELECT 1; -- a comment", "/* first */ VALUES (1);",
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n",
        "SELECT value FROM json_each('[1,2]')",
    ])
    func `what only reads is answered`(sql: String) throws {
        #expect(try !store.query(sql).rows.isEmpty)
    }

    @Test
    func `every query in the help table runs`() throws {
        _ = try store.startSampleRun()
        let help = try store.query("SELECT query FROM help").rows

        for case .text(let sql) in help.map({ $0[0] }) {
            #expect(throws: Never.self, "\(sql)") { try store.query(sql) }
        }
        #expect(help.count >= 8)
    }
}
