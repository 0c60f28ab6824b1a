import TextFormats
package import Tracking

/// Writes rows in one of the formats as they come, in constant memory.
///
///     var writer = ListingWriter(columns: columns, format: .csv, width: 80, write: write)
///     try writer.append(row)
///     try writer.close()
///
/// Real numbers are exact in every format. A table's lines are at most `width` wide: see `ColumnBlocks`.
package struct ListingWriter {
    private let columns: [String]
    private let format: ListingFormat
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
        columns: [String], format: ListingFormat, width: Int, write: @escaping ([UInt8]) throws -> Void
    ) {
        self.columns = columns
        self.format = format
        self.write = write
        keys = columns.map { CellText.quoted($0) + ":" }
        csv = CSVText(columns: columns)
        table = TableLayout(columns: columns, width: width)
        switch format {
        case .csv: csv.flush { pending = $0 }
        case .json: add("[")
        case .markdown:
            add("| \(columns.map { MarkdownText.escaped($0) }.joined(separator: " | ")) |\n")
            add("|\(columns.map { _ in " --- |" }.joined())\n")
        case .table, .jsonl: break
        }
    }

    /// - Precondition: the row has as many values as there are columns.
    package mutating func append(_ row: [SQLValue]) throws {
        precondition(row.count == columns.count, "\(row.count) values for \(columns.count) columns")
        switch format {
        case .table:
            let cells = row.map { TableLayout.Cell(CellText.plain($0), isNumber: $0.isNumber) }
            if let lines = table.append(cells) { add(lines) }
        case .json:
            add(rowCount == 0 ? "\n" : ",\n")
            add(object(row))
        case .jsonl: add(object(row) + "\n")
        case .csv:
            for value in row { append(field: value) }
            csv.endRow()
            csv.flush { pending += $0 }
        case .markdown:
            let cells = row.map { MarkdownText.escaped(CellText.plain($0)) }
            add("| \(cells.joined(separator: " | ")) |\n")
        }
        rowCount += 1
        if pending.count >= Self.blockSize { try flush() }
    }

    /// Writes what is left.
    package mutating func close() throws {
        switch format {
        case .table: add(table.remaining())
        case .json: add(rowCount == 0 ? "]\n" : "\n]\n")
        case .jsonl, .csv, .markdown: break
        }
        try flush()
    }

    // MARK: - Internals

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
    /// As RFC 4180 has it, with a header.
    case csv
    /// A pipe table.
    case markdown
}

extension Store {
    /// Writes the answer to one SELECT of the user's as it comes, every number to its last bit.
    package func writeAnswer(
        to sql: String, format: ListingFormat, width: Int, _ write: @escaping ([UInt8]) throws -> Void
    ) throws {
        var writer: ListingWriter?
        try query(sql) { columns in
            writer = ListingWriter(columns: columns, format: format, width: width, write: write)
        } row: { row in
            try writer?.append(row)
        }
        try writer?.close()
    }
}
