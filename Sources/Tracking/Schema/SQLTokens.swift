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
        tokens = scanner.statement() + scanner.rest()
    }

    private init(_ tokens: [String]) {
        self.tokens = tokens
    }

    /// The statements of a script, each without its semicolon.
    static func statements(of script: String) -> [(text: String, tokens: SQLTokens)] {
        var scanner = Scanner(script)
        var statements: [(text: String, tokens: SQLTokens)] = []
        while !scanner.isAtEnd {
            let start = scanner.position
            let tokens = scanner.statement()
            if !tokens.isEmpty { statements.append((scanner.text(from: start), SQLTokens(tokens))) }
            scanner.skipSemicolon()
        }
        return statements
    }

    private struct Scanner {
        private let bytes: [UInt8]
        private(set) var position = 0

        init(_ text: String) {
            bytes = Array(text.utf8)
        }

        var isAtEnd: Bool { position >= bytes.count }

        func text(from start: Int) -> String {
            String(decoding: bytes[start..<min(position, bytes.count)], as: UTF8.self)
        }

        mutating func skipSemicolon() {
            position += 1
        }

        /// What a definition of one statement does not have: tokens behind its end.
        mutating func rest() -> [String] {
            var tokens: [String] = []
            while !isAtEnd {
                skipSemicolon()
                tokens += [";"] + statement()
            }
            return tokens
        }

        /// The tokens before the next semicolon.
        mutating func statement() -> [String] {
            var tokens: [String] = []
            while !isAtEnd {
                let byte = bytes[position]
                switch byte {
                case UInt8(ascii: ";"): return tokens
                case UInt8(ascii: " "), 9...13: position += 1
                case UInt8(ascii: "-") where next == UInt8(ascii: "-"): skip(until: { $0 == UInt8(ascii: "\n") })
                case UInt8(ascii: "/") where next == UInt8(ascii: "*"): skipComment()
                case UInt8(ascii: "'"): tokens.append("'" + quoted(by: byte) + "'")
                case UInt8(ascii: "\""), UInt8(ascii: "`"): tokens.append(name(quoted(by: byte)))
                case UInt8(ascii: "["): tokens.append(name(bracketed()))
                case _ where Self.isWord(byte): tokens.append(take(while: Self.isWord))
                default:
                    tokens.append(String(decoding: [byte], as: UTF8.self))
                    position += 1
                }
            }
            return tokens
        }

        private var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

        private mutating func take(while isIncluded: (UInt8) -> Bool) -> String {
            let start = position
            while position < bytes.count, isIncluded(bytes[position]) { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }

        private mutating func skip(until isEnd: (UInt8) -> Bool) {
            while position < bytes.count, !isEnd(bytes[position]) { position += 1 }
        }

        private mutating func skipComment() {
            position += 2
            while position < bytes.count,
                !(bytes[position] == UInt8(ascii: "/") && bytes[position - 1] == UInt8(ascii: "*"))
            {
                position += 1
            }
            position += 1
        }

        /// What stands between two marks, in which a doubled mark stands for one.
        private mutating func quoted(by mark: UInt8) -> String {
            var content: [UInt8] = []
            position += 1
            while position < bytes.count {
                if bytes[position] == mark {
                    guard next == mark else { break }
                    position += 1
                }
                content.append(bytes[position])
                position += 1
            }
            position += 1
            return String(decoding: content, as: UTF8.self)
        }

        private mutating func bracketed() -> String {
            position += 1
            let name = take { $0 != UInt8(ascii: "]") }
            position += 1
            return name
        }

        /// A name that needs its quotes keeps a mark, so that it cannot be taken for other tokens.
        private func name(_ content: String) -> String {
            content.sqlIdentifier == content ? content : "\"\(content)"
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
