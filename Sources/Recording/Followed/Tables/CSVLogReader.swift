import TextFormats

/// Takes the bytes of a growing CSV or TSV file in pieces of any size, and gives each row as a line.
///
///     epoch,step,train_loss,val_loss
///     0,49,0.25,
///     0,99,,0.31
///
/// The first row names the columns; if it holds numbers alone the columns are called 1, 2 and so on. A column whose name is one of a
/// step, such as `step`, `iteration`, `global_step` or `epoch`, is the step: the most exact one, and the others are values. Without
/// one the rows count. A column `wall_time` holds seconds since 1970. An empty cell is nothing; a cell that is no number is a text.
/// The last row waits for its line feed.
///
/// A row that names columns again is a header: programs write one each time they start, or when they have another column.
struct CSVLogReader: Sendable {
    /// More columns are refused, as more keys of a line are.
    static let largestColumnCount = 10_000

    var counts = FollowedCounts()

    private struct Column {
        enum Role {
            case step, time, value
            /// Without a name, with a name that is no key, or there twice.
            case none
        }

        let role: Role
        let name: String
        /// Has the key, so that it is made once.
        let template: LoggedEntry
    }

    private var records = TableRecords()
    private var columns: [Column]?
    private var delimiter = UInt8(ascii: ",")

    init() {}

    /// Calls `body` with each item that the piece completes.
    mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (FollowedItem) -> Void) {
        withRecords { reader, records in records.read(piece) { reader.take($1, &$0, body) } }
    }

    /// The file has ended: gives a last row without a line feed.
    mutating func finish(_ body: (FollowedItem) -> Void) {
        withRecords { reader, records in records.finish { reader.take($1, &$0, body) } }
    }

    // MARK: - Rows

    private mutating func withRecords(_ body: (inout Self, inout TableRecords) -> Void) {
        var taken = TableRecords()
        swap(&taken, &records)
        body(&self, &taken)
        swap(&taken, &records)
    }

    private mutating func take(
        _ item: TableRecords.Item, _ records: inout TableRecords, _ body: (FollowedItem) -> Void
    ) {
        switch item {
        case .tooLong(let bytes):
            counts.damaged += 1
            body(.unreadable(UnreadableBytes(bytes, "the row has more than \(TableRecords.longest) bytes")))
        case .record(let bytes):
            let text = TableCell.trimmed(bytes)
            // Comments, as in data files.
            if text.isEmpty || text.first == UInt8(ascii: "#") { return }
            if columns == nil { delimiter = Self.delimiter(of: bytes) }
            records.delimiter = delimiter
            row(bytes, body)
        }
    }

    private mutating func row(_ bytes: UnsafeRawBufferPointer, _ body: (FollowedItem) -> Void) {
        var line = LoggedLine()
        var cells: [LoggedValue?] = []
        cells.reserveCapacity(columns?.count ?? 0)
        var extra = 0
        TableRecords.cells(bytes, delimiter: delimiter) { cell in
            if cells.count < Self.largestColumnCount {
                cells.append(TableCell.value(cell, &line.repairs))
            } else {
                extra += 1
            }
        }
        guard let columns, !isHeader(cells, of: columns) else {
            if extra > 0 {
                counts.refuse("a table has \(Self.largestColumnCount) columns at most; \(extra) are left out")
            }
            let names = names(bytes, cells)
            let isOfNumbers = names.isEmpty
            setColumns(isOfNumbers ? cells.indices.map { "\($0 + 1)" } : names)
            if isOfNumbers, let columns = self.columns { give(cells, columns, &line, body) }
            return
        }
        extra += max(0, cells.count - columns.count)
        if extra > 0 { line.refusals.add("a row has more cells than the table has columns") }
        give(cells, columns, &line, body)
    }

    private mutating func give(
        _ cells: [LoggedValue?], _ columns: [Column], _ line: inout LoggedLine, _ body: (FollowedItem) -> Void
    ) {
        line.values.reserveCapacity(columns.count)
        var hasBadStep = false
        for (cell, column) in zip(cells, columns) {
            guard let cell else { continue }
            switch column.role {
            case .value: line.values.append(LoggedEntry(column.template.key, cell))
            case .none: continue
            case .step:
                line.step = FollowedStep.step(cell)
                hasBadStep = line.step == nil
                if hasBadStep { line.refusals.add(FollowedStep.refusal(cell)) }
            case .time:
                if let time = cell.double, time.isFinite { line.time = time }
            }
        }
        if hasBadStep, !line.values.isEmpty {
            line.refusals.add("the values of a row without a valid step are left out")
            line.values = []
        }
        counts.refused += line.refusals.count
        if line.values.isEmpty && line.refusals.isEmpty { return }
        counts.lines += 1
        body(.line(line))
    }

    // MARK: - Columns

    /// Nothing where all cells are numbers.
    private func names(_ bytes: UnsafeRawBufferPointer, _ cells: [LoggedValue?]) -> [String] {
        let isOfNumbers = cells.allSatisfy { $0?.double != nil }
        if isOfNumbers { return [] }
        var repairs = 0
        var names: [String] = []
        TableRecords.cells(bytes, delimiter: delimiter) { cell in
            if names.count < Self.largestColumnCount {
                names.append(RepairedText(TableCell.trimmed(cell), &repairs).text)
            }
        }
        return names
    }

    private mutating func setColumns(_ names: [String]) {
        let step = FollowedStep.best(names)
        var seen: Set<LoggedEntry> = []
        columns = names.enumerated().map { index, name in
            // Equal values, so that entries are equal if their keys are.
            let template = LoggedEntry(name, .integer(0))
            var role = Column.Role.value
            if index == step {
                role = .step
            } else if FollowedStep.isTime(name) {
                role = .time
            } else if name.isEmpty {
                // The index of a data frame has no name.
                role = .none
            } else if case .failure(let error) = FollowedKey.entry(name, .integer(0)) {
                counts.refuse(error.description)
                role = .none
            } else if !seen.insert(template).inserted {
                counts.refuse("the column \(name.prefix(40).description.visible) is there twice; the first is taken")
                role = .none
            }
            return Column(role: role, name: name, template: template)
        }
    }

    /// Whether a row names columns: none of its cells is a number, and half of them are columns of the table or a step.
    private func isHeader(_ cells: [LoggedValue?], of columns: [Column]) -> Bool {
        // Most rows end here.
        if cells.contains(where: { $0?.double != nil }) { return false }
        let names = Set(columns.map(\.name))
        let known = cells.count { cell in
            guard case .text(let text)? = cell else { return false }
            return names.contains(text) || MetricWords.stepRank(text) != nil
        }
        return known > 0 && 2 * known >= cells.count
    }

    /// What is there most often, outside of quotes.
    private static func delimiter(of header: UnsafeRawBufferPointer) -> UInt8 {
        var isQuoted = false
        var (commas, tabs, semicolons) = (0, 0, 0)
        for byte in header {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            switch byte {
            case UInt8(ascii: ","): commas += 1
            case 0x09: tabs += 1
            case UInt8(ascii: ";"): semicolons += 1
            default: break
            }
        }
        if tabs > commas, tabs >= semicolons { return 0x09 }
        return semicolons > commas ? UInt8(ascii: ";") : UInt8(ascii: ",")
    }
}
