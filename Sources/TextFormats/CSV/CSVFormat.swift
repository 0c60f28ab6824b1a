/// How a data file is written: with its bytes, all that its numbers depend on.
///
/// Lines that begin with # are comments by a rule that has no setting, see ``CSVColumns``.
package struct CSVFormat: Sendable, Hashable {
    package var encoding: TextEncoding
    package var delimiter: CSVDelimiter
    package var decimal: DecimalMark
    /// Whether the first row names the columns; else they are called 1, 2 and so on.
    package var hasHeader: Bool
    /// Lines of the file before the header, such as a title.
    package var skippedLines: Int
    /// Rows below the header, such as one of units.
    package var skippedRows: Int
    /// Whether rows without a value are left out.
    package var skipsMissing: Bool

    /// Comma-separated values as RFC 4180 has them, in UTF-8.
    package static let plain = CSVFormat()

    package init(
        encoding: TextEncoding = .utf8, delimiter: CSVDelimiter = .comma, decimal: DecimalMark = .point,
        hasHeader: Bool = true, skippedLines: Int = 0, skippedRows: Int = 0, skipsMissing: Bool = false
    ) {
        (self.encoding, self.delimiter, self.decimal) = (encoding, delimiter, decimal)
        (self.hasHeader, self.skippedLines, self.skippedRows) = (hasHeader, skippedLines, skippedRows)
        self.skipsMissing = skipsMissing
    }
}

extension CSVFormat {
    /// What `options` say, and where they leave something open what `format` has.
    package init(_ options: CSVOptions, else format: CSVFormat) {
        self.init(
            encoding: options.encoding ?? format.encoding, delimiter: options.delimiter ?? format.delimiter,
            decimal: options.decimal ?? format.decimal, hasHeader: options.hasHeader,
            skippedLines: options.skippedLines, skippedRows: options.skippedRows, skipsMissing: options.skipsMissing)
    }
}

/// What is said of a file's format; nil is to be recognized.
package struct CSVOptions: Sendable, Hashable {
    package var encoding: TextEncoding?
    package var delimiter: CSVDelimiter?
    package var decimal: DecimalMark?
    package var hasHeader = true
    package var skippedLines = 0
    package var skippedRows = 0
    package var skipsMissing = false

    /// Everything is to be recognized.
    package init() {}

    /// Nothing is.
    package init(_ format: CSVFormat) {
        (encoding, delimiter, decimal) = (format.encoding, format.delimiter, format.decimal)
        (hasHeader, skippedLines, skippedRows) = (format.hasHeader, format.skippedLines, format.skippedRows)
        skipsMissing = format.skipsMissing
    }
}

/// What stands between the fields of a row.
package enum CSVDelimiter: String, Sendable, Codable, CaseIterable {
    case comma, semicolon, tab, pipe

    /// Its word, or the character itself; a tab also as `\t`.
    package init?(text: String) {
        switch text {
        case "\\t": self = .tab
        default:
            guard let found = Self.allCases.first(where: { $0.rawValue == text || $0.character == text }) else {
                return nil
            }
            self = found
        }
    }

    var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .semicolon: UInt8(ascii: ";")
        case .tab: UInt8(ascii: "\t")
        case .pipe: UInt8(ascii: "|")
        }
    }

    /// As a sentence has it.
    var words: String { self == .tab ? "tabs" : "'\(character)'" }

    private var character: String { String(UnicodeScalar(byte)) }
}

/// What stands between a number's whole part and its fraction.
package enum DecimalMark: String, Sendable, Codable, CaseIterable {
    case point, comma

    /// Its word, or the character itself.
    package init?(text: String) {
        switch text {
        case "point", ".": self = .point
        case "comma", ",": self = .comma
        default: return nil
        }
    }
}

extension CSVFormat: Codable {
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case encoding, delimiter, decimal, header
        case skippedLines = "skip_lines"
        case skippedRows = "skip_rows"
        case skipsMissing = "skip_missing"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let plain = Self.plain
        self.init(
            encoding: try container.decodeIfPresent(TextEncoding.self, forKey: .encoding) ?? plain.encoding,
            delimiter: try container.decodeIfPresent(CSVDelimiter.self, forKey: .delimiter) ?? plain.delimiter,
            decimal: try container.decodeIfPresent(DecimalMark.self, forKey: .decimal) ?? plain.decimal,
            hasHeader: try container.decodeIfPresent(Bool.self, forKey: .header) ?? plain.hasHeader,
            skippedLines: max(0, try container.decodeIfPresent(Int.self, forKey: .skippedLines) ?? plain.skippedLines),
            skippedRows: max(0, try container.decodeIfPresent(Int.self, forKey: .skippedRows) ?? plain.skippedRows),
            skipsMissing: try container.decodeIfPresent(Bool.self, forKey: .skipsMissing) ?? plain.skipsMissing)
    }

    /// Writes what differs from ``plain``.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let plain = Self.plain
        if encoding != plain.encoding { try container.encode(encoding, forKey: .encoding) }
        if delimiter != plain.delimiter { try container.encode(delimiter, forKey: .delimiter) }
        if decimal != plain.decimal { try container.encode(decimal, forKey: .decimal) }
        if hasHeader != plain.hasHeader { try container.encode(hasHeader, forKey: .header) }
        if skippedLines != plain.skippedLines { try container.encode(skippedLines, forKey: .skippedLines) }
        if skippedRows != plain.skippedRows { try container.encode(skippedRows, forKey: .skippedRows) }
        if skipsMissing != plain.skipsMissing { try container.encode(skipsMissing, forKey: .skipsMissing) }
    }
}
