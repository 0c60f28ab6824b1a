/// One file on its way from bytes to numbers.
struct CSVReading {
    /// A row's fields of the columns asked for.
    struct Row {
        let line: Int
        /// Where its bytes begin.
        let start: Int
        let texts: [String]
    }

    let names: [String]
    let bytes: [UInt8]
    let name: String
    let options: CSVOptions
    private(set) var rows: [Row] = []
    /// By which the rows were read.
    private(set) var rowDelimiter = CSVDelimiter.comma
    /// Rows without a value that were left out.
    private(set) var missingCount = 0
    /// Rows of empty fields at the end.
    private(set) var emptyCount = 0
    /// Rows below the header that were passed over.
    private(set) var skippedCount = 0
    /// Comments with a number in every column asked for: the line of the first one, and how many there are.
    private(set) var commentedRows: (line: Int, count: Int)?

    init(_ names: [String], of bytes: [UInt8], name: String, options: CSVOptions) {
        (self.names, self.bytes, self.name, self.options) = (names, bytes, name, options)
    }

    /// The names asked for, as a sentence has them.
    func columns(joinedBy word: String) -> String {
        Set(names).sorted().map(\.listed).joined(separator: " \(word) ")
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
            if fields.allSatisfy(reader.isBlank) || isMarked(fields[0].range.lowerBound) { continue }
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

        /// Whether it has only numbers, of which empty fields at its end are none.
        var hasOnlyNumbers: Bool {
            let end = names.lastIndex { !$0.isEmpty } ?? names.startIndex
            return !names.isEmpty && names[...end].allSatisfy { CSVNumber($0).isNumber }
        }

        /// Whether it may be the first row of a file without a header, of which these columns are asked by their places.
        func mayBeData(_ asked: [String]) -> Bool {
            hasOnlyNumbers
                && asked.allSatisfy { name in
                    names.contains(name) && (Int(name).map { 1...names.count ~= $0 } ?? false)
                }
        }
    }

    /// At the first line that is not passed over.
    private func reader(_ delimiter: CSVDelimiter) -> CSVRecordReader {
        var reader = CSVRecordReader(bytes, delimiter: delimiter)
        for _ in 0..<options.skippedLines where !reader.isAtEnd { reader.skipLine() }
        return reader
    }

    private func header(_ delimiter: CSVDelimiter) throws(CSVError) -> Header {
        var (reader, fields) = (reader(delimiter), [CSVRecordReader.Field]())
        var record: Record?
        repeat {
            record = try nextRecord(of: &reader, into: &fields) { fields, reader, _ in
                let found = fields.map { reader.text(of: $0).trimmingBlanks() }
                return names.allSatisfy(found.contains)
            }
        } while record?.isEmpty ?? false
        guard let record else {
            throw tooManySkippedLines
                ?? CSVError(
                    .unusable, bytes.isEmpty ? "\(name) is empty" : "\(name) has no rows",
                    advice: "it needs a header row and rows of numbers")
        }
        let found = fields.map { reader.text(of: $0).trimmingBlanks() }
        return Header(names: found, line: record.line, reader: reader)
    }

    /// What is wrong with a file of which no row is left behind the lines to pass over.
    var tooManySkippedLines: CSVError? {
        guard options.skippedLines > 0, !bytes.isEmpty else { return nil }
        var (reader, lines) = (CSVRecordReader(bytes), 0)
        while !reader.isAtEnd {
            reader.skipLine()
            lines += 1
        }
        return CSVError(
            .unusable,
            "\(name) has \(lines.counted("line")), of which \(option: "skip-lines") \(options.skippedLines) leaves no row",
            advice: "give a smaller number")
    }

    private struct Record {
        let line: Int
        /// Where its bytes begin.
        let start: Int
        /// Whether it has only empty fields.
        let isEmpty: Bool
    }

    /// Whether what begins here begins with #, and with no error value of a spreadsheet, such as `#DIV/0!`.
    func isMarked(_ place: Int) -> Bool {
        guard place < bytes.endIndex, bytes[place] == UInt8(ascii: "#") else { return false }
        return !Self.errorValues.contains { value in
            let rest = bytes[place...]
            guard rest.starts(with: value) else { return false }
            // A longer word is none of them.
            return rest.dropFirst(value.count).first.map { !Character(UnicodeScalar($0)).isLetter } ?? true
        }
    }

    private static let errorValues = [
        "#DIV/0!", "#NV", "#N/A", "#NA", "#WERT!", "#VALUE!", "#REF!", "#BEZUG!", "#NAME?", "#NUM!", "#ZAHL!", "#NULL!",
        "#SPILL!", "#CALC!",
    ].map { Array($0.utf8) }

    /// Reads the next record that is neither a blank line nor a comment; nil at the end of the file.
    ///
    /// What begins with # is a comment, unless `isMeant` takes it, of which it gets the line, for more.
    private func nextRecord(
        of reader: inout CSVRecordReader, into fields: inout [CSVRecordReader.Field],
        isMeant: ([CSVRecordReader.Field], CSVRecordReader, Int) -> Bool
    ) throws(CSVError) -> Record? {
        while !reader.isAtEnd {
            let (line, start) = (reader.line, reader)
            let isMarked = isMarked(reader.position)
            do throws(CSVRecordReader.Flaw) {
                _ = try reader.next(into: &fields)
            } catch {
                guard isMarked else { throw error.error(in: name) }
                reader = start
                reader.skipLine()
                continue
            }
            let isEmpty = fields.allSatisfy(reader.isBlank)
            if isEmpty, fields.count == 1, !fields[0].isQuoted { continue }
            if !isMarked || isMeant(fields, reader, line) {
                return Record(line: line, start: start.position, isEmpty: isEmpty)
            }
            reader = start
            reader.skipLine()
        }
        return nil
    }

    /// Where each column asked for is.
    private func places(in header: Header, _ delimiter: CSVDelimiter) throws(CSVError) -> [Int] {
        if header.mayBeData(names) {
            throw CSVError(
                .unusable, "\(name), line \(header.line) has only numbers, and may be data or a header",
                advice:
                    "give \(option: "no-header") if it is data, and \(option: "skip-lines") \(header.line) too if it is a header"
            )
        }
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
                advice: line == 1 ? "leave out \(option: "skip-lines")" : "give \(option: "skip-lines") \(line - 1)")
        }
        if header.names.count == 1, let error = blanksBetween(header.names[0], line: header.line) { return error }
        if delimiters.contains(where: { (try? self.header($0))?.hasOnlyNumbers ?? false }) {
            return CSVError(
                .noColumn, "\(message) in line \(header.line), which has only numbers",
                advice: "if there is no header, give \(option: "no-header") and call columns 1, 2 and so on")
        }
        let separator = delimiter == .comma ? "" : " between \(delimiter.words)"
        let shown = header.names.filter { !$0.isEmpty }.prefix(20).map(\.listed)
        let rest = header.names.count { !$0.isEmpty } - shown.count
        return CSVError(
            .noColumn, message,
            advice: "it has \(shown.joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : "")\(separator)")
    }

    /// The only field of a line, if blanks stand where there should be separators.
    private func blanksBetween(_ field: String, line: Int) -> CSVError? {
        let words = field.split(separator: " ").map(String.init)
        guard words.count > 1, names.allSatisfy(words.contains) || words.allSatisfy({ CSVNumber($0).isNumber }) else {
            return nil
        }
        return CSVError(
            .noColumn, "\(name), line \(line): blanks do not separate fields",
            advice: "write what \(option: "delimiter") takes between them: a comma, semicolon, tab or pipe")
    }

    private var delimiters: [CSVDelimiter] { options.delimiter.map { [$0] } ?? CSVDelimiter.allCases }

    /// Another line that has all names, whatever separates them: one of the next, or of those passed over.
    private func laterHeaderLine(after header: Header) -> Int? {
        for delimiter in delimiters {
            let starts =
                [reader(delimiter)] + (options.skippedLines > 0 ? [CSVRecordReader(bytes, delimiter: delimiter)] : [])
            for start in starts {
                var (reader, fields) = (start, [CSVRecordReader.Field]())
                for _ in 0..<50 {
                    let line = reader.line
                    guard (try? reader.next(into: &fields)) ?? false else { break }
                    let found = fields.prefix(10_000).map { reader.text(of: $0).trimmingBlanks() }
                    if line != header.line, names.allSatisfy(found.contains) { return line }
                }
            }
        }
        return nil
    }

    /// The line of a header in a file that is said to have none.
    private var headerLine: Int? {
        delimiters.lazy.compactMap { try? header($0) }.first { names.allSatisfy($0.names.contains) }?.line
    }

    // MARK: - The rows

    /// Reads the fields of all rows that are asked for, and of at most so many rows.
    mutating func readRows(_ delimiter: CSVDelimiter, atMost limit: Int = .max) throws(CSVError) {
        rowDelimiter = delimiter
        var (reader, places, width, header) = (reader(delimiter), [Int](), Int?.none, [String]())
        if options.hasHeader {
            let found = try self.header(delimiter)
            places = try self.places(in: found, delimiter)
            (reader, width, header) = (found.reader, found.names.count, found.names)
        } else {
            for column in names {
                guard let number = Int(column), number > 0 else {
                    if let line = headerLine {
                        throw CSVError(
                            .noColumn, "\(name), line \(line) is a header, with \(columns(joinedBy: "and"))",
                            advice: "leave out \(option: "no-header")")
                    }
                    throw CSVError(
                        .noColumn, "'\(column.cut)' is no column of a file without a header",
                        advice:
                            "its columns are called 1, 2 and so on; if it has a header, leave out \(option: "no-header")"
                    )
                }
                places.append(number - 1)
            }
        }
        var (fields, empty) = ([CSVRecordReader.Field](), [Row]())
        var commented: (line: Int, count: Int)?
        while rows.count < limit {
            let record = try nextRecord(of: &reader, into: &fields) { fields, reader, line in
                let isRow =
                    fields.count >= width ?? 0
                    && Self.texts(of: fields, reader, at: places).allSatisfy { CSVNumber($0).isNumber }
                if isRow { commented = (line: commented?.line ?? line, count: (commented?.count ?? 0) + 1) }
                return false
            }
            guard let record else { break }
            if skippedCount < options.skippedRows {
                skippedCount += 1
                continue
            }
            let (line, texts) = (record.line, Self.texts(of: fields, reader, at: places))
            // At the end of the file there may be any number of them.
            if record.isEmpty {
                empty.append(Row(line: line, start: record.start, texts: texts.map { _ in "" }))
                continue
            }
            if options.skipsMissing { missingCount += empty.count } else { rows += empty }
            empty.removeAll()
            if width == nil, let place = places.max(), place >= fields.count {
                if fields.count == 1, let error = blanksBetween(reader.text(of: fields[0]), line: line) { throw error }
                throw CSVError(
                    .noColumn, "\(name), line \(line): there is no column \(place + 1)",
                    advice: "the row has \(fields.count.counted("field")) between \(delimiter.words)")
            }
            try checkWidth(fields, reader, line: line, width: width ?? fields.count, header, delimiter)
            width = width ?? fields.count
            if options.skipsMissing, texts.contains(where: CSVNumber.isMissing) {
                missingCount += 1
            } else {
                rows.append(Row(line: line, start: record.start, texts: texts))
            }
        }
        emptyCount = empty.count
        commentedRows = commented
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
}
