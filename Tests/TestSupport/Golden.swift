package import Foundation

/// The reference numbers in `Tests/Golden`, made by independent implementations.
package enum Golden {
    /// Reads one file, for instance `rng.json`, as the part of it that `contents` declares.
    ///
    /// Throws if the file's `meta.parse_check_f64` numbers do not come out of the JSON parser bit for bit. The strings
    /// "nan", "inf" and "-inf" stand for numbers.
    package static func load<Contents: Decodable>(
        _ name: String, as contents: Contents.Type = Contents.self
    ) throws -> Contents {
        try decode(Data(contentsOf: folder.appending(path: name)))
    }

    /// Decodes a file's bytes as ``load(_:as:)`` does.
    package static func decode<Contents: Decodable>(
        _ data: Data, as contents: Contents.Type = Contents.self
    ) throws -> Contents {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        for check in try decoder.decode(Header.self, from: data).meta.checks where check.parsed != check.expected {
            throw MisreadNumber(check: check)
        }
        return try decoder.decode(Contents.self, from: data)
    }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden")
}

/// The JSON parser made another binary64 of a number than its file says.
package struct MisreadNumber: Error, CustomStringConvertible {
    fileprivate let check: ParseCheck

    package var description: String {
        "a number was read as the bits \(hexadecimal(check.parsed)), but its file says \(hexadecimal(check.expected))"
    }

    private func hexadecimal(_ bits: UInt64) -> String {
        String(bits, radix: 16)
    }
}

private struct Header: Decodable {
    struct Meta: Decodable {
        let checks: [ParseCheck]

        enum CodingKeys: String, CodingKey {
            case checks = "parse_check_f64"
        }
    }

    let meta: Meta
}

/// A number as the parser understood it, beside the bits it must have.
private struct ParseCheck: Decodable {
    let parsed: UInt64
    let expected: UInt64

    init(from decoder: any Decoder) throws {
        var pair = try decoder.unkeyedContainer()
        parsed = try pair.decode(Double.self).bitPattern
        let digits = try pair.decode(String.self)
        guard let bits = UInt64(digits, radix: 16) else {
            throw DecodingError.dataCorruptedError(in: pair, debugDescription: "'\(digits)' is not hexadecimal")
        }
        expected = bits
    }
}
