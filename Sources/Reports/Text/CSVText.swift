/// The bytes of a CSV file as RFC 4180 has it: CRLF, quotes doubled, a header row; UTF-8.
///
/// Numbers are the shortest texts that read back to the same bits; what is not finite or not there is empty.
struct CSVText {
    private(set) var bytes: [UInt8] = []
    private let columnCount: Int
    private var fieldCount = 0

    init(columns: [String]) {
        columnCount = columns.count
        for column in columns { append(column) }
        endRow()
    }

    mutating func append(_ text: String) {
        beginField()
        let needsQuotes = text.utf8.contains { Self.special.contains($0) }
        bytes.append(
            contentsOf: needsQuotes ? Array("\"\(text.replacing("\"", with: "\"\""))\"".utf8) : Array(text.utf8))
    }

    mutating func append(_ number: Double?) {
        beginField()
        guard let number, number.isFinite else { return }
        bytes.append(contentsOf: number.description.utf8)
        if bytes.suffix(2).elementsEqual(".0".utf8) { bytes.removeLast(2) }
    }

    mutating func append(_ number: Int?) {
        beginField()
        if let number { bytes.append(contentsOf: number.description.utf8) }
    }

    /// - Precondition: the row has as many fields as there are columns.
    mutating func endRow() {
        precondition(fieldCount == columnCount, "\(fieldCount) fields for \(columnCount) columns")
        fieldCount = 0
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    /// The bytes so far, which are then forgotten.
    mutating func takeBytes() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    // MARK: - Internals

    private static let special = Array("\",\r\n".utf8)

    private mutating func beginField() {
        if fieldCount > 0 { bytes.append(0x2C) }
        fieldCount += 1
    }
}
