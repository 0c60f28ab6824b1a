import Testing

@testable import TextFormats

/// Reading people's data files.
struct CSVColumnsTests {
    private func utf16(_ text: String, isBig: Bool, marked: Bool) -> [UInt8] {
        ((marked ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit -> [UInt8] in
            let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return isBig ? bytes : bytes.reversed()
        }
    }

    @Test(arguments: [
        "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "\u{FEFF}a,b\n1,2\n3,4\n", "\"a\",\"b\"\n\"1\",2\n3,\"4\"\n",
        "a , b\n 1,2 \n\n3,4\n\n", "a,b\r1,2\r3,4\r", "a,b,,\n1,2,,\n3,4,,\n", "a,b\n1,2,,\n3,4\n",
        "a,b,,\n1,2\n3,4,\n",
        "a,b\n1,2\n\n3,4\n,,,\n,\n", "b,c,a,c\n2,x,1,y\n4,x,3,y\n",
        "# by \"me\",\"you\n\na,b\n1,2\n# 3,\"\n#3,4\n3,4\n",
        "id,a,b\n\"#1\",1,2\n\"#2\",3,4\n", "#,a,b\n1,1,2\n2,3,4\n", "#a,a,b\n# by me\n1,1,2\n2,3,4\n",
    ])
    func `a column's numbers are the same however the file is written, and its format is plain`(_ text: String) throws {
        let columns = try readCSV(text, ["a", "b"])

        #expect(columns.numbers == [[1, 3], [2, 4]])
        #expect(columns.format == .plain)
        #expect(columns.notes.isEmpty)
    }

    @Test(arguments: [
        (
            "a;b\n1,5;2,5\n3,5;4\n", CSVFormat(delimiter: .semicolon, decimal: .comma),
            "';' between fields and decimal commas"
        ),
        ("a;b;;\n1.5;2.5;;\n3.5;4;;\n;;;\n", CSVFormat(delimiter: .semicolon), "';' between fields"),
        ("a\tb\n1.5\t2.5\n3.5\t4\n", CSVFormat(delimiter: .tab), "tabs between fields"),
        (
            "a|b\n1,50|2,5\n3,5|4\n", CSVFormat(delimiter: .pipe, decimal: .comma),
            "'|' between fields and decimal commas"
        ),
        ("a,b\n\"1,5\",\"2,5\"\n\"3,5\",4\n", CSVFormat(decimal: .comma), "decimal commas"),
        ("a;b\n1,500;2,5\n3,500;4\n", CSVFormat(delimiter: .semicolon, decimal: .comma), "decimal commas"),
    ])
    func `another separator and the decimal comma are recognized, and said`(
        text: String, format: CSVFormat, note: String
    ) throws {
        let columns = try readCSV(text, ["a", "b"])

        #expect(columns.numbers == [[1.5, 3.5], [2.5, 4]])
        #expect(columns.format == format)
        #expect(columns.notes.map(\.description) == ["t.csv is read with \(note)"] || note == "decimal commas")
        #expect(columns.notes.count == 1)
        // Given, they are not said, and lead to the same.
        let again = try CSVColumns(["a", "b"], of: Array(text.utf8), name: "t.csv", options: CSVOptions(format))
        #expect(again.numbers == columns.numbers && again.format == format && again.notes.isEmpty)
    }

    @Test
    func `an option that makes no difference leaves the format plain`() throws {
        let format = try readCSV("a,b\n1,2\n3,4\n", ["a", "b"]) {
            ($0.decimal, $0.delimiter, $0.encoding, $0.skipsMissing) = (.comma, .comma, .utf8, true)
        }.format

        #expect(format == .plain)
    }

    @Test(arguments: [true, false], [true, false])
    func `UTF-16 is recognized with and without a mark`(isBig: Bool, marked: Bool) throws {
        let columns = try readCSV(utf16("größe;b\r\n1,5;2\r\n3,5;4\r\n", isBig: isBig, marked: marked), ["größe", "b"])

        #expect(columns.numbers == [[1.5, 3.5], [2, 4]])
        #expect(columns.format.encoding == (isBig ? .utf16BigEndian : .utf16LittleEndian))
        #expect(
            columns.notes.first?.description.contains(isBig ? "UTF-16 (big-endian)" : "UTF-16 (little-endian)") == true)
    }

    @Test(arguments: [
        (TextEncoding.latin1, [0x67, 0x72, 0xF6, 0xDF, 0x65] as [UInt8], "größe"), (.windows1252, [0x80, 0x99], "€™"),
    ])
    func `a byte is a character where that is said`(encoding: TextEncoding, column: [UInt8], name: String) throws {
        let bytes = column + Array(",b\n1,2\n".utf8)

        #expect(try readCSV(bytes, [name, "b"]) { $0.encoding = encoding }.numbers == [[1], [2]])
        let error = #expect(throws: CSVError.self) { try readCSV(bytes, [name, "b"]) }
        #expect(error?.description.contains("is not UTF-8 text: line 1 has the byte 0x") == true, "\(error as Any)")
        #expect(error?.description.contains("encoding windows-1252") == true)
    }

    @Test
    func `lines before the header, rows below it and rows without a value are left out where that is asked for`() throws
    {
        let text = "Title, and \"more\na;b\nm;s\n1;2\nNA;3\n3;\n;-\n3;4\n"
        let columns = try readCSV(text, ["a", "b"]) {
            ($0.skippedLines, $0.skippedRows, $0.skipsMissing) = (1, 1, true)
        }

        #expect(columns.numbers == [[1, 3], [2, 4]])
        #expect(
            columns.format
                == CSVFormat(delimiter: .semicolon, skippedLines: 1, skippedRows: 1, skipsMissing: true))
        #expect(columns.notes.last?.description == "t.csv: 3 of 5 rows are left out, without a value of a or b")
    }

    @Test(arguments: [
        ("1,2\n3,4\n", ["1", "2"], [[1.0, 3], [2.0, 4]]), ("1,5;2,5\n3,5;4\n", ["2", "1"], [[2.5, 4], [1.5, 3.5]]),
        ("7 x 1 y\n".replacing(" ", with: "\t"), ["1", "3"], [[7], [1]]), ("1\n2\n", ["1", "1"], [[1, 2], [1, 2]]),
    ])
    func `columns without a header are counted from 1`(text: String, names: [String], numbers: [[Double]]) throws {
        let columns = try readCSV(text, names) { $0.hasHeader = false }

        #expect(columns.numbers == numbers)
        #expect(!columns.format.hasHeader)
    }

    @Test(arguments: [
        ("a,b\n1\"2\",3\n", "line 2: '1\"2\"' in column 'a' is not a finite number"),
        ("a,b\n\"1\"2,3\n", "line 2: text follows the closing quote of '1'"),
        ("a,b\n1,\"2\n", "line 2: a quote is never closed"), ("a,b,a\n1,2,3\n", "two columns are called 'a'"),
        ("a,b\n0x10,2\n", "'0x10' in column 'a' is not a finite number"),
        ("a,b\n1,2\n1e400,2\n", "line 3: '1e400' in column 'a' is too large for a 64-bit number"),
        ("a,b\n1,2\ninf,2\n", "line 3: 'inf' in column 'a' is not a finite number"),
        (
            "a,b\n1,nan\n",
            "line 2: the value in column 'b' is missing, 'nan'; fill it in, remove the row, or give skip-missing"
        ),
        ("a,b\n1,2\n,3\n", "line 3: the value in column 'a' is missing; fill it in"),
        (
            "a;b\n1\u{A0}234,5;2\n",
            "line 2: '1\u{A0}234,5' in column 'a' has a separator between thousands; write it as 1234,5"
        ),
        ("a;b\n1 234;2\n", "has a separator between thousands; write it as 1234"),
        ("a,b\n\"1,234.5\",2\n", "has a separator between thousands; write it as 1234.5"),
        ("a;b\n1.234,5;2\n", "has a separator between thousands; write it as 1234,5"),
        ("a;b\n1.234;2,5\n", "line 2: '1.234' in column 'a' has a separator between thousands; write it as 1234"),
        ("a;b\n1'234;2\n", "has a separator between thousands; write it as 1234"),
        ("a;b\n1.5;2,5\n", "line 2: '1.5' in column 'a' has a decimal point, and the file decimal commas"),
        ("a;b\n1,234;2\n", "has a decimal comma or a separator between thousands; give decimal comma if it is 1.234"),
        ("a,b\n\"1,234\",2\n", "has a decimal comma or a separator between thousands"),
        ("a;b\n1,5\n2,5\n", "line 2: 1 field where the header has 2, between ';'"),
        ("a,b\n1,2,3\n", "line 2: 3 fields where the header has 2; every row needs the same number"),
        ("title\na;b\n1;2\n", "has no column 'a' in line 1, but line 2 has its columns; give skip-lines 1"),
        (
            "a;b\nm;s\n1;2\n",
            "line 2: 'm' in column 'a' is not a finite number; correct it or remove the row; if the row has units"
        ),
        ("1;2\n3;4\n", "has no column 'a' in line 1, which has only numbers; if there is no header, give no-header"),
        ("x;y\n3;4\n", "has no column 'a'; it has x, y between ';'"), ("", "t.csv is empty"),
        ("\n\n", "t.csv has no rows"),
        ("a,b\n", "has a header but no rows"), ("a,b\n;;;\n", "line 2: 1 field where the header has 2"),
    ])
    func `what is probably not meant is refused with its line and the fix`(text: String, part: String) {
        let error = #expect(throws: CSVError.self) { try readCSV(text, ["a", "b"]) }
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test
    func `one column of decimal commas is never guessed`() throws {
        let error = #expect(throws: CSVError.self) { try readCSV("a\n1,5\n2,5\n", ["a", "a"]) }
        #expect(error?.description.contains("give delimiter semicolon decimal comma") == true, "\(error as Any)")

        let given = try readCSV("a\n1,5\n2,5\n", ["a", "a"]) { ($0.delimiter, $0.decimal) = (.semicolon, .comma) }
        #expect(given.numbers == [[1.5, 2.5], [1.5, 2.5]])
    }

    @Test(arguments: [
        Array("a,b\n".utf8) + [UInt8](repeating: 0, count: 1000), [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0],
        [0xFF, 0xFE, 0x61], [0xFE, 0xFF, 0xD8, 0x00], Array("a,b\n\"".utf8), Array("a,b\n".utf8) + [0xC3, 0x28],
        Array(("a," + String(repeating: "b", count: 100_000) + "\n1,2\n").utf8),
        Array((String(repeating: "c,", count: 50_000) + "\n1,2\n").utf8),
        Array(("a,b\n1," + String(repeating: "9", count: 100_000) + "\n").utf8),
        Array(("a,b\n1," + String(repeating: "x", count: 100_000) + "\n").utf8),
    ])
    func `a hostile file gets one short sentence`(bytes: [UInt8]) {
        let error = #expect(throws: CSVError.self) { try readCSV(bytes, ["a", "b"]) }
        #expect((error?.description.utf8.count ?? 1000) < 500)
    }
}
