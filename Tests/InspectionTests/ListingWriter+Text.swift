import Inspection
import Tracking

extension ListingWriter {
    /// All that a writer of this style makes of these rows.
    static func text(style: ListingStyle, columns: [String], rows: [[SQLValue]]) throws -> String {
        var bytes: [UInt8] = []
        var writer = ListingWriter(columns: columns, style: style) { bytes += $0 }
        for row in rows { try writer.append(row) }
        try writer.close()
        return String(decoding: bytes, as: UTF8.self)
    }
}
