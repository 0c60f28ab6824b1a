import Inspection
import Testing
import Tracking

/// Rows in every format.
struct ListingWriterTests {
    private static let rows: [[SQLValue]] = [
        [.integer(1), .real(0.1 + 0.2), .text("a,\"b\"|c\n"), .null],
        [.integer(10), .real(.infinity), .text("é\u{1B}[31m"), .blob([0, 255])],
        [.integer(3), .real(1e-300), .text(""), .null],
    ]

    private func text(_ format: ListingFormat, rows: [[SQLValue]] = rows) throws -> String {
        try ListingWriter.text(
            style: ListingStyle(format, width: 80), columns: ["id", "value", "text", "x|y"], rows: rows)
    }

    @Test
    func `a table lines up numbers on the right and lets nothing move the cursor`() throws {
        #expect(
            try text(.table) == """
                id                value  text         x|y
                 1  0.30000000000000004  a,"b"|c\\n
                10                  inf  é\\u{1B}[31m  00ff
                 3               1e-300

                """)
    }

    @Test(arguments: [ListingFormat.table, .markdown])
    func `a heading cannot move the cursor either`(format: ListingFormat) throws {
        let text = try ListingWriter.text(
            style: ListingStyle(format, width: 80), columns: ["a\u{1B}\nb"], rows: [[.integer(1)]])

        #expect(text.contains(format == .table ? #"a\u{1B}\nb"# : #"a\\u{1B}\\nb"#))
    }

    @Test
    func `JSON is an array of objects with exact numbers`() throws {
        #expect(
            try text(.json) == """
                [
                {"id":1,"value":0.30000000000000004,"text":"a,\\"b\\"|c\\n","x|y":null},
                {"id":10,"value":"Infinity","text":"é\\u001b[31m","x|y":"00ff"},
                {"id":3,"value":1e-300,"text":"","x|y":null}
                ]

                """)
        #expect(try text(.json, rows: []) == "[]\n")
    }

    @Test
    func `JSON lines are the same objects, one on each line`() throws {
        let lines = try text(.jsonl).split(separator: "\n")

        #expect(lines.count == 3)
        #expect(lines[2] == #"{"id":3,"value":1e-300,"text":"","x|y":null}"#)
    }

    @Test
    func `CSV quotes what needs it and keeps every bit`() throws {
        #expect(
            try text(.csv)
                == "id,value,text,x|y\n1,0.30000000000000004,\"a,\"\"b\"\"|c\n\",\n10,inf,é\u{1B}[31m,00ff\n3,1e-300,,\n"
        )
    }

    @Test
    func `Markdown is a table whose cells cannot break out of it`() throws {
        #expect(
            try text(.markdown) == """
                | id | value | text | x\\|y |
                | --- | --- | --- | --- |
                | 1 | 0.30000000000000004 | a,"b"\\|c\\\\n |  |
                | 10 | inf | é\\\\u{1B}\\[31m | 00ff |
                | 3 | 1e-300 |  |  |

                """)
    }

    @Test(arguments: ListingFormat.allCases)
    func `any number of rows is written piece by piece`(format: ListingFormat) throws {
        var largest = 0
        var total = 0
        var writer = ListingWriter(columns: ["n"], style: ListingStyle(format, width: 80)) {
            largest = max(largest, $0.count)
            total += $0.count
        }

        for n in 0..<100_000 { try writer.append([.integer(Int64(n))]) }
        try writer.close()

        #expect(largest < 70_000)
        #expect(total > 500_000)
    }
}
