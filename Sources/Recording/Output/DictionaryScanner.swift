/// Reads a JSON object or a Python dictionary as a program prints it, with the digits of its numbers.
///
/// Python's may have single quotes, True, False, None, nan, inf, tuples, and numbers in the shell of their type:
/// `np.float64(0.25)`, `tensor(0.25)`.
struct DictionaryScanner {
    enum Value {
        case number(PrintedNumber)
        case text(String)
        case nothing
        case refused(String)
    }

    /// In their order, nested names joined by `/`.
    private(set) var members: [(name: String, value: Value)] = []

    private let bytes: [UInt8]
    private var place: Int
    private static let largestDepth = 16
    private static let largestCount = 1000

    /// Nil if the text from `start` to its end is no dictionary.
    init?(_ bytes: [UInt8], from start: Int = 0) {
        self.bytes = bytes
        place = start
        guard take("{"), dictionary("", depth: 1) else { return nil }
        skipBlanks()
        guard place == bytes.count else { return nil }
    }

    // MARK: - Internals

    private mutating func skipBlanks() {
        while place < bytes.count, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func dictionary(_ path: String, depth: Int) -> Bool {
        if take("}") { return true }
        repeat {
            skipBlanks()
            if !path.isEmpty || !members.isEmpty, place < bytes.count, bytes[place] == UInt8(ascii: "}") { break }
            guard let name = key(), take(":"), value(path.isEmpty ? name : "\(path)/\(name)", depth: depth) else {
                return false
            }
        } while take(",")
        return take("}")
    }

    /// A string, or a whole number as Python's dictionaries may have.
    private mutating func key() -> String? {
        if let text = string() { return text }
        guard case (.number(let number), let count) = PrintedNumber.read(bytes[place...]),
            case .integer(let value) = number.value
        else { return nil }
        place += count
        return "\(value)"
    }

    private mutating func value(_ name: String, depth: Int) -> Bool {
        guard depth < Self.largestDepth, members.count < Self.largestCount else { return false }
        if take("{") { return dictionary(name, depth: depth + 1) }
        if take("[") { return list(name, "]", depth: depth + 1) }
        if take("(") { return list(name, ")", depth: depth + 1) }
        guard place < bytes.count else { return false }
        if let text = string() {
            members.append((name, .text(text)))
            return true
        }
        let word = bytes[place...].prefix {
            PrintedNumber.isLetter($0) || PrintedNumber.isDigit($0) || "_.".utf8.contains($0)
        }
        let afterWord = place + word.count
        if !word.isEmpty, PrintedNumber.isLetter(bytes[place]), afterWord < bytes.count,
            bytes[afterWord] == UInt8(ascii: "(")
        {
            return shell(name, afterWord + 1, depth: depth)
        }
        return number(name) || constant(name, word)
    }

    private mutating func number(_ name: String) -> Bool {
        let end = bytes[place...].firstIndex { " ,}])".utf8.contains($0) } ?? bytes.count
        switch PrintedNumber.read(bytes[place..<end]) {
        case (.number(let number), let count) where place + count == end:
            members.append((name, .number(number)))
            place = end
            return true
        default: return false
        }
    }

    private mutating func constant(_ name: String, _ word: ArraySlice<UInt8>) -> Bool {
        let precision = PrintedPrecision(significantDigits: 1, lastPlace: 0)
        switch String(decoding: word, as: UTF8.self) {
        case "True", "true": members.append((name, .number(PrintedNumber(value: .integer(1), precision: precision))))
        case "False", "false": members.append((name, .number(PrintedNumber(value: .integer(0), precision: precision))))
        case "None", "null": members.append((name, .nothing))
        default: return false
        }
        place += word.count
        return true
    }

    /// `np.float64(0.25)`: the number; what else is called is refused.
    private mutating func shell(_ name: String, _ start: Int, depth: Int) -> Bool {
        var open = 1
        guard
            let close = bytes[start...].firstIndex(where: { byte in
                if byte == UInt8(ascii: "(") { open += 1 }
                if byte == UInt8(ascii: ")") { open -= 1 }
                return open == 0
            })
        else { return false }
        let first = bytes[start..<close].prefix { $0 != UInt8(ascii: ",") }
        if case (.number(let number), let count) = PrintedNumber.read(first), count == first.count {
            members.append((name, .number(number)))
        } else {
            members.append((name, .refused("it is no number")))
        }
        place = close + 1
        return true
    }

    private mutating func list(_ name: String, _ close: Unicode.Scalar, depth: Int) -> Bool {
        if take(close) { return true }
        var index = 0
        repeat {
            skipBlanks()
            if place < bytes.count, bytes[place] == UInt8(ascii: close) { break }
            guard value("\(name)/\(index)", depth: depth) else { return false }
            index += 1
        } while take(",")
        return take(close)
    }

    private mutating func string() -> String? {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'") else {
            return nil
        }
        let quote = bytes[place]
        var end = place + 1
        var content: [UInt8] = []
        while end < bytes.count, bytes[end] != quote {
            if bytes[end] == UInt8(ascii: "\\"), end + 1 < bytes.count { end += 1 }
            content.append(bytes[end])
            end += 1
        }
        guard end < bytes.count else { return nil }
        // JSON has more escapes than a backslash before a quote.
        let raw = bytes[(place + 1)..<end]
        place = end + 1
        if quote == UInt8(ascii: "\""), raw.contains(UInt8(ascii: "\\")), let text = Self.unescaped(Array(raw)) {
            return text
        }
        return String(decoding: content, as: UTF8.self)
    }

    private static func unescaped(_ raw: [UInt8]) -> String? {
        raw.withUnsafeBytes { bytes in
            var repairs = 0
            guard let unescaped = try? EscapedText(bytes, &repairs).bytes else { return nil }
            return String(decoding: unescaped, as: UTF8.self)
        }
    }
}
