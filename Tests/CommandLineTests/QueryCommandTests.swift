import Foundation
import TestSupport
import Testing

/// `gradbook query`, `schema` and `export` as a person uses them.
@Suite(.timeLimit(.minutes(5)))
struct QueryCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook("run", "--steps", "3", "--name", "short")
        try scratch.gradbook("run", "--lr", "5", "--name", "broken")
    }

    @Test(arguments: [
        ("table", "n                    x  t\n1  0.30000000000000004  a\n"),
        ("json", "[\n{\"n\":1,\"x\":0.30000000000000004,\"t\":\"a\"}\n]\n"),
        ("jsonl", "{\"n\":1,\"x\":0.30000000000000004,\"t\":\"a\"}\n"),
        ("csv", "n,x,t\n1,0.30000000000000004,a\n"),
        ("markdown", "| n | x | t |\n| --- | --- | --- |\n| 1 | 0.30000000000000004 | a |\n"),
    ])
    func `a query is answered to the last bit in every format`(format: String, expected: String) throws {
        let invocation = try scratch.gradbook("query", "SELECT 1 AS n, 0.1 + 0.2 AS x, 'a' AS t", "--format", format)

        #expect(invocation.exitCode == 0)
        #expect(invocation.output == expected)
    }

    @Test(arguments: [
        "DELETE FROM runs", "ATTACH 'other.db' AS other", "VACUUM INTO 'copy.db'", "PRAGMA journal_mode = DELETE",
        "SELECT load_extension('evil')", "CREATE TEMP TABLE t AS SELECT 1", "SELECT 1; DELETE FROM runs",
    ])
    func `a query cannot write, attach or load`(sql: String) throws {
        let runs = try scratch.sqlite3("SELECT count(*), sum(steps_done) FROM runs")

        let invocation = try scratch.gradbook("query", sql)

        #expect(invocation.exitCode == 64)
        #expect(invocation.output.isEmpty)
        #expect(!scratch.contains("other.db") && !scratch.contains("copy.db"))
        #expect(try scratch.sqlite3("SELECT count(*), sum(steps_done) FROM runs") == runs)
    }

    @Test
    func `every table and view is listed with a line of explanation`() throws {
        let listed = try scratch.gradbook("schema", "--format", "csv").output.components(separatedBy: "\n")
            .dropFirst().dropLast().map { $0.split(separator: ",", maxSplits: 2).map(String.init) }
        let names = try scratch.sqlite3(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY name")

        #expect(listed.map { $0[0] }.joined(separator: "\n") == names)
        for entry in listed { #expect(entry.count == 3, "\(entry[0]) needs an explanation") }
    }

    @Test
    func `the columns of a table are listed`() throws {
        #expect(try scratch.gradbook("schema", "run_tags").output == "column  type\nrun_id  INTEGER\ntag     TEXT\n")
        #expect(try scratch.gradbook("schema", "run_tag").error.contains("did you mean 'run_tags'?"))
    }

    @Test
    func `steps are exported with every bit, also those that SQLite cannot keep`() throws {
        let rows = try scratch.gradbook("export", "steps", "broken").output.components(separatedBy: "\n").dropLast()
        let header = "run_id,step,epoch,loss,learning_rate,w,b,grad_w,grad_b,elapsed_ns"
        let count = try scratch.sqlite3("SELECT count(*) FROM quadratic_steps WHERE run_id = 2")

        #expect(rows[0] == header)
        #expect(String(rows.count - 1) == count)
        #expect(rows[rows.count - 1].contains(",inf,") || rows[rows.count - 1].contains(",nan,"))
        let last = rows[1].split(separator: ",")
        let exact = try scratch.sqlite3(
            "SELECT printf('%!.17g', loss) FROM quadratic_steps WHERE run_id = 2 AND step = 0")
        #expect(Double(last[3]) == Double(exact))
    }

    @Test
    func `runs and answers are exported as lines of JSON and as Markdown`() throws {
        let runs = try scratch.gradbook("export", "runs", "name=short", "--format", "jsonl").output
        let answer = try scratch.gradbook("export", "query", "SELECT id FROM runs", "--format", "markdown").output

        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(runs.utf8)) as? [String: Any])
        #expect(object["name"] as? String == "short")
        #expect(object["steps_done"] as? Int == 3)
        #expect((object["config"] as? String)?.hasPrefix("{") == true)
        #expect(answer == "| id |\n| --- |\n| 1 |\n| 2 |\n")
    }

    @Test
    func `a reader that has seen enough ends the program`() throws {
        let program = try TestedProgram.file.path
        let command = """
            '\(program)' query 'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n' \
            --format csv | head -n 2
            """

        #expect(try scratch.shell(command).output == "i\n1\n")
    }
}
