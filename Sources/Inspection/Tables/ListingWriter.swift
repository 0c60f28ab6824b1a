import TextFormats
package import Tracking

/// Writes rows in one of the formats as they come, in constant memory.
///
///     var writer = ListingWriter(columns: columns, style: ListingStyle(.csv), write: write)
///     try writer.append(row)
///     try writer.close()
///
/// Real numbers are exact in every format, unless the style rounds them. A table's lines are at most as wide as the style says:
/// see `ColumnBlocks`; a cell that is longer than a page is cut there, and whole in every other format.
package struct ListingWriter {
    private let columns: [String]
    private let style: ListingStyle
    private let limit: Int?
    private let write: ([UInt8]) throws -> Void
    /// JSON's keys as they stand in every row.
    private let keys: [String]
    private var pending: [UInt8] = []
    private var csv: CSVText
    private var table: TableLayout
    private var rowCount = 0

    /// So many bytes are handed over together.
    private static let blockSize = 1 << 16

    package init(
        columns: [String], style: ListingStyle, limit: Int? = nil, write: @escaping ([UInt8]) throws -> Void
    ) {
        self.columns = columns
        self.style = style
        self.limit = limit
        self.write = write
        keys = columns.map { CellText.quoted($0) + ":" }
        csv = CSVText(columns: columns)
        table = TableLayout(columns: columns, width: style.tableWidth, hasHeader: style.hasHeader)
        switch style.format {
        case .csv: csv.flush { pending = style.hasHeader ? $0 : [] }
        case .tsv: if style.hasHeader { add(TSVText.line(columns)) }
        case .json: add("[")
        case .markdown:
            add("| \(columns.map { MarkdownText.escaped($0) }.joined(separator: " | ")) |\n")
            add("|\(columns.map { _ in " --- |" }.joined())\n")
        case .table, .jsonl: break
        }
    }

    /// Throws `EnoughRows` behind the last row that is wanted, so that no further one is looked for.
    ///
    /// - Precondition: the row has as many values as there are columns.
    package mutating func append(_ row: [SQLValue]) throws {
        precondition(row.count == columns.count, "\(row.count) values for \(columns.count) columns")
        let row = style.rounded(row)
        switch style.format {
        case .table:
            let cells = zip(columns, row).map { column, value in
                let text = CellText.short(value)
                return TableLayout.Cell(
                    text, isNumber: value.isNumber,
                    color: style.isColored && Self.stateColumns.contains(column) ? style.color(ofState: text) : nil)
            }
            if let lines = table.append(cells) { add(lines) }
        case .json:
            add(rowCount == 0 ? "\n" : ",\n")
            add(object(row))
        case .jsonl: add(object(row) + "\n")
        case .csv:
            for value in row { append(field: value) }
            csv.endRow()
            csv.flush { pending += $0 }
        case .tsv: add(TSVText.line(row.map { CellText.plain($0) }))
        case .markdown:
            let cells = row.map { MarkdownText.escaped(CellText.plain($0)) }
            add("| \(cells.joined(separator: " | ")) |\n")
        }
        rowCount += 1
        if pending.count >= Self.blockSize { try flush() }
        if rowCount == limit { throw EnoughRows() }
    }

    /// Writes what is left.
    package mutating func close() throws {
        switch style.format {
        case .table: add(table.remaining())
        case .json: add(rowCount == 0 ? "]\n" : "\n]\n")
        case .jsonl, .csv, .tsv, .markdown: break
        }
        try flush()
    }

    // MARK: - Internals

    /// What listings call the state of a run or a sweep.
    private static let stateColumns: Set<String> = ["state", "run_state", "sweep_state"]

    private mutating func flush() throws {
        if !pending.isEmpty { try write(pending) }
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func add(_ text: String) {
        pending += text.utf8
    }

    private func object(_ row: [SQLValue]) -> String {
        "{" + zip(keys, row).map { $0 + CellText.json($1) }.joined(separator: ",") + "}"
    }

    private mutating func append(field value: SQLValue) {
        switch value {
        case .integer(let integer): csv.append(Int(integer))
        case .real(let number) where number.isFinite: csv.append(number)
        default: csv.append(CellText.plain(value))
        }
    }
}

/// How rows are written.
package enum ListingFormat: String, Sendable, CaseIterable {
    /// Columns for a person's eyes.
    case table
    /// An array with one object per row.
    case json
    /// One object per line.
    case jsonl
    /// Quoted as RFC 4180 has it, with a header.
    case csv
    /// Values between tabs, see `TSVText`.
    case tsv
    /// A pipe table.
    case markdown
}

extension Store {
    /// Writes the answer to one SELECT of the user's as it comes, every number to its last bit; no more rows than `limit`.
    package func writeAnswer(
        to sql: String, limit: Int? = nil, style: ListingStyle, _ write: @escaping ([UInt8]) throws -> Void
    ) throws {
        var writer: ListingWriter?
        do {
            try query(sql) { columns in
                writer = ListingWriter(columns: columns, style: style, limit: limit, write: write)
            } row: { row in
                try writer?.append(row)
            }
        } catch is EnoughRows {
            // What follows was not asked for.
        }
        try writer?.close()
    }
}

/// Ends the reading of rows of which there are enough.
struct EnoughRows: Error {}
