import Testing

@testable import Reports

struct CSVTableTests {
    @Test(arguments: ["a,b", "say \"hi\"", "two\nlines", "\"", "", "\"\"", "a\"b,c\"d"])
    func `a table of CSV reads back`(text: String) {
        var csv = CSVText(columns: ["name", "other"])
        csv.append(text)
        csv.append("x")
        csv.endRow()

        #expect(CSVTable(csv.bytes) == CSVTable(columns: ["name", "other"], rows: [[text, "x"]]))
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("@x", "'@x"), ("-a", "'-a"), ("-1.5", "-1.5"), ("+3", "+3"),
        ("a=b", "a=b"),
        ("", ""),
    ])
    func `a spreadsheet finds no formula in text`(text: String, safe: String) {
        let bytes = CSVTable(columns: ["name"], rows: [[text]]).spreadsheetBytes

        #expect(CSVReader.rows(bytes) == [["name"], [safe]])
    }
}
