/// Reads what RFC 4180 describes, but with line feeds alone, independently of what writes it.
package enum CSVReader {
    /// - Precondition: every line ends with a line feed, and no carriage return stands outside of quotes.
    package static func rows(_ bytes: [UInt8]) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && index + 1 < bytes.count && bytes[index + 1] == byte:
                field.append(byte)
                index += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                row.append(String(decoding: field, as: UTF8.self))
                field = []
            case 0x0D where !isQuoted: preconditionFailure("a carriage return at a line's end")
            case 0x0A where !isQuoted:
                row.append(String(decoding: field, as: UTF8.self))
                rows.append(row)
                (row, field) = ([], [])
            default: field.append(byte)
            }
            index += 1
        }
        precondition(row.isEmpty && field.isEmpty, "the last line has no end")
        return rows
    }

    /// By the names in the first row.
    package static func records(_ bytes: [UInt8]) -> [[String: String]] {
        let rows = rows(bytes)
        return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(rows[0], $0)) }
    }
}
