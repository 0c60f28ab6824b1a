import TextFormats
package import Tracking

extension RunListing {
    /// Writes the listing; a table names above it, in lines of `width`, what all its runs share.
    ///
    /// With `advice`, a table that is wider than `width` leaves its least telling columns out, and names them with the
    /// advice how to see others.
    package func write(
        _ format: ListingFormat, advice: String? = nil, width: Int,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        var kept = Array(columns.indices)
        if format == .table, !rows.isEmpty {
            if advice != nil { kept = fit(into: width).kept }
            var notes: [String] = []
            if !constants.isEmpty {
                let words = constants.map { CellText.harmless("\($0.name)=\(CellText.plain($0.value))") }
                notes.append(WrappedText.line("all:", words, width: width))
            }
            if let advice, kept.count < columns.count {
                let words = columns.indices.filter { !kept.contains($0) }.map { columns[$0] }
                notes.append(WrappedText.line("left out:", words + ["(too wide; \(advice))"], width: width))
            }
            if !notes.isEmpty { try write(Array((notes.joined(separator: "\n") + "\n\n").utf8)) }
        }
        var writer = ListingWriter(columns: kept.map { columns[$0] }, format: format, width: width, write: write)
        for row in rows { try writer.append(kept.count == row.count ? row : kept.map { row[$0] }) }
        try writer.close()
    }

    /// As far as the rows say that decide a table's widths.
    private func fit(into width: Int) -> ColumnFit {
        let cells = rows.prefix(TableLayout.sampleSize).map { row in row.map { CellText.plain($0) } }
        return ColumnFit(columns: columns, cells: cells, width: width)
    }
}
