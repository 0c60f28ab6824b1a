/// Bytes as Unicode, each sequence that is none replaced by U+FFFD.
package struct RepairedText {
    package let text: String

    /// Adds to `repairs` how often something was replaced.
    package init(_ bytes: some Sequence<UInt8>, _ repairs: inout Int) {
        var scalars = String.UnicodeScalarView()
        var parser = Unicode.UTF8.ForwardParser()
        var input = bytes.makeIterator()
        scan: while true {
            switch parser.parseScalar(from: &input) {
            case .valid(let encoded): scalars.append(Unicode.UTF8.decode(encoded))
            case .error:
                scalars.append("\u{FFFD}")
                repairs += 1
            case .emptyInput: break scan
            }
        }
        text = String(scalars)
    }
}

/// The content of a JSON string without its escapes; half of a surrogate pair becomes U+FFFD.
struct EscapedText {
    private(set) var bytes: [UInt8] = []

    init(_ content: UnsafeRawBufferPointer, _ repairs: inout Int) throws(LineError) {
        bytes.reserveCapacity(content.count)
        var place = 0
        while place < content.count {
            let byte = content[place]
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            // A string never ends with a backslash: the quote behind it would be part of it.
            let escape = content[place]
            place += 1
            if escape == UInt8(ascii: "u") {
                bytes.append(contentsOf: try Self.scalar(content, &place, &repairs).utf8)
            } else if let plain = Self.plain(escape) {
                bytes.append(plain)
            } else {
                throw LineError("it is no JSON: \\\(UnicodeScalar(escape)) is no escape")
            }
        }
    }

    private static func plain(_ escape: UInt8) -> UInt8? {
        switch UnicodeScalar(escape) {
        case "\"", "\\", "/": escape
        case "b": 0x08
        case "f": 0x0C
        case "n": 0x0A
        case "r": 0x0D
        case "t": 0x09
        default: nil
        }
    }

    /// The scalar of one `\uXXXX`, or of two that are a pair.
    private static func scalar(
        _ content: UnsafeRawBufferPointer, _ place: inout Int, _ repairs: inout Int
    ) throws(LineError) -> Character {
        let unit = try self.unit(content, &place)
        if let scalar = UnicodeScalar(unit) { return Character(scalar) }
        let isPair =
            unit < 0xDC00 && place + 1 < content.count && content[place] == UInt8(ascii: "\\")
            && content[place + 1] == UInt8(ascii: "u")
        if isPair {
            var next = place + 2
            let low = try self.unit(content, &next)
            if 0xDC00...0xDFFF ~= low,
                let scalar = UnicodeScalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(low) - 0xDC00)
            {
                place = next
                return Character(scalar)
            }
        }
        repairs += 1
        return "\u{FFFD}"
    }

    private static func unit(_ content: UnsafeRawBufferPointer, _ place: inout Int) throws(LineError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard place < content.count, let digit = Character(UnicodeScalar(content[place])).hexDigitValue else {
                throw LineError("it is no JSON: \\u stands without its four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            place += 1
        }
        return unit
    }
}
