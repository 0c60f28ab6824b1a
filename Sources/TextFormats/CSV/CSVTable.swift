/// A comma-separated file with a header row.
///
/// RFC 4180: a quote at the beginning of a field encloses it, two quotes in it are one. Lines end with LF, CRLF or CR; a
/// byte order mark and blank lines are passed over.
package struct CSVTable: Sendable {
    /// What errors call the file.
    package let name: String
    /// The names in the header row, without blanks around them.
    package let columns: [String]
    /// The data rows, each with as many fields as there are columns.
    package let rows: [[String]]
    /// On which line each row begins, counted from 1.
    package let lines: [Int]

    fileprivate typealias Record = (line: Int, fields: [String])

    /// Reads a file's text; an empty file, a quote that is never closed and a ragged row are refused.
    package init(_ text: String, name: String) throws(CSVError) {
        var records = try Self.records(of: text, name: name)[...]
        guard let first = records.popFirst() else {
            throw CSVError(.unusable, "\(name) is empty", advice: "it needs a header row and rows of numbers")
        }
        for record in records where record.fields.count != first.fields.count {
            throw CSVError(
                .unusable,
                "\(name), line \(record.line): \(record.fields.count.counted("field")) where the header has "
                    + "\(first.fields.count)",
                advice: "every row needs the same number")
        }
        self.name = name
        columns = first.fields.map { $0.trimmingBlanks() }
        if columns.count == 1, let separator = [";", "\t", "|"].first(where: columns[0].contains) {
            throw CSVError(
                .unusable,
                "\(name), line \(first.line): the fields seem to be separated by "
                    + "\(separator == "\t" ? "tabs" : "'\(separator)'")",
                advice: "save the file with commas between them")
        }
        for (index, column) in columns.enumerated() where columns[..<index].contains(column) {
            throw CSVError(
                .unusable,
                "\(name), line \(first.line): two columns are called '\(column)'", advice: "give each a name of its own"
            )
        }
        rows = records.map(\.fields)
        lines = records.map(\.line)
    }

    /// Reads the bytes of a UTF-8 file, such as ``CSVText`` makes.
    package init(reading bytes: [UInt8], name: String) throws(CSVError) {
        try self.init(String(decoding: bytes, as: UTF8.self), name: name)
    }

    /// A column as numbers; the error names the columns there are, or the line whose value is missing or no number.
    package func numbers(in column: String) throws(CSVError) -> [Double] {
        guard let index = columns.firstIndex(of: column) else {
            throw CSVError(
                .noColumn, "\(name) has no column '\(column)'", advice: "it has \(columns.joined(separator: ", "))")
        }
        guard !rows.isEmpty else {
            throw CSVError(.unusable, "\(name) has a header but no rows; there is nothing to fit")
        }
        var numbers: [Double] = []
        for (row, line) in zip(rows, lines) {
            let text = row[index].trimmingBlanks()
            guard !text.isEmpty else {
                throw CSVError(
                    .unusable,
                    "\(name), line \(line): the value in column '\(column)' is missing",
                    advice: "fill it in or remove the row")
            }
            guard let number = Double(decimal: text), number.isFinite else {
                throw CSVError(
                    .unusable,
                    "\(name), line \(line): '\(text)' in column '\(column)' is not a finite number",
                    advice: "correct it or remove the row")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// Each row by the names of its columns.
    package var records: [[String: String]] {
        rows.map { Dictionary(zip(columns, $0)) { first, _ in first } }
    }

    /// The same table as bytes, in which no text is a formula to a spreadsheet: an apostrophe stands before one that
    /// begins like a formula and is no number.
    package var spreadsheetBytes: [UInt8] {
        var csv = CSVText(columns: columns)
        for row in rows {
            for field in row {
                let isFormula = field.unicodeScalars.first.map("=+-@\t\r".unicodeScalars.contains) ?? false
                csv.append(isFormula && Double(field) == nil ? "'" + field : field)
            }
            csv.endRow()
        }
        return csv.bytes
    }

    // MARK: - Internals

    private static func records(of text: String, name: String) throws(CSVError) -> [Record] {
        var reader = RecordReader(text.utf8)
        var records: [Record] = []
        while let record = reader.next() {
            switch record {
            case .success(let record): if record.fields != [""] { records.append(record) }
            case .failure(let flaw):
                throw CSVError(.unusable, "\(name), line \(flaw.line): \(flaw.text)", advice: flaw.advice)
            }
        }
        return records
    }
}

/// Cuts the bytes of a file into records: what separates fields and lines is ASCII.
private struct RecordReader {
    struct Flaw: Error {
        let line: Int
        let text: MessageText
        var advice: MessageText?
    }

    private var rest: Substring.UTF8View
    private var line = 1

    init(_ text: String.UTF8View) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        rest = text.starts(with: mark) ? text.dropFirst(mark.count) : text[...]
    }

    /// The next record, also an empty one; nil at the end of the file.
    mutating func next() -> Result<CSVTable.Record, Flaw>? {
        guard !rest.isEmpty else { return nil }
        let recordLine = line
        var fields: [String] = []
        while true {
            switch rest.first == UInt8(ascii: "\"") ? quotedField() : .success(plainField()) {
            case .success(let field): fields.append(field)
            case .failure(let flaw): return .failure(flaw)
            }
            guard let separator = rest.popFirst(), separator != UInt8(ascii: "\n") else {
                line += 1
                return .success((recordLine, fields))
            }
            if separator == UInt8(ascii: "\r") {
                if rest.first == UInt8(ascii: "\n") { rest.removeFirst() }
                line += 1
                return .success((recordLine, fields))
            }
        }
    }

    private mutating func plainField() -> String {
        let field = rest.prefix { !Self.endsField($0) }
        rest = rest[field.endIndex...]
        return String(Substring(field))
    }

    private mutating func quotedField() -> Result<String, Flaw> {
        let began = line
        rest.removeFirst()
        var field = ""
        while true {
            let part = rest.prefix { $0 != UInt8(ascii: "\"") }
            line += part.count { $0 == UInt8(ascii: "\n") }
            field += Substring(part)
            rest = rest[part.endIndex...]
            guard rest.popFirst() != nil else {
                return .failure(Flaw(line: began, text: "a quote is never closed"))
            }
            guard rest.first == UInt8(ascii: "\"") else { break }
            rest.removeFirst()
            field += "\""
        }
        guard rest.first.map(Self.endsField) ?? true else {
            return .failure(
                Flaw(
                    line: line, text: "text follows the closing quote of '\(field)'",
                    advice: "double a quote that belongs to the field"))
        }
        return .success(field)
    }

    private static func endsField(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}

extension String {
    fileprivate func trimmingBlanks() -> String {
        var scalars = Substring(self).unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}

/// Why a CSV file cannot be read; its sentence has the file's name, the line and the fix.
package struct CSVError: MessageError, Equatable {
    /// What kind of failure it is, for callers that react to it.
    package enum Code: Sendable {
        /// The file is no table, or a value is missing or no number.
        case unusable
        /// There is no column of that name.
        case noColumn
    }

    package let code: Code
    /// What is wrong.
    package let message: MessageText
    /// What to do about it; nil where the message says it.
    package let advice: MessageText?

    init(_ code: Code, _ message: MessageText, advice: MessageText? = nil) {
        (self.code, self.message, self.advice) = (code, message, advice)
    }
}
