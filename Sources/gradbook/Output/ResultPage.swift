import Foundation
import Inspection
import TextFormats
import Tracking

/// What a command that answers with one thing prints: lines for a person, one JSON object, or a row of a table.
protocol ResultPage: Encodable {
    /// Lines for a person, every text in them visible.
    func text(_ style: ListingStyle) -> String
    /// The most important of it, one value per column; the same columns for every page of a kind.
    var row: [(column: String, value: SQLValue)] { get }
}

extension ResultPage {
    /// One line, the same keys in the same order every time.
    var json: String {
        (try? JSONEncoder.forPrograms().text(self)) ?? "{}"
    }
}

/// Prints pages one after another, on a terminal a table in place of the one before; CSV and Markdown have one header.
struct ResultPrinter {
    private let style: ListingStyle
    private var screen = LiveDisplay()
    private var hasHeader = false

    init(_ style: ListingStyle) {
        self.style = style
    }

    mutating func print(_ page: some ResultPage) throws {
        switch style.format {
        case .table: try screen.show(page.text(style), isColored: style.isColored)
        case .json, .jsonl: try Terminal.print(page.json)
        case .csv, .tsv, .markdown:
            let header = hasHeader ? try listing(page, rows: []) : []
            try Terminal.write(Array(try listing(page, rows: [page.row.map(\.value)]).dropFirst(header.count)))
            hasHeader = true
        }
    }

    private func listing(_ page: some ResultPage, rows: [[SQLValue]]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = ListingWriter(columns: page.row.map(\.column), style: style) { bytes += $0 }
        for row in rows { try writer.append(row) }
        try writer.close()
        return bytes
    }
}
