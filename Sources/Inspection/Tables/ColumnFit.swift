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
