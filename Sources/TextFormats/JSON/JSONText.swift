import Foundation

/// A JSON text from a file, checked in one pass for what a decoder overlooks: its size, its depth, numbers that no 64 bits hold,
/// and an object with the same key twice.
///
/// Whoever decodes it afterwards allocates no more than the text is long, and recurses no deeper than ``largestDepth``.
package struct JSONText: Sendable {
    /// A megabyte: the longest configuration, a fork of forks, is a hundredth of it.
    package static let largestSize = 1 << 20
    package static let largestDepth = 200

    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) throws(JSONError) {
        guard bytes.count <= Self.largestSize else {
            throw JSONError("it has more than \(Self.largestSize) bytes")
        }
        var scanner = JSONScanner(bytes)
        try scanner.scanText()
        self.bytes = bytes
    }

    package var isObject: Bool { bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{") }

    /// What it says, every number as it is written.
    ///
    /// Read again when it is asked for: every run's configuration is checked, and next to none is looked at so.
    package var value: JSONValue {
        var scanner = JSONScanner(bytes, keepsValues: true)
        // It was read before.
        return (try? scanner.scanText()) ?? .word("null")
    }

    /// What stands at a place, for a message: a long text cut, and a word for a list or an object; nil where nothing does.
    package func excerpt(at path: [String]) -> String? {
        guard let value = value[path[...]] else { return nil }
        let text =
            switch value {
            case .number(let text), .word(let text): text
            case .string(let text): "\"\(text)\""
            case .list, .object: "a list or an object"
            }
        return text.count <= 40 ? text : "\(text.prefix(40))…"
    }
}

/// A value of a JSON text.
package enum JSONValue: Sendable, Equatable {
    /// As it is written.
    case number(String)
    case string(String)
    /// `true`, `false` or `null`.
    case word(String)
    case list([JSONValue])
    /// In the order in which they are written, each name once.
    case object([Member])

    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: JSONValue

        package init(name: String, value: JSONValue) {
            (self.name, self.value) = (name, value)
        }
    }

    fileprivate subscript(path: ArraySlice<String>) -> JSONValue? {
        guard let first = path.first else { return self }
        switch self {
        case .object(let members): return members.first { $0.name == first }?.value[path.dropFirst()]
        case .list(let values):
            guard let index = Int(first), values.indices.contains(index) else { return nil }
            return values[index][path.dropFirst()]
        default: return nil
        }
    }
}

/// Why a text is no JSON that this program reads, as the end of a sentence such as "the file cannot be read: …".
package struct JSONError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Reads a text from left to right, and keeps what it says only if it is told to.
private struct JSONScanner {
    private let bytes: [UInt8]
    private var place = 0
    private var path: [String] = []
    private let keepsValues: Bool

    init(_ bytes: [UInt8], keepsValues: Bool = false) {
        self.bytes = bytes
        self.keepsValues = keepsValues
    }

    /// The text's value; a mere placeholder where values are not kept.
    @discardableResult
    mutating func scanText() throws(JSONError) -> JSONValue {
        let value = try scanValue()
        skipBlanks()
        if place < bytes.count { throw unexpected }
        return value
    }

    // MARK: - Internals

    private var unexpected: JSONError {
        guard place < bytes.count else { return JSONError("it is not JSON: it ends in the middle") }
        let line = bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1
        return JSONError("it is not JSON from byte \(place + 1) on, in line \(line)")
    }

    private var fieldName: String { path.isEmpty ? "it" : "the field '\(path.joined(separator: "."))'" }

    private mutating func skipBlanks() {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }

    /// Skips blanks and takes `character` if it comes next.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func scanValue() throws(JSONError) -> JSONValue {
        guard path.count <= JSONText.largestDepth else {
            throw JSONError("it is nested more than \(JSONText.largestDepth) deep")
        }
        if take("{") { return .object(try scanMembers()) }
        if take("[") { return .list(try scanElements()) }
        if place < bytes.count, bytes[place] == UInt8(ascii: "\"") { return .string(try string()) }
        return try scanWord()
    }

    private mutating func scanMembers() throws(JSONError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        if take("}") { return members }
        var keys: Set<String> = []
        repeat {
            skipBlanks()
            let key = try string()
            path.append(key)
            guard keys.insert(key).inserted else { throw JSONError("\(fieldName) is there twice") }
            guard take(":") else { throw unexpected }
            let value = try scanValue()
            if keepsValues { members.append(JSONValue.Member(name: key, value: value)) }
            path.removeLast()
        } while take(",")
        guard take("}") else { throw unexpected }
        return members
    }

    private mutating func scanElements() throws(JSONError) -> [JSONValue] {
        var values: [JSONValue] = []
        if take("]") { return values }
        var count = 0
        repeat {
            path.append("\(count)")
            let value = try scanValue()
            if keepsValues { values.append(value) }
            path.removeLast()
            count += 1
        } while take(",")
        guard take("]") else { throw unexpected }
        return values
    }

    private mutating func string() throws(JSONError) -> String {
        let start = place
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { throw unexpected }
        place += 1
        var hasEscapes = false
        while place < bytes.count, bytes[place] != UInt8(ascii: "\""), bytes[place] >= 0x20 {
            let isEscape = bytes[place] == UInt8(ascii: "\\")
            hasEscapes = hasEscapes || isEscape
            place += isEscape ? 2 : 1
        }
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { throw unexpected }
        place += 1
        // Foundation knows every escape.
        let content = bytes[start + 1..<place - 1]
        let text =
            hasEscapes
            ? try? JSONDecoder().decode(String.self, from: Data(bytes[start..<place]))
            : String(validating: content, as: UTF8.self)
        guard let text else {
            place = start
            throw unexpected
        }
        return text
    }

    /// A number, or `true`, `false` or `null`.
    private mutating func scanWord() throws(JSONError) -> JSONValue {
        let start = place
        while place < bytes.count, Self.isPartOfWord(bytes[place]) { place += 1 }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        let isWord = word == "true" || word == "false" || word == "null"
        guard isWord || Self.isNumber(bytes[start..<place]) else {
            place = start
            throw unexpected
        }
        if let number = Double(word), !number.isFinite {
            throw JSONError("\(fieldName) is \(word), which is too large for a 64-bit number")
        }
        return isWord ? .word(word) : .number(word)
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Whether it is a number of RFC 8259: digits without a leading 0, and fraction and exponent with at least one.
    private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
        var rest = word
        func takeDigits() -> Int {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        func take(_ signs: Set<UInt8>) -> Bool {
            guard let first = rest.first, signs.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = take([UInt8(ascii: "-")])
        let isZero = rest.first == UInt8(ascii: "0")
        let count = takeDigits()
        guard count == 1 || count > 1 && !isZero else { return false }
        if take([UInt8(ascii: ".")]), takeDigits() == 0 { return false }
        if take([UInt8(ascii: "e"), UInt8(ascii: "E")]) {
            _ = take([UInt8(ascii: "+"), UInt8(ascii: "-")])
            if takeDigits() == 0 { return false }
        }
        return rest.isEmpty
    }
}
