import TestSupport
import Testing

@testable import TextFormats

/// Reading the CSV files that the program writes.
struct CSVTableTests {
    @Test
    func `quotes keep commas, quotes and line ends inside a field`() throws {
        let table = try CSVTable("\"the \"\"x\"\", in m\",\"two\nlines\"\n1,2\n", name: "t.csv")

        #expect(table.columns == ["the \"x\", in m", "two\nlines"])
        #expect(table.rows == [["1", "2"]])
        #expect(table.lines == [3])
    }

    @Test(arguments: [
        ("", "is empty"), ("a,b\n1\n", "line 2: 1 field where the header has 2"),
        ("a,b\n1,\"2\n", "line 2: a quote is never closed"), ("a,b,a\n1,2,3\n", "two columns are called 'a'"),
    ])
    func `what is no table is refused with its line`(text: String, part: String) {
        let error = #expect(throws: CSVError.self) { try CSVTable(text, name: "t.csv") }
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test(arguments: ["a,b", "say \"hi\"", "two\nlines", "\"", "", "\"\"", "a\"b,c\"d"])
    func `a table of CSV reads back`(text: String) throws {
        var csv = CSVText(columns: ["name", "other"])
        csv.append(text)
        csv.append("x")
        csv.endRow()

        let table = try CSVTable(reading: csv.bytes, name: "t.csv")

        #expect(table.columns == ["name", "other"])
        #expect(table.rows == [[text, "x"]])
        #expect(table.records == [["name": text, "other": "x"]])
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("@x", "'@x"), ("-a", "'-a"), ("-1.5", "-1.5"), ("+3", "+3"),
        ("a=b", "a=b"),
        ("", ""),
    ])
    func `a spreadsheet finds no formula in text`(text: String, safe: String) throws {
        let bytes = try CSVTable("name,other\n\(text),x\n", name: "t.csv").spreadsheetBytes

        #expect(CSVReader.rows(bytes) == [["name", "other"], [safe, "x"]])
    }
}
