import ArgumentParser
import Foundation
import Inspection
import TextFormats
import Tracking

/// What a command that answers with one thing prints: lines for a person, one JSON object, or a row of a table.
protocol ResultPage: Encodable {
    /// Lines for a person, none wider than `width` if it can be broken.
    func text(width: Int) -> String
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
    private let format: ListingFormat
    private var screen = LiveDisplay()
    private var hasHeader = false

    init(_ format: ListingFormat) {
        self.format = format
    }

    mutating func print(_ page: some ResultPage) throws {
        switch format {
        case .table: try screen.show(page.text(width: Terminal.outputWidth))
        case .json, .jsonl: try Terminal.print(page.json)
        case .csv, .markdown:
            let header = hasHeader ? try listing(page, rows: []) : []
            try Terminal.write(Array(try listing(page, rows: [page.row.map(\.value)]).dropFirst(header.count)))
            hasHeader = true
        }
    }

    private func listing(_ page: some ResultPage, rows: [[SQLValue]]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = ListingWriter(columns: page.row.map(\.column), format: format, width: .max) { bytes += $0 }
        for row in rows { try writer.append(row) }
        try writer.close()
        return bytes
    }
}

/// How rows are printed.
struct ListingOptions: ParsableArguments {
    @Option(help: "How rows are printed; jsonl is an object per line.")
    var format = ListingFormat.table
}

extension ListingFormat: ExpressibleByArgument {}
