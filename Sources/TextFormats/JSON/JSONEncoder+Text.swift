package import Foundation

extension JSONEncoder {
    /// For what commands print for programs: one line, keys in `snake_case` and in the same order every time.
    package static func forPrograms() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .words
        return encoder
    }

    /// What the encoder writes, with hidden characters as escapes and -0 as `-0.0`.
    ///
    /// Foundation writes `-0`, which readers that tell whole numbers from others, such as Python's, take for 0.
    package func text(_ value: some Encodable) throws -> String {
        Self.withRealZeros(String(decoding: try encode(value), as: UTF8.self)).visibleJSON
    }

    /// JSON with `-0.0` for every number `-0`; what stands in texts stays.
    static func withRealZeros(_ json: String) -> String {
        guard json.utf8.firstIndex(of: UInt8(ascii: "-")) != nil else { return json }
        var result: [UInt8] = []
        let bytes = Array(json.utf8)
        var isInText = false
        for (place, byte) in bytes.enumerated() {
            result.append(byte)
            if byte == UInt8(ascii: "\"") {
                // As many backslashes before it as escape one another.
                let escapes = bytes[..<place].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
                if !isInText || escapes.isMultiple(of: 2) { isInText.toggle() }
            }
            guard !isInText, byte == UInt8(ascii: "0"), place > 0, bytes[place - 1] == UInt8(ascii: "-") else {
                continue
            }
            // The exponent of a number such as 1e-05 is none.
            let isWhole = place < 2 || ![UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[place - 2])
            let next = place + 1 < bytes.count ? bytes[place + 1] : UInt8(ascii: ",")
            if isWhole, ![UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(next) {
                result += Array(".0".utf8)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
