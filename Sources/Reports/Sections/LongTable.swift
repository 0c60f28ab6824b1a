import TextFormats

/// Tables whose length depends on how much was run: nobody reads hundreds of rows, and a page of them is slow to load.
enum LongTable {
    /// So many rows are all shown.
    static let longest = 60
    /// Of more, only the first so many.
    static let shown = 30

    /// The table, shortened if it is too long; `rest` is the file that has every row.
    static func blocks(_ table: Document.Table, rest: String) -> [Document.Block] {
        guard table.rows.count > longest else { return [.table(table)] }
        return [
            .table(table.prefix(shown)),
            .paragraph("The first \(shown) of \(table.rows.count) rows; all of them are in \(code: rest)."),
        ]
    }
}
