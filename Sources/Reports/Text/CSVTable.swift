/// A CSV file that was read: the first row names the columns.
struct CSVTable: Sendable, Equatable {
    let columns: [String]
    let rows: [[String]]

    init(columns: [String], rows: [[String]]) {
        (self.columns, self.rows) = (columns, rows)
    }

    /// Reads what ``CSVText`` writes; anything else gives some table, too.
    init(_ bytes: [UInt8]) {
        var rows: [[String]] = []
        var row: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var wasQuote = false
        for byte in bytes {
            if isQuoted {
                if byte == 0x22 { (isQuoted, wasQuote) = (false, true) } else { field.append(byte) }
                continue
            }
            switch byte {
            case 0x22:
                // Two of them inside quotes are one.
                if wasQuote { field.append(byte) }
                isQuoted = true
            case 0x2C:
                row.append(String(decoding: field, as: UTF8.self))
                field = []
            case 0x0A:
                row.append(String(decoding: field, as: UTF8.self))
                rows.append(row)
                (row, field) = ([], [])
            case 0x0D: break
            default: field.append(byte)
            }
            wasQuote = false
        }
        columns = rows.first ?? []
        self.rows = Array(rows.dropFirst())
    }

    /// Each row by the names of its columns.
    var records: [[String: String]] {
        rows.map { Dictionary(zip(columns, $0)) { first, _ in first } }
    }

    /// The same table as bytes, in which no text is a formula to a spreadsheet: an apostrophe stands before one that
    /// begins like a formula and is no number.
    var spreadsheetBytes: [UInt8] {
        var csv = CSVText(columns: columns)
        for row in rows {
            for field in row {
                let isFormula = field.first.map("=+-@\t\r".contains) ?? false
                csv.append(isFormula && Double(field) == nil ? "'" + field : field)
            }
            csv.endRow()
        }
        return csv.bytes
    }
}
