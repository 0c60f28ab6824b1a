import TextFormats
package import Tracking

extension RunListing {
    /// Writes the listing; a table names above it, in lines of `width`, what all its runs share.
    ///
    /// With `advice`, a table that is wider than `width` leaves its least telling columns out, and names them with the
    /// advice how to see others.
    package func write(
        _ style: ListingStyle, advice: String? = nil,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        var kept = Array(columns.indices)
        if style.format == .table, !rows.isEmpty {
            let width = style.tableWidth
            if advice != nil { kept = fit(into: width).kept }
            var notes: [String] = []
            if !constants.isEmpty {
                let words = constants.map { "\($0.name)=\(CellText.short(style.rounded($0.value)))" }
                notes.append(WrappedText.line("all:", words, width: width))
            }
            if let advice, kept.count < columns.count {
                let words = columns.indices.filter { !kept.contains($0) }.map { columns[$0] }
                notes.append(WrappedText.line("left out:", words + ["(too wide; \(advice))"], width: width))
            }
            if style.hasHeader, !notes.isEmpty { try write(Array((notes.joined(separator: "\n") + "\n\n").utf8)) }
        }
        var writer = ListingWriter(columns: kept.map { columns[$0] }, style: style, write: write)
        for row in rows { try writer.append(kept.count == row.count ? row : kept.map { row[$0] }) }
        try writer.close()
    }

    /// As far as the rows say that decide a table's widths.
    private func fit(into width: Int) -> ColumnFit {
        let cells = rows.prefix(TableLayout.sampleSize).map { row in row.map { CellText.short($0) } }
        return ColumnFit(columns: columns, cells: cells, width: width)
    }
}

/// Which columns of a table fit into a line, the least telling ones left out.
struct ColumnFit: Equatable {
    /// What stays as long as anything else can go, the most needed first.
    private static let needed = ["id", "final_loss", "state", "name", "optimizer", "lr", "seed", "batch_size", "sweep"]

    /// The places of the columns that are kept, in order.
    let kept: [Int]

    /// Leaves out columns until the rest fits into `width`: first the one with the fewest values, then the widest.
    ///
    /// `cells` has one row of texts per row. The first column always stays.
    init(columns: [String], cells: [[String]], width: Int) {
        let widths = columns.indices.map { index in
            max(columns[index].count, cells.map { $0[index].count }.max() ?? 0)
        }
        var kept = Array(columns.indices)
        while kept.count > 1, kept.reduce(0, { $0 + widths[$1] + 2 }) - 2 > width {
            let ranks = kept.dropFirst().map { index in
                let need = Self.needed.firstIndex(of: columns[index]) ?? Self.needed.count
                let empty = cells.count { $0[index].isEmpty }
                return (index: index, rank: [need == Self.needed.count ? 1 : 0, need, empty, widths[index], index])
            }
            guard let least = ranks.max(by: { $0.rank.lexicographicallyPrecedes($1.rank) }) else { break }
            kept.removeAll { $0 == least.index }
        }
        self.kept = kept
    }
}
