import Testing
import TextFormats
import Tracking

@testable import Inspection

/// What a style changes in rows.
struct ListingStyleTests {
    @Test(arguments: [
        (0.1 + 0.2, 3, 0.3), (123456, 2, 120000), (-0.0033391, 4, -0.003339), (9.99, 2, 10), (1e-300, 1, 1e-300),
        (.leastNonzeroMagnitude, 17, .leastNonzeroMagnitude), (1.7976931348623157e308, 17, 1.7976931348623157e308),
    ])
    func `a number is rounded to its significant digits`(number: Double, digits: Int, rounded: Double) {
        #expect(ListingStyle(.csv, digits: digits).rounded(number) == rounded)
        #expect(ListingStyle(.csv).rounded(number) == number)
    }

    @Test
    func `what is no number, and the sign of zero, stay`() {
        let style = ListingStyle(.table, digits: 2)
        #expect(style.rounded(.nan).isNaN && style.rounded(-.infinity) == -.infinity)
        #expect(style.rounded(-0.0).sign == .minus)
    }

    @Test(arguments: [ListingFormat.table, .csv, .tsv])
    func `without a header the rows stand alone, as wide as they are`(format: ListingFormat) throws {
        let rows: [[SQLValue]] = [[.integer(1), .text("x")], [.integer(20), .text("y")]]
        let text = try ListingWriter.text(
            style: ListingStyle(format, hasHeader: false), columns: ["a long name", "b"], rows: rows)

        #expect(text == [.table: " 1  x\n20  y\n", .csv: "1,x\n20,y\n", .tsv: "1\tx\n20\ty\n"][format])
    }

    @Test
    func `colors take no room`() throws {
        let rows: [[SQLValue]] = [
            [.text("done"), .integer(1)], [.text("diverged"), .integer(2)], [.text("unheard of"), .integer(3)],
        ]
        let plain = try ListingWriter.text(style: ListingStyle(.table), columns: ["state", "n"], rows: rows)
        let colored = try ListingWriter.text(
            style: ListingStyle(.table, isColored: true), columns: ["state", "n"], rows: rows)

        #expect(colored.contains(TextColor.green.painted("done") + "        1\n"))
        #expect(!colored.contains("\u{1B}[36mu"))
        #expect(colored.replacing(#/\u{1B}\[\d+m/#, with: "") == plain)
        #expect(
            try ListingWriter.text(style: ListingStyle(.table, isColored: true), columns: ["note", "n"], rows: rows)
                == plain.replacing("state", with: "note "))
    }

    @Test
    func `a long cell is cut in a table only, and says how long it is`() throws {
        let long = String(repeating: "é", count: 5000)
        let rows: [[SQLValue]] = [[.text(long), .blob([UInt8](repeating: 255, count: 3000))]]

        let table = try ListingWriter.text(style: ListingStyle(.table), columns: ["a", "b"], rows: rows)
        #expect(table.contains("é… (5000 characters)") && table.contains("f… (3000 bytes)"))
        #expect(try ListingWriter.text(style: ListingStyle(.tsv), columns: ["a", "b"], rows: rows).utf8.count > 16_000)
        let short = String(repeating: "é", count: 3999)
        #expect(
            try ListingWriter.text(style: ListingStyle(.table), columns: ["a"], rows: [[.text(short)]])
                == "a\n\(short)\n")
    }
}
