/// Cuts the UTF-8 bytes of a file into records: what separates fields and lines is ASCII.
///
/// RFC 4180: a quote at the beginning of a field encloses it, two quotes in it are one. Lines end with LF, CRLF or CR.
struct CSVRecordReader {
    /// Where a field stands in the bytes, without its quotes.
    struct Field {
        let range: Range<Int>
        let isQuoted: Bool
    }

    /// What is no record.
    struct Flaw: Error {
        let line: Int
        let text: MessageText
        var advice: MessageText?

        func error(in name: String) -> CSVError {
            CSVError(.unusable, "\(name), line \(line): \(text)", advice: advice)
        }
    }

    private let bytes: [UInt8]
    private let delimiter: UInt8
    private(set) var position = 0
    /// That of the next record, counted from 1.
    private(set) var line = 1

    /// Passes a UTF-8 byte order mark over.
    init(_ bytes: [UInt8], delimiter: CSVDelimiter = .comma) {
        (self.bytes, self.delimiter) = (bytes, delimiter.byte)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// The first byte of the next record.
    var nextByte: UInt8? { isAtEnd ? nil : bytes[position] }

    /// Reads the next record, also an empty one, in the place of `fields`; false at the end of the file.
    mutating func next(into fields: inout [Field]) throws(Flaw) -> Bool {
        guard !isAtEnd else { return false }
        fields.removeAll(keepingCapacity: true)
        while true {
            if !isAtEnd, bytes[position] == UInt8(ascii: "\"") {
                fields.append(try quotedField())
            } else {
                let start = position
                while !isAtEnd, !endsField(bytes[position]) { position += 1 }
                fields.append(Field(range: start..<position, isQuoted: false))
            }
            guard !isAtEnd, bytes[position] == delimiter else {
                endLine()
                return true
            }
            position += 1
        }
    }

    /// Goes to a record that was found before.
    mutating func move(to position: Int, line: Int) {
        (self.position, self.line) = (position, line)
    }

    /// Passes a line over, whatever it is.
    mutating func skipLine() {
        while !isAtEnd, !Self.endsLine(bytes[position]) { position += 1 }
        endLine()
    }

    func text(of field: Field) -> String {
        let text = String(decoding: bytes[field.range], as: UTF8.self)
        return field.isQuoted ? text.replacing("\"\"", with: "\"") : text
    }

    /// Whether there is nothing in it but blanks.
    func isBlank(_ field: Field) -> Bool {
        guard let first = bytes[field.range].first else { return true }
        let mayBeBlank = first <= UInt8(ascii: " ") || first >= 0x80
        return mayBeBlank && text(of: field).unicodeScalars.allSatisfy { $0.properties.isWhitespace }
    }

    // MARK: - Internals

    private mutating func endLine() {
        line += 1
        guard !isAtEnd else { return }
        let isReturn = bytes[position] == UInt8(ascii: "\r")
        position += 1
        if isReturn, !isAtEnd, bytes[position] == UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func quotedField() throws(Flaw) -> Field {
        let began = line
        position += 1
        let start = position
        while true {
            guard !isAtEnd else {
                throw Flaw(
                    line: began, text: "a quote is never closed",
                    advice: "close it, or remove it where the field begins")
            }
            switch bytes[position] {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: "\"") where position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "\""):
                position += 1
            case UInt8(ascii: "\""):
                let field = Field(range: start..<position, isQuoted: true)
                position += 1
                guard isAtEnd || endsField(bytes[position]) else {
                    throw Flaw(
                        line: line, text: "text follows the closing quote of '\(text(of: field).cut)'",
                        advice: "double a quote that belongs to the field")
                }
                return field
            default: break
            }
            position += 1
        }
    }

    private func endsField(_ byte: UInt8) -> Bool { byte == delimiter || Self.endsLine(byte) }

    private static func endsLine(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}

extension String {
    /// Without white space around it, of which non-breaking spaces are some.
    func trimmingBlanks() -> String {
        var scalars = Substring(self).unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    /// As a list of names has it: in quotes where it holds what would end it.
    var listed: String {
        guard unicodeScalars.contains(where: { ",;'\"".unicodeScalars.contains($0) }) else { return cut }
        return contains("'") ? "\"\(cut)\"" : "'\(cut)'"
    }

    /// As a sentence has it: of a long one the beginning, with how much there is.
    var cut: String {
        let limit = 60
        guard utf8.count > limit else { return self }
        let beginning = String(unicodeScalars.prefix(limit))
        return beginning.utf8.count == utf8.count ? self : "\(beginning)... (\(utf8.count) bytes)"
    }
}
