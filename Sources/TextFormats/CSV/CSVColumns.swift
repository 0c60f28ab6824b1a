/// Columns of numbers of a data file, with the format that they were read by.
///
/// A line that begins with # is a comment, unless it is the header with all names. A line without separators and values is no
/// row; one of empty fields alone is a row without values, but not at the end of the file, where spreadsheets leave some. Beyond
/// the named columns rows may have empty fields, as spreadsheets write them. What the options leave open is recognized where
/// it can be only one thing; else the error says which option to give.
package struct CSVColumns: Sendable {
    /// By column as asked for, and by row.
    package let numbers: [[Double]]
    /// What decided these numbers: of what makes no difference in this file, the plain value.
    package let format: CSVFormat
    /// What a person should know: what was recognized, and what was left out.
    package let notes: [MessageText]

    /// What people and programs write where there is no value, in small or capital letters; also nothing at all.
    package static let missingTexts = CSVNumber.missingTexts

    /// Reads the columns called `names`, of which none may be missing, and one may be there twice.
    ///
    /// Errors call the file `name`. Costs a pass over the bytes, and over the header one for each separator there is.
    package init(_ names: [String], of bytes: [UInt8], name: String, options: CSVOptions = CSVOptions())
        throws(CSVError)
    {
        if let found = ForeignFormat(of: bytes) { throw found.error(in: name) }
        let text = try DecodedText(bytes, encoding: options.encoding, name: name)
        var reading = CSVReading(names, of: text.bytes, name: name, options: options)
        let delimiter: CSVDelimiter
        let usesComma: Bool
        do throws(CSVError) {
            delimiter = try reading.delimiter()
            try reading.readRows(delimiter)
            (self.numbers, usesComma) = try reading.numbers()
        } catch {
            // A header may begin with a bracket, too.
            throw reading.rows.isEmpty && ForeignFormat.isJSON(text.bytes) ? ForeignFormat.json.error(in: name) : error
        }
        let missing = reading.missingCount
        format = CSVFormat(
            encoding: text.encoding, delimiter: delimiter, decimal: usesComma ? .comma : .point,
            hasHeader: options.hasHeader, skippedLines: options.skippedLines, skippedRows: options.skippedRows,
            skipsMissing: missing > 0)

        var recognized: [String] = []
        if options.encoding == nil || options.encoding == .utf16, text.encoding != .utf8 {
            recognized.append("as \(text.encoding.words)")
        }
        var marks: [String] = []
        if options.delimiter == nil, delimiter != .comma { marks.append("\(delimiter.words) between fields") }
        if options.decimal == nil, usesComma { marks.append("decimal commas") }
        if !marks.isEmpty { recognized.append("with \(marks.joined(separator: " and "))") }
        var notes: [MessageText] = []
        if !recognized.isEmpty { notes.append("\(name) is read \(recognized.joined(separator: ", "))") }
        if let (line, count) = reading.commentedRows {
            let also = count == 1 ? "" : ", the first of \(count) such lines,"
            notes.append(
                "\(name), line \(line)\(also) has numbers in \(reading.columns(joinedBy: "and")) but begins with #, and is left out "
                    + "as a comment; if it is a row, put its first field in quotes")
        }
        if missing > 0 {
            let rows = numbers[0].count + missing
            notes.append(
                "\(name): \(missing) of \(rows.counted("row")) \(missing == 1 ? "is" : "are") left out, without a value of "
                    + "\(reading.columns(joinedBy: "or"))")
        }
        self.notes = notes
    }
}
