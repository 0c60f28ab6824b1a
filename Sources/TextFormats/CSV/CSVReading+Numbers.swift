extension CSVReading {
    // MARK: - The numbers

    /// By column and row, and whether a comma is the decimal mark of one.
    func numbers() throws(CSVError) -> (numbers: [[Double]], usesComma: Bool) {
        guard !rows.isEmpty else { throw withoutRows }
        var (decimal, proof) = (options.decimal ?? .point, Row?.none)
        if options.decimal == nil { (decimal, proof) = try recognizedMark() }
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
                    if case .withPoint = cell, let proof, CSVNumber.mayBeGrouped(text) {
                        throw grouped(text, in: names[column], row, proof)
                    }
                    throw refusal(of: text, cell, decimal, in: names[column], row)
                }
            }
        }
        return (numbers, usesComma)
    }

    /// Why there is nothing to fit.
    private var withoutRows: CSVError {
        let missing = missingCount + emptyCount
        if missing > 0 {
            return CSVError(
                .unusable, "\(name) has no row with values of \(columns(joinedBy: "and"))",
                advice: missing == 1 ? "its only row lacks one" : "all of its \(missing) rows lack one")
        }
        if skippedCount > 0 {
            return CSVError(
                .unusable,
                "\(name) has \(skippedCount.counted("row")), of which \(option: "skip-rows") \(options.skippedRows) leaves none",
                advice: "give a smaller number")
        }
        if let (line, _) = commentedRows {
            return CSVError(
                .unusable, "\(name) has no rows: lines that begin with # are comments, such as line \(line)",
                advice: "put the first field of a row in quotes")
        }
        if !options.hasHeader, let error = tooManySkippedLines { return error }
        return CSVError(
            .unusable, "\(name) has \(options.hasHeader ? "a header but no rows" : "no rows"); there is nothing to fit")
    }

    /// A comma where it is one for certain in some number, and no number has a point; where points may stand between thousands,
    /// also where another column has a decimal comma, in the row that is returned with it.
    private func recognizedMark() throws(CSVError) -> (DecimalMark, Row?) {
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
        if isCertain { return (.comma, nil) }
        guard let (text, column, row) = doubtful else {
            guard let grouped = firstGrouped else { return (.point, nil) }
            let marks = otherMarks
            if let proof = marks.comma { return (.comma, proof) }
            guard !marks.hasPoint, rowDelimiter == .semicolon else { return (.point, nil) }
            // Where commas stand before fractions, fields are parted so.
            throw CSVError(
                .unusable,
                "\(place(grouped.row)): '\(grouped.text.cut)' in column '\(grouped.column.cut)' has a decimal point or a separator "
                    + "between thousands",
                advice: "give \(option: "decimal") point if it is \(grouped.text), or write it as "
                    + "\(grouped.text.replacing(".", with: ""))")
        }
        throw CSVError(
            .unusable,
            "\(place(row)): '\(text.cut)' in column '\(column.cut)' has a decimal comma or a separator between thousands",
            advice: "give \(option: "decimal") comma if it is \(text.replacing(",", with: ".")), or write it as "
                + "\(text.replacing(",", with: ""))")
    }

    /// The first number asked for that may have a point between thousands; nil also where another has one before a fraction.
    private var firstGrouped: (text: String, column: String, row: Row)? {
        guard let row = rows.first(where: { $0.texts.contains(where: CSVNumber.mayBeGrouped) }),
            let place = row.texts.firstIndex(where: CSVNumber.mayBeGrouped),
            !rows.contains(where: { $0.texts.contains(where: hasFraction) })
        else { return nil }
        return (row.texts[place], names[place], row)
    }

    /// Whether it is a number with a decimal point for certain.
    private func hasFraction(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: ".")), !CSVNumber.mayBeGrouped(text), case .withPoint = CSVNumber(text)
        else { return false }
        return true
    }

    /// The first row with a number that has a decimal comma for certain, as its only text, in whatever column, and whether there
    /// is one with a decimal point, beside which no comma counts.
    ///
    /// Costs a pass over the rows, which ends at the first decimal point.
    private var otherMarks: (comma: Row?, hasPoint: Bool) {
        var (reader, fields) = (CSVRecordReader(bytes, delimiter: rowDelimiter), [CSVRecordReader.Field]())
        reader.move(to: rows[0].start, line: rows[0].line)
        var found: Row?
        while !reader.isAtEnd {
            let (line, start, isComment) = (reader.line, reader.position, isMarked(reader.position))
            if isComment {
                reader.skipLine()
                continue
            }
            guard (try? reader.next(into: &fields)) ?? false else { break }
            for field in fields where field.range.count <= 100 {
                let marks = bytes[field.range]
                guard marks.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".") }) else { continue }
                let text = reader.text(of: field).trimmingBlanks()
                switch CSVNumber(text) {
                case .withComma(_, isCertain: true):
                    found = found ?? Row(line: line, start: start, texts: [text])
                case .thousands(let plain) where plain.contains(","):
                    found = found ?? Row(line: line, start: start, texts: [text])
                case .thousands(let plain) where plain.contains(".") || text.contains(","): return (nil, true)
                case .withPoint where !CSVNumber.mayBeGrouped(text): return (nil, true)
                default: break
                }
            }
        }
        return (found, false)
    }

    private func grouped(_ text: String, in column: String, _ row: Row, _ proof: Row) -> CSVError {
        CSVError(
            .unusable,
            "\(place(row)): '\(text.cut)' in column '\(column.cut)' has a separator between thousands, because line \(proof.line) has "
                + "the decimal comma of '\(proof.texts[0].cut)'",
            advice:
                "write it as \(text.replacing(".", with: "")), or give \(option: "decimal") point if it is a fraction")
    }

    /// Whether a row may be one of names or units: no field of it is a number, nor begins like one.
    private func mayBeWords(_ row: Row, _ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9" ~= first) else { return false }
        var (reader, fields) = (CSVRecordReader(bytes, delimiter: rowDelimiter), [CSVRecordReader.Field]())
        reader.move(to: row.start, line: row.line)
        guard (try? reader.next(into: &fields)) ?? false else { return false }
        return !fields.contains { CSVNumber(reader.text(of: $0).trimmingBlanks()).isNumber }
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
            var advice: MessageText = "correct it or remove the row"
            if row.line == rows[0].line, options.skippedRows == 0, mayBeWords(row, text) {
                advice =
                    options.hasHeader
                    ? "correct it or remove the row; if the row has units, give \(option: "skip-rows") 1"
                    : "if the row is a header, leave out \(option: "no-header") and call the columns by its names"
            }
            return CSVError(.unusable, "\(subject) is not a finite number", advice: advice)
        }
    }

    private func thousands(_ subject: MessageText, _ plain: String) -> CSVError {
        CSVError(.unusable, "\(subject) has a separator between thousands", advice: "write it as \(plain)")
    }
}
