package import Tracking

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
