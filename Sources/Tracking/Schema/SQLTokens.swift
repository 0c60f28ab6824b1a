import TextFormats

/// The words and signs of a definition in SQL, without what makes no difference: white space, comments, and the quotes
/// around a name that needs none.
///
/// Two definitions with the same tokens are the same, whichever version of SQLite wrote them down: when it renames a column,
/// one version puts the new name in quotes and another does not.
struct SQLTokens: Hashable {
    let tokens: [String]

    init(_ text: String) {
        var scanner = Scanner(text)
        var tokens: [String] = []
        while let token = scanner.next() { tokens.append(scanner.text(of: token)) }
        self.tokens = tokens
    }

    /// The statements of a script, each from its first token up to its semicolon.
    static func statements(of script: String) -> [String] {
        var scanner = Scanner(script)
        var statements: [String] = []
        var start: Int?
        while let token = scanner.next() {
            if token.isSemicolon {
                if let first = start { statements.append(scanner.text(first..<token.range.lowerBound)) }
                start = nil
            } else if start == nil {
                start = token.range.lowerBound
            }
        }
        return statements
    }

    private struct Token {
        enum Kind {
            case word, sign, text, name
        }

        let kind: Kind
        /// With its quotes.
        let range: Range<Int>
        var isSemicolon = false
    }

    private struct Scanner {
        private let bytes: [UInt8]
        private var position = 0

        init(_ text: String) {
            bytes = Array(text.utf8)
        }

        func text(_ range: Range<Int>) -> String {
            String(decoding: bytes[range], as: UTF8.self)
        }

        func text(of token: Token) -> String {
            switch token.kind {
            case .word, .sign, .text: return text(token.range)
            case .name:
                // A name that needs its quotes keeps a mark, so that it cannot be taken for other tokens.
                let name = content(of: token.range)
                return name.sqlIdentifier == name ? name : "\"\(name)"
            }
        }

        mutating func next() -> Token? {
            skipBlanks()
            guard position < bytes.count else { return nil }
            let start = position
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "'"):
                skipQuoted(by: byte)
                return Token(kind: .text, range: start..<position)
            case UInt8(ascii: "\""), UInt8(ascii: "`"):
                skipQuoted(by: byte)
                return Token(kind: .name, range: start..<position)
            case UInt8(ascii: "["):
                skip { $0 != UInt8(ascii: "]") }
                position = min(position + 1, bytes.count)
                return Token(kind: .name, range: start..<position)
            case _ where Self.isWord(byte):
                skip(while: Self.isWord)
                return Token(kind: .word, range: start..<position)
            default:
                position += 1
                return Token(kind: .sign, range: start..<position, isSemicolon: byte == UInt8(ascii: ";"))
            }
        }

        // MARK: - Internals

        private mutating func skip(while isIncluded: (UInt8) -> Bool) {
            while position < bytes.count, isIncluded(bytes[position]) { position += 1 }
        }

        private func isNext(_ first: Character, _ second: Character) -> Bool {
            position + 1 < bytes.count && bytes[position] == first.asciiValue
                && bytes[position + 1] == second.asciiValue
        }

        private mutating func skipBlanks() {
            while position < bytes.count {
                if isNext("-", "-") {
                    skip { $0 != UInt8(ascii: "\n") }
                } else if isNext("/", "*") {
                    position += 2
                    while position < bytes.count, !isNext("*", "/") { position += 1 }
                    position = min(position + 2, bytes.count)
                } else if bytes[position] == UInt8(ascii: " ") || (9...13).contains(bytes[position]) {
                    position += 1
                } else {
                    return
                }
            }
        }

        /// A doubled mark stands for one.
        private mutating func skipQuoted(by mark: UInt8) {
            position += 1
            while position < bytes.count {
                let isDoubled = position + 1 < bytes.count && bytes[position + 1] == mark
                if bytes[position] == mark && !isDoubled { break }
                position += bytes[position] == mark ? 2 : 1
            }
            position = min(position + 1, bytes.count)
        }

        /// What stands between the quotes of a name.
        private func content(of range: Range<Int>) -> String {
            let mark = text(range.lowerBound..<range.lowerBound + 1)
            return text(range.dropFirst().dropLast()).replacing(mark + mark, with: mark)
        }

        private static func isWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 128...:
                true
            default: false
            }
        }
    }
}
