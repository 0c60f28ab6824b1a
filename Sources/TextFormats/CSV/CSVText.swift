/// The bytes of a CSV file: quotes doubled as RFC 4180 has it, a header row, UTF-8; lines end with a line feed alone, as
/// those of every other text file here.
///
/// Numbers are the shortest texts that read back to the same bits; what is not finite or not there is empty.
package struct CSVText {
    package private(set) var bytes: [UInt8] = []
    private let columnCount: Int
    private var fieldCount = 0

    package init(columns: [String]) {
        columnCount = columns.count
        for column in columns { append(column) }
        endRow()
    }

    package mutating func append(_ text: String) {
        beginField()
        let needsQuotes = text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0D || $0 == 0x0A }
        copy(needsQuotes ? "\"\(text.doubling("\""))\"" : text)
    }

    package mutating func append(_ number: Double?) {
        beginField()
        guard let number, number.isFinite else { return }
        copy(number.description)
        // A fraction of ".0" says nothing.
        let end = bytes.count
        if bytes[end - 1] == 0x30, bytes[end - 2] == 0x2E { bytes.removeLast(2) }
    }

    /// The field of a number, for callers that keep it.
    package static func number(_ value: Double) -> String {
        value.isFinite ? NumberText.exact(value) : ""
    }

    package mutating func append(_ number: Int?) {
        beginField()
        if let number { copy(number.description) }
    }

    /// - Precondition: the row has as many fields as there are columns.
    package mutating func endRow() {
        precondition(fieldCount == columnCount, "\(fieldCount) fields for \(columnCount) columns")
        fieldCount = 0
        bytes.append(0x0A)
    }

    /// Hands the bytes so far to `write` and forgets them, keeping their memory for the next ones.
    package mutating func flush(_ write: ([UInt8]) throws -> Void) rethrows {
        try write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    // MARK: - Internals

    private mutating func beginField() {
        if fieldCount > 0 { bytes.append(0x2C) }
        fieldCount += 1
    }

    private mutating func copy(_ text: consuming String) {
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }
}
