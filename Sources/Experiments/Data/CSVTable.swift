/// A comma-separated file with a header row (RFC 4180: quotes, doubled quotes, CRLF or LF; a byte order mark and
/// blank lines are passed over).
struct CSVTable {
    let name: String
    let header: [String]
    /// The data rows with the line each begins on, counted from 1.
    let rows: [(line: Int, fields: [String])]

    /// Reads a file's text; an empty file, a quote that is never closed and a ragged row are refused.
    init(_ text: String, name: String) throws(ExperimentError) {
        var records = try Self.records(of: text, name: name)[...]
        guard let first = records.popFirst() else {
            throw ExperimentError(.unusableFile, "\(name) is empty; it needs a header row and rows of numbers")
        }
        for record in records where record.fields.count != first.fields.count {
            throw ExperimentError(
                .unusableFile,
                "\(name), line \(record.line): \(record.fields.count) fields where the header has "
                    + "\(first.fields.count); every row needs the same number")
        }
        self.name = name
        header = first.fields.map { $0.trimmingBlanks() }
        rows = Array(records)
    }

    /// A column as numbers; the error names the columns there are, or the line whose value is missing or no number.
    func numbers(in column: String) throws(ExperimentError) -> [Double] {
        guard let index = header.firstIndex(of: column) else {
            throw ExperimentError(
                .invalidValue, "\(name) has no column '\(column)'; it has \(header.joined(separator: ", "))")
        }
        guard !rows.isEmpty else {
            throw ExperimentError(.unusableFile, "\(name) has a header but no rows; there is nothing to fit")
        }
        var numbers: [Double] = []
        for row in rows {
            let text = row.fields[index].trimmingBlanks()
            guard !text.isEmpty else {
                throw ExperimentError(
                    .unusableFile,
                    "\(name), line \(row.line): the value in column '\(column)' is missing; fill it in or remove the row"
                )
            }
            guard let number = Double(text), number.isFinite else {
                throw ExperimentError(
                    .unusableFile,
                    "\(name), line \(row.line): '\(text)' in column '\(column)' is not a finite number; "
                        + "correct it or remove the row")
            }
            numbers.append(number)
        }
        return numbers
    }

    private static func records(of text: String, name: String) throws(ExperimentError) -> [(
        line: Int, fields: [String]
    )] {
        var records: [(line: Int, fields: [String])] = []
        var fields: [String] = []
        var field = ""
        var line = 1
        var recordLine = 1
        var quoted = false
        var characters = Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })[...]

        func endRecord() {
            fields.append(field)
            if fields != [""] { records.append((recordLine, fields)) }
            fields = []
            field = ""
        }
        while let character = characters.popFirst() {
            if character == "\n" { line += 1 }
            switch character {
            case "\"" where quoted && characters.first == "\"":
                field.unicodeScalars.append("\"")
                characters.removeFirst()
            case "\"":
                quoted.toggle()
            case "," where !quoted:
                fields.append(field)
                field = ""
            case "\r" where !quoted && characters.first == "\n":
                break
            case "\n" where !quoted:
                endRecord()
                recordLine = line
            default:
                field.unicodeScalars.append(character)
            }
        }
        guard !quoted else {
            throw ExperimentError(.unusableFile, "\(name), line \(recordLine): a quote is never closed")
        }
        endRecord()
        return records
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
