/// Columns of numbers of a data file, with the format that they were read by.
///
/// A row without any value is a blank line. A line that begins with # is a comment, unless it is the header with all names or
/// a row with a number in every column asked for. Beyond the named columns rows may have empty fields, as spreadsheets write
/// them. What the options leave open is recognized where it can be only one thing; else the error says which option to give.
package struct CSVColumns: Sendable {
    /// By column as asked for, and by row.
    package let numbers: [[Double]]
    /// What decided these numbers: of what makes no difference in this file, the plain value.
    package let format: CSVFormat
    /// What a person should know: what was recognized, and what was left out.
    package let notes: [MessageText]

    /// Reads the columns called `names`, of which none may be missing, and one may be there twice.
    ///
    /// Errors call the file `name`. Costs a pass over the bytes, and over the header one for each separator there is.
    package init(_ names: [String], of bytes: [UInt8], name: String, options: CSVOptions = CSVOptions())
        throws(CSVError)
    {
        let text = try DecodedText(bytes, encoding: options.encoding, name: name)
        var reading = CSVReading(names, of: text.bytes, name: name, options: options)
        let delimiter = try reading.delimiter()
        try reading.readRows(delimiter)
        let (numbers, usesComma) = try reading.numbers()
        let missing = reading.missingCount
        self.numbers = numbers
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
        if let line = reading.firstMarkedRow {
            notes.append(
                "\(name), line \(line) begins with # and is read as a row, because it has a number in every column asked for"
            )
        }
        if missing > 0 {
            let (rows, columns) = (numbers[0].count + missing, Set(names).sorted().joined(separator: " or "))
            notes.append(
                "\(name): \(missing) of \(rows.counted("row")) \(missing == 1 ? "is" : "are") left out, without a value of "
                    + "\(columns.cut)")
        }
        self.notes = notes
    }
}

/// One file on its way from bytes to numbers.
private struct CSVReading {
    /// A row's fields of the columns asked for.
    private struct Row {
        let line: Int
        let texts: [String]
    }

    private let names: [String]
    private let bytes: [UInt8]
    private let name: String
    private let options: CSVOptions
    private var rows: [Row] = []
    private(set) var missingCount = 0
    /// The line of the first row that looks like a comment.
    private(set) var firstMarkedRow: Int?

    init(_ names: [String], of bytes: [UInt8], name: String, options: CSVOptions) {
        (self.names, self.bytes, self.name, self.options) = (names, bytes, name, options)
    }

    // MARK: - The separator

    /// The one that is given, or that by which the header has all names; without a header, that of all rows.
    func delimiter() throws(CSVError) -> CSVDelimiter {
        if let given = options.delimiter { return given }
        var candidates = CSVDelimiter.allCases
        // A comma that separates fields is no decimal mark but in quotes.
        if options.decimal == .comma { candidates = Array(candidates.dropFirst()) + [.comma] }
        return options.hasHeader ? try delimiterOfHeader(candidates) : try delimiterOfRows(candidates)
    }

    private func delimiterOfHeader(_ candidates: [CSVDelimiter]) throws(CSVError) -> CSVDelimiter {
        var best: (delimiter: CSVDelimiter, count: Int) = (.comma, 1)
        var found: [CSVDelimiter] = []
        for candidate in candidates {
            guard let header = try? header(candidate) else { continue }
            if names.allSatisfy(header.names.contains) { found.append(candidate) }
            if header.names.count > best.count { best = (candidate, header.names.count) }
        }
        guard let first = found.first else { return best.delimiter }
        guard found.count == 1 || first == candidates[0] else { throw ambiguous(found) }
        return first
    }

    private func delimiterOfRows(_ candidates: [CSVDelimiter]) throws(CSVError) -> CSVDelimiter {
        let needed = names.compactMap { Int($0) }.max() ?? 1
        var found: [CSVDelimiter] = []
        for candidate in candidates {
            guard let count = fieldCount(candidate), count >= max(2, needed) else { continue }
            found.append(candidate)
        }
        guard found.count > 1 else { return found.first ?? candidates[0] }
        // 1,5;2,5 has decimal commas: between commas would be 5;2.
        let plain = found.filter { candidate in
            var reading = self
            guard (try? reading.readRows(candidate, atMost: Self.sampleSize)) != nil else { return false }
            return reading.rows.allSatisfy { $0.texts.allSatisfy { CSVNumber($0).isNumber } }
        }
        guard plain.count == 1 else { throw ambiguous(found) }
        return plain[0]
    }

    private func ambiguous(_ found: [CSVDelimiter]) -> CSVError {
        CSVError(
            .unusable, "\(name) may have \(found.map(\.words).joined(separator: " or ")) between its fields",
            advice: "give \(option: "delimiter") \(found.map(\.rawValue).joined(separator: " or "))")
    }

    /// Rows that are looked at to recognize something without a header.
    private static let sampleSize = 1000

    /// How many fields all of the first rows have; nil where they differ.
    private func fieldCount(_ delimiter: CSVDelimiter) -> Int? {
        var (reader, fields, count) = (reader(delimiter), [CSVRecordReader.Field](), Int?.none)
        for _ in 0..<Self.sampleSize {
            guard (try? reader.next(into: &fields)) ?? false else { break }
            if fields.allSatisfy(reader.isBlank) || bytes[fields[0].range].first == UInt8(ascii: "#") { continue }
            guard count == nil || count == fields.count else { return nil }
            count = fields.count
        }
        return count
    }

    // MARK: - The header

    private struct Header {
        let names: [String]
        let line: Int
        /// Behind it.
        let reader: CSVRecordReader
    }

    /// At the first line that is not passed over.
    private func reader(_ delimiter: CSVDelimiter) -> CSVRecordReader {
        var reader = CSVRecordReader(bytes, delimiter: delimiter)
        for _ in 0..<options.skippedLines where !reader.isAtEnd { reader.skipLine() }
        return reader
    }

    private func header(_ delimiter: CSVDelimiter) throws(CSVError) -> Header {
        var (reader, fields) = (reader(delimiter), [CSVRecordReader.Field]())
        let record = try nextRecord(of: &reader, into: &fields) { fields, reader in
            let found = fields.map { reader.text(of: $0).trimmingBlanks() }
            return names.allSatisfy(found.contains)
        }
        guard let record else {
            throw CSVError(
                .unusable, bytes.isEmpty ? "\(name) is empty" : "\(name) has no rows",
                advice: "it needs a header row and rows of numbers")
        }
        let found = fields.map { reader.text(of: $0).trimmingBlanks() }
        return Header(names: found, line: record.line, reader: reader)
    }

    /// Reads the next record that is neither blank nor a comment, and returns where it begins; nil at the end of the file.
    ///
    /// What begins with # is a comment, unless `isMeant` takes it for more.
    private func nextRecord(
        of reader: inout CSVRecordReader, into fields: inout [CSVRecordReader.Field],
        isMeant: ([CSVRecordReader.Field], CSVRecordReader) -> Bool
    ) throws(CSVError) -> (line: Int, isMarked: Bool)? {
        while !reader.isAtEnd {
            let (line, start) = (reader.line, reader)
            let isMarked = reader.nextByte == UInt8(ascii: "#")
            do throws(CSVRecordReader.Flaw) {
                _ = try reader.next(into: &fields)
            } catch {
                guard isMarked else { throw error.error(in: name) }
                reader = start
                reader.skipLine()
                continue
            }
            if fields.allSatisfy(reader.isBlank) { continue }
            if !isMarked || isMeant(fields, reader) { return (line, isMarked) }
            reader = start
            reader.skipLine()
        }
        return nil
    }

    /// Where each column asked for is.
    private func places(in header: Header, _ delimiter: CSVDelimiter) throws(CSVError) -> [Int] {
        var places: [Int] = []
        for column in names {
            guard let place = header.names.firstIndex(of: column) else {
                throw missingColumn(column, in: header, delimiter)
            }
            guard !header.names[(place + 1)...].contains(column) else {
                throw CSVError(
                    .unusable, "\(name), line \(header.line): two columns are called '\(column.cut)'",
                    advice: "give each a name of its own")
            }
            places.append(place)
        }
        return places
    }

    private func missingColumn(_ column: String, in header: Header, _ delimiter: CSVDelimiter) -> CSVError {
        let message: MessageText = "\(name) has no column '\(column.cut)'"
        if let line = laterHeaderLine(after: header) {
            return CSVError(
                .noColumn, "\(message) in line \(header.line), but line \(line) has its columns",
                advice: "give \(option: "skip-lines") \(line - 1)")
        }
        if header.names.allSatisfy({ CSVNumber($0).isNumber }) {
            return CSVError(
                .noColumn, "\(message) in line \(header.line), which has only numbers",
                advice: "if there is no header, give \(option: "no-header") and call columns 1, 2 and so on")
        }
        let separator = delimiter == .comma ? "" : " between \(delimiter.words)"
        let shown = header.names.filter { !$0.isEmpty }.prefix(20).map(\.cut)
        let rest = header.names.count { !$0.isEmpty } - shown.count
        return CSVError(
            .noColumn, message,
            advice: "it has \(shown.joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : "")\(separator)")
    }

    /// One of the next lines that has all names, whatever separates them.
    private func laterHeaderLine(after header: Header) -> Int? {
        for delimiter in options.delimiter.map({ [$0] }) ?? CSVDelimiter.allCases {
            var (reader, fields) = (reader(delimiter), [CSVRecordReader.Field]())
            for _ in 0..<50 {
                let line = reader.line
                guard (try? reader.next(into: &fields)) ?? false else { break }
                let found = fields.prefix(10_000).map { reader.text(of: $0).trimmingBlanks() }
                if line > header.line, names.allSatisfy(found.contains) { return line }
            }
        }
        return nil
    }

    // MARK: - The rows

    /// Reads the fields of all rows that are asked for, and of at most so many rows.
    mutating func readRows(_ delimiter: CSVDelimiter, atMost limit: Int = .max) throws(CSVError) {
        var (reader, places, width, columns) = (reader(delimiter), [Int](), Int?.none, [String]())
        if options.hasHeader {
            let header = try header(delimiter)
            places = try self.places(in: header, delimiter)
            (reader, width, columns) = (header.reader, header.names.count, header.names)
        } else {
            for column in names {
                guard let number = Int(column), number > 0 else {
                    throw CSVError(
                        .noColumn, "'\(column.cut)' is no column of a file without a header",
                        advice: "its columns are called 1, 2 and so on")
                }
                places.append(number - 1)
            }
        }
        var (fields, skipped) = ([CSVRecordReader.Field](), 0)
        while rows.count < limit {
            let record = try nextRecord(of: &reader, into: &fields) { fields, reader in
                fields.count >= width ?? 0
                    && Self.texts(of: fields, reader, at: places).allSatisfy { CSVNumber($0).isNumber }
            }
            guard let (line, isMarked) = record else { break }
            if isMarked { firstMarkedRow = firstMarkedRow ?? line }
            let texts = Self.texts(of: fields, reader, at: places)
            if skipped < options.skippedRows {
                skipped += 1
                continue
            }
            if width == nil, let place = places.max(), place >= fields.count {
                throw CSVError(
                    .noColumn, "\(name), line \(line): there is no column \(place + 1)",
                    advice: "the row has \(fields.count.counted("field")) between \(delimiter.words)")
            }
            try checkWidth(fields, reader, line: line, width: width ?? fields.count, columns, delimiter)
            width = width ?? fields.count
            if options.skipsMissing, texts.contains(where: CSVNumber.isMissing) {
                missingCount += 1
            } else {
                rows.append(Row(line: line, texts: texts))
            }
        }
    }

    /// A record's fields at these places; nothing where it has none.
    private static func texts(
        of fields: [CSVRecordReader.Field], _ reader: CSVRecordReader, at places: [Int]
    ) -> [String] {
        places.map { $0 < fields.count ? reader.text(of: fields[$0]).trimmingBlanks() : "" }
    }

    /// Further fields are empty, and missing ones belong to columns without a name.
    private func checkWidth(
        _ fields: [CSVRecordReader.Field], _ reader: CSVRecordReader, line: Int, width: Int, _ columns: [String],
        _ delimiter: CSVDelimiter
    ) throws(CSVError) {
        if fields.count == width || fields.count > width && fields[width...].allSatisfy(reader.isBlank) { return }
        if fields.count < width, !columns.isEmpty, columns[fields.count...].allSatisfy(\.isEmpty) { return }
        let separator = delimiter == .comma ? "" : ", between \(delimiter.words)"
        var advice: MessageText = "every row needs the same number"
        if delimiter == .comma, width == 1 {
            advice =
                "if its commas are decimal marks, give \(option: "delimiter") semicolon \(option: "decimal") comma"
        }
        throw CSVError(
            .unusable,
            "\(name), line \(line): \(fields.count.counted("field")) where the \(columns.isEmpty ? "first row" : "header") has "
                + "\(width)\(separator)", advice: advice)
    }

    // MARK: - The numbers

    /// By column and row, and whether a comma is the decimal mark of one.
    func numbers() throws(CSVError) -> (numbers: [[Double]], usesComma: Bool) {
        guard !rows.isEmpty else {
            let columns = Set(names).sorted().joined(separator: " or ").cut
            throw missingCount > 0
                ? CSVError(
                    .unusable, "\(name) has no row with a value of \(columns)",
                    advice:
                        "\(missingCount == 1 ? "its only row lacks one" : "all of its \(missingCount) rows lack one")")
                : CSVError(
                    .unusable,
                    "\(name) has \(options.hasHeader ? "a header but no rows" : "no rows"); there is nothing to fit")
        }
        let decimal: DecimalMark
        if let given = options.decimal { decimal = given } else { decimal = try recognizedMark() }
        var numbers = names.map { _ in [Double]() }
        var usesComma = false
        for column in names.indices { numbers[column].reserveCapacity(rows.count) }
        for row in rows {
            for (column, text) in row.texts.enumerated() {
                switch (CSVNumber(text), decimal) {
                case (.whole(let number), _), (.withPoint(let number), .point):
                    numbers[column].append(number)
                case (.withComma(let number, _), .comma):
                    usesComma = true
                    numbers[column].append(number)
                case (let cell, _):
                    throw refusal(of: text, cell, decimal, in: names[column], row)
                }
            }
        }
        return (numbers, usesComma)
    }

    /// A comma where it is one for certain in some number, and no number has a point.
    private func recognizedMark() throws(CSVError) -> DecimalMark {
        var doubtful: (text: String, column: String, row: Row)?
        var isCertain = false
        for row in rows {
            for (column, text) in zip(names, row.texts) {
                guard text.utf8.contains(UInt8(ascii: ",")), case .withComma(_, let certain) = CSVNumber(text) else {
                    continue
                }
                if !certain { doubtful = doubtful ?? (text, column, row) }
                isCertain = isCertain || certain
            }
        }
        if isCertain { return .comma }
        guard let (text, column, row) = doubtful else { return .point }
        throw CSVError(
            .unusable,
            "\(place(row)): '\(text.cut)' in column '\(column.cut)' has a decimal comma or a separator between thousands",
            advice: "give \(option: "decimal") comma if it is \(text.replacing(",", with: ".")), or write it as "
                + "\(text.replacing(",", with: ""))")
    }

    private func place(_ row: Row) -> MessageText { "\(name), line \(row.line)" }

    private func refusal(
        of text: String, _ cell: CSVNumber, _ decimal: DecimalMark, in column: String, _ row: Row
    ) -> CSVError {
        let subject: MessageText = "\(place(row)): '\(text.cut)' in column '\(column.cut)'"
        switch cell {
        case .missing:
            let shown: MessageText = text.isEmpty ? "" : ", '\(text)'"
            return CSVError(
                .unusable, "\(place(row)): the value in column '\(column.cut)' is missing\(shown)",
                advice: "fill it in, remove the row, or give \(option: "skip-missing")")
        case .tooLarge:
            return CSVError(
                .unusable, "\(subject) is too large for a 64-bit number", advice: "correct it or remove the row")
        case .thousands(let plain):
            return thousands(subject, plain)
        case .withPoint:
            // In a file of decimal commas, where 1.234 has three digits behind the point it is one between thousands.
            if let plain = CSVNumber.withoutGroups(text) { return thousands(subject, plain) }
            return CSVError(
                .unusable, "\(subject) has a decimal point, and the file decimal commas",
                advice: "write all numbers alike")
        case .withComma:
            if let plain = CSVNumber.withoutGroups(text) { return thousands(subject, plain) }
            return CSVError(
                .unusable, "\(subject) has a decimal comma",
                advice: "write all numbers alike, or give \(option: "decimal") comma")
        case .whole, .other:
            let isFirst = row.line == rows[0].line && options.skippedRows == 0 && options.hasHeader
            return CSVError(
                .unusable, "\(subject) is not a finite number",
                advice: isFirst
                    ? "correct it or remove the row; if the row has units, give \(option: "skip-rows") 1"
                    : "correct it or remove the row")
        }
    }

    private func thousands(_ subject: MessageText, _ plain: String) -> CSVError {
        CSVError(.unusable, "\(subject) has a separator between thousands", advice: "write it as \(plain)")
    }
}

extension CSVNumber {
    fileprivate var isNumber: Bool {
        switch self {
        case .whole, .withPoint, .withComma: true
        default: false
        }
    }
}
