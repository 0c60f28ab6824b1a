import TextFormats

/// What a column of text looks like that this program fills by itself.
///
/// Ids, hashes and times are written into headings, links, file names and messages as they stand: a file from somebody else
/// must not bring markup or control characters there.
enum TextShape {
    /// An id, a hash, a version or a word: ASCII letters, digits and `-_.+`.
    case identifier
    /// A time as ISO 8601 writes it: digits and `-:TZ.+`.
    case time
    /// Anything on one line of which all can be seen.
    case line

    /// Whether `text` looks so; an empty one does.
    func allows(_ text: String) -> Bool {
        switch self {
        case .identifier: text.utf8.allSatisfy { Self.isLetterOrDigit($0) || Self.signs.contains($0) }
        case .time: text.utf8.allSatisfy { Self.isDigit($0) || Self.timeSigns.contains($0) }
        case .line: text.isVisible
        }
    }

    /// As a message says it.
    var name: String {
        switch self {
        case .identifier: "word of letters, digits and -_.+"
        case .time: "time"
        case .line: "line of text"
        }
    }

    private static let signs = Array("-_.+".utf8)
    private static let timeSigns = Array("-:TZ.+".utf8)

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
