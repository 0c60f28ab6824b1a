/// Moves over the bytes of one line; behind the last one lies an endless row of zeros.
///
/// Valid as long as the bytes are: whoever makes one keeps it inside of `withUnsafeBytes`.
struct LineScanner {
    let bytes: UnsafeRawBufferPointer
    var place = 0
    /// How often something became U+FFFD.
    var repairs = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    @inline(__always)
    var peek: UInt8 { place < bytes.count ? bytes.load(fromByteOffset: place, as: UInt8.self) : 0 }

    @inline(__always)
    func byte(at place: Int) -> UInt8 { bytes.load(fromByteOffset: place, as: UInt8.self) }

    var isAtEnd: Bool { place >= bytes.count }

    @inline(__always)
    func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    @inline(__always)
    mutating func skipBlanks() {
        var byte = peek
        while byte <= 0x20, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A {
            place &+= 1
            byte = peek
        }
    }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte, !isAtEnd else { return false }
        place &+= 1
        return true
    }

    @inline(__always)
    mutating func takeWord(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard place + count <= bytes.count else { return false }
        for index in 0..<count where bytes[place + index] != word.utf8Start[index] { return false }
        place += count
        return true
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    /// What stands here, for a message.
    var character: String {
        isAtEnd ? "the end" : peek < 0x20 || peek > 0x7E ? "the byte \(peek)" : String(UnicodeScalar(peek))
    }

    func unexpected(_ wanted: String) -> LineError {
        let found = isAtEnd ? "it ends" : "there is \(character)"
        return LineError("it is no JSON: \(found) at byte \(place + 1) where \(wanted) should be")
    }

    // MARK: - Strings

    /// The bytes of a string between its quotes, which are taken, and whether a backslash is among them.
    @inline(__always)
    mutating func string() throws(LineError) -> (range: Range<Int>, hasEscapes: Bool) {
        guard take(UInt8(ascii: "\"")) else { throw unexpected("a string") }
        let start = place
        var next = start
        var hasEscapes = false
        while next < bytes.count {
            let byte = bytes.load(fromByteOffset: next, as: UInt8.self)
            if byte == UInt8(ascii: "\"") {
                place = next &+ 1
                return (start..<next, hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                next &+= 1
            } else if byte < 0x20 {
                throw LineError(
                    "it is no JSON: the string at byte \(start) holds the byte \(byte) instead of an escape")
            }
            next &+= 1
        }
        place = bytes.count
        throw LineError("it is no JSON: the string at byte \(start) does not end")
    }

    /// The string's text; what is no Unicode becomes U+FFFD and is counted.
    mutating func decoded(_ string: (range: Range<Int>, hasEscapes: Bool)) throws(LineError) -> String {
        let raw = UnsafeRawBufferPointer(rebasing: bytes[string.range])
        if !string.hasEscapes {
            if let text = String(validating: raw, as: UTF8.self) { return text }
            return RepairedText(raw, &repairs).text
        }
        let unescaped = try EscapedText(raw, &repairs).bytes
        return unescaped.withUnsafeBytes { bytes in
            String(validating: bytes, as: UTF8.self) ?? RepairedText(bytes, &repairs).text
        }
    }
}
