/// How characters stand in a file's bytes.
package enum TextEncoding: String, Sendable, Codable, CaseIterable {
    case utf8 = "utf-8"
    /// In the order of bytes that the file shows.
    case utf16 = "utf-16"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case latin1 = "latin-1"
    case windows1252 = "windows-1252"

    /// Its name, or another that is in use, in small or capital letters.
    package init?(text: String) {
        let name = text.lowercased()
        if let encoding = Self(rawValue: name) {
            self = encoding
        } else {
            switch name {
            case "utf8", "utf-8-sig": self = .utf8
            case "utf16": self = .utf16
            case "utf16le", "utf-16-le": self = .utf16LittleEndian
            case "utf16be", "utf-16-be": self = .utf16BigEndian
            case "latin1", "iso-8859-1", "iso8859-1": self = .latin1
            case "cp1252", "cp-1252", "windows1252": self = .windows1252
            default: return nil
            }
        }
    }

    /// As a sentence has it.
    var words: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16: "UTF-16"
        case .utf16LittleEndian: "UTF-16 (little-endian)"
        case .utf16BigEndian: "UTF-16 (big-endian)"
        case .latin1: "Latin-1"
        case .windows1252: "Windows-1252"
        }
    }
}

/// A file's text as UTF-8 without its byte order mark, and how it was encoded.
struct DecodedText {
    let bytes: [UInt8]
    /// Never ``TextEncoding/utf16``, which leaves the order of bytes open.
    let encoding: TextEncoding

    /// Reads bytes in the encoding that is given, or in that of their byte order mark; without either they are UTF-8, or
    /// UTF-16 if they cannot be anything else.
    init(_ bytes: [UInt8], encoding: TextEncoding?, name: String) throws(CSVError) {
        let mark = Mark(of: bytes)
        if encoding == nil || encoding == .utf8 || encoding == .utf16, mark == .utf32 {
            throw CSVError(
                .unusable, "\(name) is UTF-32 text", advice: "save it as UTF-8")
        }
        switch encoding {
        case nil:
            switch mark?.encoding ?? Self.sureEncoding(of: bytes) {
            case let found? where found != .utf8: try self.init(bytes, utf16: found, name: name)
            default: try self.init(utf8: bytes, name: name)
            }
        case .utf8: try self.init(utf8: bytes, name: name)
        case .utf16:
            if mark == .utf8 { throw Self.otherMark(.utf8, than: .utf16, name: name) }
            guard let found = mark?.encoding ?? Self.sureEncoding(of: bytes) else {
                throw CSVError(
                    .unusable, "\(name) does not show in which order the bytes of its UTF-16 are",
                    advice: "give \(option: "encoding") utf-16le or utf-16be")
            }
            try self.init(bytes, utf16: found, name: name)
        case .latin1:
            self.init(characters: bytes.lazy.map { UnicodeScalar($0) }, encoding: .latin1)
        case .windows1252:
            self.init(characters: bytes.lazy.map(Self.windows1252), encoding: .windows1252)
        case let given?: try self.init(bytes, utf16: given, name: name)
        }
    }

    // MARK: - Internals

    private init(utf8 bytes: [UInt8], name: String) throws(CSVError) {
        let text = Mark(of: bytes) == .utf8 ? Array(bytes.dropFirst(3)) : bytes
        guard String(validating: text, as: UTF8.self) != nil else { throw Self.notUTF8(text, name: name) }
        (self.bytes, encoding) = (text, .utf8)
    }

    private init(_ bytes: [UInt8], utf16 encoding: TextEncoding, name: String) throws(CSVError) {
        let isBig = encoding == .utf16BigEndian
        let mark = Mark(of: bytes)
        if let found = mark?.encoding, found != encoding { throw Self.otherMark(found, than: encoding, name: name) }
        let start = mark == nil ? 0 : 2
        guard bytes.count % 2 == 0 else {
            throw CSVError(
                .unusable, "\(name) is not UTF-16 text: it has an odd number of bytes, \(bytes.count)",
                advice: "its end may be missing; save it again")
        }
        let units = stride(from: start, to: bytes.count, by: 2).map { place in
            let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return isBig ? first << 8 | second : second << 8 | first
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw CSVError(.unusable, "\(name) is not UTF-16 text", advice: "save it as UTF-8")
        }
        (self.bytes, self.encoding) = (Array(text.utf8), encoding)
    }

    private init(characters: some Sequence<UnicodeScalar>, encoding: TextEncoding) {
        var bytes: [UInt8] = []
        for character in characters {
            if character.isASCII {
                bytes.append(UInt8(truncatingIfNeeded: character.value))
            } else {
                bytes += Array(String(character).utf8)
            }
        }
        (self.bytes, self.encoding) = (bytes, encoding)
    }

    /// What the first bytes say.
    private enum Mark {
        case utf8, utf16LittleEndian, utf16BigEndian, utf32

        init?(of bytes: [UInt8]) {
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
                self = .utf8
            } else if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
                self = .utf32
            } else if bytes.starts(with: [0xFF, 0xFE]) {
                self = .utf16LittleEndian
            } else if bytes.starts(with: [0xFE, 0xFF]) {
                self = .utf16BigEndian
            } else {
                return nil
            }
        }

        var encoding: TextEncoding? {
            switch self {
            case .utf8: .utf8
            case .utf16LittleEndian: .utf16LittleEndian
            case .utf16BigEndian: .utf16BigEndian
            case .utf32: nil
            }
        }
    }

    /// UTF-16 without a mark: every other byte of most characters is zero, and none of those between them.
    private static func sureEncoding(of bytes: [UInt8]) -> TextEncoding? {
        guard bytes.count >= 4, bytes.count % 2 == 0 else { return nil }
        var zeros = [0, 0]
        for index in bytes.indices where bytes[index] == 0 { zeros[index % 2] += 1 }
        let most = bytes.count / 4
        if zeros[0] == 0, zeros[1] > most { return .utf16LittleEndian }
        if zeros[1] == 0, zeros[0] > most { return .utf16BigEndian }
        return nil
    }

    private static func otherMark(_ found: TextEncoding, than given: TextEncoding, name: String) -> CSVError {
        CSVError(
            .unusable, "\(name) begins with the byte order mark of \(found.words), not of \(given.words)",
            advice: "give \(option: "encoding") \(found.rawValue)")
    }

    private static func notUTF8(_ bytes: [UInt8], name: String) -> CSVError {
        // A scalar that was put in the place of bad bytes stands where they do.
        var (line, bad) = (1, UInt8(0))
        var decoder = UTF8()
        var rest = bytes.makeIterator()
        var place = 0
        decoding: while true {
            switch decoder.decode(&rest) {
            case .scalarValue(let scalar):
                if scalar == "\n" { line += 1 }
                place += UTF8.width(scalar)
            case .emptyInput: break decoding
            case .error:
                bad = place < bytes.count ? bytes[place] : 0
                break decoding
            }
        }
        if bytes.contains(0) {
            return CSVError(
                .unusable,
                "\(name) is not text: line \(line) has the byte 0x\(bad.hexadecimal), and there are zero bytes",
                advice: "if it is UTF-16 text, give \(option: "encoding") utf-16le or utf-16be")
        }
        return CSVError(
            .unusable, "\(name) is not UTF-8 text: line \(line) has the byte 0x\(bad.hexadecimal)",
            advice:
                "give \(option: "encoding") windows-1252 for a file of Excel or Windows, latin-1 for an old one of Unix, "
                + "or save it as UTF-8")
    }

    /// As the WHATWG's encoding standard has it: what Windows leaves open is a control character.
    private static func windows1252(_ byte: UInt8) -> UnicodeScalar {
        let special = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ"
        guard (0x80..<0xA0).contains(byte) else { return UnicodeScalar(byte) }
        let scalars = special.unicodeScalars
        return scalars[scalars.index(scalars.startIndex, offsetBy: Int(byte) - 0x80)]
    }
}
