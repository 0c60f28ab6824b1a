/// A comma-separated file with a header row, such as ``CSVText`` writes.
///
/// A byte order mark and blank lines are passed over. People's own files are read as ``CSVColumns``.
package struct CSVTable: Sendable {
    /// The names in the header row, without blanks around them.
    package let columns: [String]
    /// The data rows, each with as many fields as there are columns.
    package let rows: [[String]]
    /// On which line each row begins, counted from 1.
    package let lines: [Int]

    private typealias Record = (line: Int, fields: [String])

    /// Reads the bytes of a UTF-8 file, such as ``CSVText`` makes, which errors call `name`.
    ///
    /// An empty file, a quote that is never closed and a ragged row are refused.
    package init(reading bytes: [UInt8], name: String) throws(CSVError) {
        let records = try Self.records(of: bytes, name: name)
        guard let first = records.first else {
            throw CSVError(.unusable, "\(name) is empty", advice: "it needs a header row and rows of numbers")
        }
        for record in records where record.fields.count != first.fields.count {
            throw CSVError(
                .unusable,
                "\(name), line \(record.line): \(record.fields.count.counted("field")) where the header has "
                    + "\(first.fields.count)",
                advice: "every row needs the same number")
        }
        columns = first.fields.map { $0.trimmingBlanks() }
        var known: Set<String> = []
        for column in columns where !known.insert(column).inserted {
            throw CSVError(
                .unusable, "\(name), line \(first.line): two columns are called '\(column.cut)'",
                advice: "give each a name of its own")
        }
        rows = records.dropFirst().map(\.fields)
        lines = records.dropFirst().map(\.line)
    }

    /// Reads a file's text in the same way.
    package init(_ text: String, name: String) throws(CSVError) {
        try self.init(reading: Array(text.utf8), name: name)
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

    private static func records(of bytes: [UInt8], name: String) throws(CSVError) -> [Record] {
        var (reader, fields, records) = (CSVRecordReader(bytes), [CSVRecordReader.Field](), [Record]())
        while !reader.isAtEnd {
            let line = reader.line
            do throws(CSVRecordReader.Flaw) {
                _ = try reader.next(into: &fields)
            } catch {
                throw error.error(in: name)
            }
            let texts = fields.map(reader.text)
            if texts != [""] { records.append((line, texts)) }
        }
        return records
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
