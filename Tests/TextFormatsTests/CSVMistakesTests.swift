import Testing

@testable import TextFormats

/// Data files that would be read as something else than they are, or are no tables.
struct CSVMistakesTests {
    @Test(arguments: ["1.000,5", "0,25", "4,5", "-12.345.678,9"])
    func `a decimal comma in another column shows that a point stands between thousands`(_ other: String) throws {
        let text = "x;y;z\n1.234;2;7\n2.345;3;\(other)\n"

        let error = #expect(throws: CSVError.self) { try readCSV(text) }
        #expect(
            error?.description
                == "t.csv, line 2: '1.234' in column 'x' has a separator between thousands, because line 3 has the decimal comma of "
                + "'\(other)'; write it as 1234, or give decimal point if it is a fraction")
        #expect(try readCSV(text) { $0.decimal = .point }.numbers == [[1.234, 2.345], [2, 3]])
    }

    @Test(arguments: [
        "x;y;z\n1.234;2;0.5\n2.345;3;4,5\n", "x;y;z\n1.234;2;1,000.5\n2.345;3;4,5\n",
        "x,y,z\n1.234,2,4\n2.345,3,5\n", "x;y;z\n1.234;2;4,5\n2.345;3.0;4,5\n",
    ])
    func `a point is a decimal point where the other columns show nothing else for certain`(text: String) throws {
        #expect(try readCSV(text).numbers == [[1.234, 2.345], [2, 3]])
    }

    @Test(arguments: ["x;y;z\n1.234;2;1,000\n2.345;3;a\n", "x;y\n1.234;2\n999;3\n"])
    func `a point before three digits between semicolons is doubtful`(text: String) throws {
        let error = #expect(throws: CSVError.self) { try readCSV(text) }
        #expect(
            error?.description
                == "t.csv, line 2: '1.234' in column 'x' has a decimal point or a separator between thousands; give decimal point if "
                + "it is 1.234, or write it as 1234")
        #expect(try readCSV(text) { $0.decimal = .point }.numbers[0][0] == 1.234)
    }

    @Test
    func `an error value of a spreadsheet begins no comment`() throws {
        let error = #expect(throws: CSVError.self) { try readCSV("x;y\n1;2\n#DIV/0!;3\n") }
        #expect(error?.description.hasPrefix("t.csv, line 3: '#DIV/0!' in column 'x' is not a finite number") == true)
        let columns = try readCSV("x;y\n1;2\n#NV;3\n#N/A;4\n#NVa;5\n2;3\n") { $0.skipsMissing = true }
        #expect(columns.numbers == [[1, 2], [2, 3]])
        #expect(columns.notes.contains { $0.description.hasPrefix("t.csv: 2 of 4 rows are left out") })
    }

    @Test
    func `a row that begins with # is a comment, and said to be one`() throws {
        let columns = try readCSV("id,x,y\n1,1,2\n# removed,2,99\n#,,\n# 3,4,5\n4,4,5\n")

        #expect(columns.numbers == [[1, 4], [2, 5]])
        #expect(
            columns.notes.map(\.description) == [
                "t.csv, line 3, the first of 2 such lines, has numbers in x and y but begins with #, and is left out as a comment; "
                    + "if it is a row, put its first field in quotes"
            ])
        let error = #expect(throws: CSVError.self) { try readCSV("id,x,y\n#1,2,3\n") }
        #expect(error?.description.contains("lines that begin with # are comments, such as line 2") == true)
    }

    @Test(arguments: ["1,2\n2,3\n3,5\n", "1,2,2.5\n1,2,3\n", "2;1;;\n1;2;;\n", "1,1,2\n2,3,4\n"])
    func `a header of numbers is not taken for granted where the columns may be asked by their places`(
        text: String
    ) throws {
        let error = #expect(throws: CSVError.self) { try readCSV(text, ["1", "2"]) }
        #expect(
            error?.description
                == "t.csv, line 1 has only numbers, and may be data or a header; give no-header if it is data, and skip-lines 1 "
                + "too if it is a header")
        let rows = try readCSV(text, ["1", "2"]) { $0.hasHeader = false }.numbers[0].count
        #expect(
            try readCSV(text, ["1", "2"]) { ($0.hasHeader, $0.skippedLines) = (false, 1) }.numbers[0].count == rows - 1)
    }

    @Test
    func `a header of numbers is one where no place is asked for`() throws {
        #expect(try readCSV("1990,1991\n2,3\n", ["1990", "1991"]).numbers == [[2], [3]])
        #expect(try readCSV("0,1\n2,3\n", ["0", "1"]).numbers == [[2], [3]])
        #expect(try readCSV(",1,2\n0,2,3\n", ["1", "2"]).numbers == [[2], [3]])
    }

    @Test
    func `a row of empty fields has missing values, but not at the end`() throws {
        let text = "x,y\n1,2\n,\n,,\n3,4\n,\n"

        let columns = try readCSV(text) { $0.skipsMissing = true }
        #expect(columns.numbers == [[1, 3], [2, 4]])
        #expect(columns.notes.map(\.description) == ["t.csv: 2 of 4 rows are left out, without a value of x or y"])
        let error = #expect(throws: CSVError.self) { try readCSV(text) }
        #expect(error?.description.contains("line 3: the value in column 'x' is missing; fill it in") == true)
    }

    @Test(arguments: [
        "<NA>", "nan", "-nan", "#NA", "#N/A", "1.#QNAN", "-1.#IND", "NULL", "None", "null", "--", "-nan(ind)", "n/a",
        "", "\u{A0}",
    ])
    func `what programs write for no value is missing`(_ text: String) throws {
        let file = "x,y\n1,2\n3,\(text)\n"

        #expect(try readCSV(file) { $0.skipsMissing = true }.numbers == [[1], [2]])
        let error = #expect(throws: CSVError.self) { try readCSV(file) }
        #expect(
            error?.description.contains("is missing") == true && error?.description.contains("skip-missing") == true)
    }

    @Test(arguments: [
        ("PK\u{3}\u{4}..", "t.csv is an Excel workbook or another zip archive; save the sheet as CSV"),
        ("[{\"x\": 1, \"y\": 2}]", "t.csv is JSON; write it as CSV"),
        ("{\n  \"x\": [1]}", "t.csv is JSON; write it as CSV"),
        ("1,5;2\n2,5;3\n", "line 1, which has only numbers; if there is no header, give no-header"),
        ("x y\n1 2\n", "line 1: blanks do not separate fields; write what delimiter takes between them: a comma"),
        ("# x y\n1 2\n", "line 2: blanks do not separate fields"),
        ("x,y\n50%,3\n", "'50%' in column 'x' is not a finite number; correct it or remove the row"),
        ("x,y,z\n€5,a,3\n", "'€5' in column 'x' is not a finite number; correct it or remove the row"),
        ("x,y\n2026-01-02,a\n", "is not a finite number; correct it or remove the row"),
        ("x,\"b,c\",\"d\"\"\",it's\n1,2,3,4\n", "has no column 'y'; it has x, 'b,c', 'd\"', \"it's\""),
        ("x,y\n,\n", "t.csv has no row with values of x and y; its only row lacks one"),
    ])
    func `what is no table of numbers is named, with what is`(text: String, part: String) {
        let error = #expect(throws: CSVError.self) { try readCSV(text) }
        #expect(error?.description.contains(part) == true, "\(error as Any)")
        #expect(error?.description.contains("skip-rows") == false, "\(error as Any)")
    }

    @Test
    func `a header in brackets is no JSON`() throws {
        #expect(try readCSV("[x],[y]\n1,2\n", ["[x]", "[y]"]).numbers == [[1], [2]])
    }

    @Test(arguments: [
        ("x,y\n1,2\n", ["x", "y"], "t.csv, line 1 is a header, with x and y; leave out no-header"),
        ("x,z\n1,2\n", ["x", "y"], "called 1, 2 and so on; if it has a header, leave out no-header"),
        ("x,y\n1,2\n", ["1", "2"], "if the row is a header, leave out no-header and call the columns by its names"),
        ("1 2\n3 4\n", ["1", "2"], "line 1: blanks do not separate fields"),
    ])
    func `what is said to have no header is named where it has one`(text: String, names: [String], part: String) {
        let error = #expect(throws: CSVError.self) { try readCSV(text, names) { $0.hasHeader = false } }
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test
    func `passing over more than there is says how much there is`() {
        let text = "x,y\n1,2\n3,4\n"
        let rows = #expect(throws: CSVError.self) { try readCSV(text) { $0.skippedRows = 9 } }
        let lines = #expect(throws: CSVError.self) { try readCSV(text) { $0.skippedLines = 9 } }
        let header = #expect(throws: CSVError.self) { try readCSV(text) { $0.skippedLines = 2 } }

        #expect(rows?.description == "t.csv has 2 rows, of which skip-rows 9 leaves none; give a smaller number")
        #expect(lines?.description == "t.csv has 3 lines, of which skip-lines 9 leaves no row; give a smaller number")
        #expect(header?.description.hasSuffix("but line 1 has its columns; leave out skip-lines") == true)
    }

    @Test
    func `bytes of other formats are named`() {
        let gzip = #expect(throws: CSVError.self) { try readCSV([0x1F, 0x8B, 8, 0]) }
        let marked = #expect(throws: CSVError.self) { try readCSV("\u{FEFF}x,y\n1,2\n") { $0.encoding = .utf16 } }

        #expect(gzip?.description == "t.csv is compressed by gzip; decompress it with gunzip first")
        #expect(
            marked?.description
                == "t.csv begins with the byte order mark of UTF-8, not of UTF-16; give encoding utf-8")
    }
}
