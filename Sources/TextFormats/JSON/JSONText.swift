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

    /// What stands at a place, for a message: a long text cut, and a word for a list or an object; nil where nothing does.
    package func excerpt(at path: [String]) -> String? {
        let place = path.joined(separator: ".")
        // Only a message needs them: every run's configuration is read, and next to none is wrong.
        var scanner = JSONScanner(bytes, keepsValues: true)
        try? scanner.scanText()
        let values = scanner.values
        if let value = values[place] { return value.count <= 40 ? value : "\(value.prefix(40))…" }
        return values.keys.contains { $0.hasPrefix(place + ".") } ? "a list or an object" : nil
    }
}

/// Why a text is no JSON that this program reads, as the end of a sentence such as "the file cannot be read: …".
package struct JSONError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Reads a text from left to right, keeping what its scalars are.
private struct JSONScanner {
    private let bytes: [UInt8]
    private var place = 0
    private var path: [String] = []
    private let keepsValues: Bool
    /// What each place that is no list and no object holds, as it is written; places are as in `optimizer.parameters.w.lr`.
    private(set) var values: [String: String] = [:]

    init(_ bytes: [UInt8], keepsValues: Bool = false) {
        self.bytes = bytes
        self.keepsValues = keepsValues
    }

    mutating func scanText() throws(JSONError) {
        try scanValue()
        skipBlanks()
        if place < bytes.count { throw unexpected }
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

    private mutating func scanValue() throws(JSONError) {
        guard path.count <= JSONText.largestDepth else {
            throw JSONError("it is nested more than \(JSONText.largestDepth) deep")
        }
        if take("{") {
            try scanMembers()
        } else if take("[") {
            try scanElements()
        } else if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
            let text = try string()
            if keepsValues { values[path.joined(separator: ".")] = "\"\(text)\"" }
        } else {
            try scanWord()
        }
    }

    private mutating func scanMembers() throws(JSONError) {
        if take("}") { return }
        var keys: Set<String> = []
        repeat {
            skipBlanks()
            let key = try string()
            path.append(key)
            guard keys.insert(key).inserted else { throw JSONError("\(fieldName) is there twice") }
            guard take(":") else { throw unexpected }
            try scanValue()
            path.removeLast()
        } while take(",")
        guard take("}") else { throw unexpected }
    }

    private mutating func scanElements() throws(JSONError) {
        if take("]") { return }
        var count = 0
        repeat {
            path.append("\(count)")
            try scanValue()
            path.removeLast()
            count += 1
        } while take(",")
        guard take("]") else { throw unexpected }
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
    private mutating func scanWord() throws(JSONError) {
        let start = place
        while place < bytes.count, Self.isPartOfWord(bytes[place]) { place += 1 }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        guard word == "true" || word == "false" || word == "null" || Self.isNumber(bytes[start..<place]) else {
            place = start
            throw unexpected
        }
        if let number = Double(word), !number.isFinite {
            throw JSONError("\(fieldName) is \(word), which is too large for a 64-bit number")
        }
        if keepsValues { values[path.joined(separator: ".")] = word }
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
