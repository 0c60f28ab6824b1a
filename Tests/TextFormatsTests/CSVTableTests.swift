import TestSupport
import Testing

@testable import TextFormats

/// Reading CSV files.
struct CSVTableTests {
    @Test(arguments: [
        "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "\u{FEFF}a,b\n1,2\n3,4\n", "\"a\",\"b\"\n\"1\",2\n3,\"4\"\n",
        "a , b\n 1,2 \n\n3,4\n\n", "a,b\r1,2\r3,4\r",
    ])
    func `a column's numbers are the same however the file is written`(_ text: String) throws {
        let table = try CSVTable(text, name: "t.csv")

        #expect(try table.numbers(in: "a") == [1, 3])
        #expect(try table.numbers(in: "b") == [2, 4])
    }

    @Test(arguments: [
        ("a,b\n1\"2\",3\n", "line 2: '1\"2\"' in column 'a' is not"),
        ("a,b\n\"1\"2,3\n", "line 2: text follows the closing quote of '1'"),
        ("a,b\n1,\"2\n", "line 2: a quote is never closed"), ("a,b,a\n1,2,3\n", "two columns are called 'a'"),
        ("a;b\n1;2\n", "separated by ';'"), ("a\tb\n1\t2\n", "separated by tabs"),
        ("a,b\n0x10,2\n", "'0x10' in column 'a' is not a finite number"), ("a,b\n1e999,2\n", "'1e999'"),
    ])
    func `what is probably not meant is refused with its line`(text: String, part: String) throws {
        let error = #expect(throws: CSVError.self) {
            _ = try CSVTable(text, name: "t.csv").numbers(in: "a")
        }
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test
    func `quotes keep commas, quotes and line ends inside a field`() throws {
        let table = try CSVTable("\"the \"\"x\"\", in m\",\"two\nlines\"\n1,2\n", name: "t.csv")

        #expect(table.columns == ["the \"x\", in m", "two\nlines"])
        #expect(table.lines == [3])
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
