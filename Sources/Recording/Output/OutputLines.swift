/// One line that a program printed, as a terminal shows it when the line ends.
package struct OutputLine: Sendable, Equatable {
    /// Without colors and what was drawn over.
    package let text: String
    /// How often the line was drawn again, as progress bars do.
    package let redraws: Int
    /// Whether its end is missing, because it is longer than ``OutputLines/longest``.
    package let isCut: Bool

    package init(_ text: String, redraws: Int = 0, isCut: Bool = false) {
        (self.text, self.redraws, self.isCut) = (text, redraws, isCut)
    }
}

/// Takes a program's output in pieces of any size and gives its lines.
///
/// Of a line that is drawn again after carriage returns, the last state that shows something counts. The memory is bounded by
/// ``longest``.
package struct OutputLines: Sendable {
    package static let longest = 64 << 10

    private var current: [UInt8] = []
    /// What stood there before the last carriage return.
    private var previous: [UInt8] = []
    private var redraws = 0
    private var hasReturned = false
    private var isCut = false
    private var isEmpty = true

    package init() {}

    /// Calls `body` with each line that the piece completes.
    package mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (OutputLine) -> Void) {
        for byte in piece { take(byte, body) }
    }

    /// Calls `body` with each line that the piece completes.
    package mutating func read(_ piece: [UInt8], _ body: (OutputLine) -> Void) {
        for byte in piece { take(byte, body) }
    }

    /// The output ended: calls `body` with a last line that has no line feed.
    package mutating func finish(_ body: (OutputLine) -> Void) {
        if !isEmpty { end(body) }
    }

    // MARK: - Internals

    private mutating func take(_ byte: UInt8, _ body: (OutputLine) -> Void) {
        if byte == 0x0A { return end(body) }
        isEmpty = false
        if hasReturned { startAgain() }
        switch byte {
        case 0x0D: hasReturned = true
        case 0x08: removeLast()
        default:
            if current.count < Self.longest { current.append(byte) } else { isCut = true }
        }
    }

    private mutating func startAgain() {
        hasReturned = false
        guard !TerminalText.isBlank(current) else {
            current.removeAll(keepingCapacity: true)
            return
        }
        swap(&current, &previous)
        current.removeAll(keepingCapacity: true)
        redraws += 1
    }

    private mutating func removeLast() {
        // A character may have several bytes.
        while let last = current.popLast(), last & 0xC0 == 0x80 {}
    }

    private mutating func end(_ body: (OutputLine) -> Void) {
        let shown = TerminalText.isBlank(current) ? previous : current
        body(OutputLine(TerminalText.plain(shown), redraws: redraws, isCut: isCut))
        current.removeAll(keepingCapacity: true)
        previous.removeAll(keepingCapacity: true)
        (redraws, hasReturned, isCut, isEmpty) = (0, false, false, true)
    }
}

/// What a terminal makes of bytes.
enum TerminalText {
    /// The text without escape sequences and other control characters but tabs.
    static func plain(_ bytes: [UInt8]) -> String {
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        visit(bytes) { kept.append($0) }
        var repairs = 0
        return String(validating: kept, as: UTF8.self) ?? RepairedText(kept, &repairs).text
    }

    /// Whether nothing would be seen.
    static func isBlank(_ bytes: [UInt8]) -> Bool {
        var isBlank = true
        visit(bytes) { if $0 != 0x20, $0 != 0x09 { isBlank = false } }
        return isBlank
    }

    private static func visit(_ bytes: [UInt8], _ body: (UInt8) -> Void) {
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == 0x1B {
                place = endOfEscape(bytes, place)
            } else if byte >= 0x20 && byte != 0x7F || byte == 0x09 {
                body(byte)
            }
        }
    }

    /// Behind an escape sequence of ECMA-48 that begins before `place`.
    private static func endOfEscape(_ bytes: [UInt8], _ place: Int) -> Int {
        guard place < bytes.count else { return place }
        switch bytes[place] {
        case UInt8(ascii: "["):
            let final = bytes[(place + 1)...].firstIndex { 0x40...0x7E ~= $0 }
            return final.map { $0 + 1 } ?? bytes.count
        case UInt8(ascii: "]"):
            // A title or a link, up to a bell or an escape and a backslash.
            guard let final = bytes[place...].firstIndex(where: { $0 == 0x07 || $0 == 0x1B }) else {
                return bytes.count
            }
            return bytes[final] == 0x07 ? final + 1 : min(final + 2, bytes.count)
        default: return place + 1
        }
    }
}
