package import Tracking

extension RunListing {
    /// Writes the listing; a table names above it, in lines of `width`, what all its runs share.
    package func write(
        _ format: ListingFormat, isExact: Bool = false, width: Int, to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        if format == .table, !constants.isEmpty, !rows.isEmpty {
            let words = constants.map { CellText.harmless("\($0.name)=\(CellText.plain($0.value, .rounded))") }
            try write(Array((WrappedText.line("all:", words, width: width) + "\n\n").utf8))
        }
        var writer = ListingWriter(columns: columns, format: format, isExact: isExact, write: write)
        for row in rows { try writer.append(row) }
        try writer.close()
    }
}
