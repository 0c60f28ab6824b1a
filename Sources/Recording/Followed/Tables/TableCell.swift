import TextFormats

/// What stands in a cell.
enum TableCell {
    /// Nil for nothing but blanks; what is no number is a text.
    ///
    /// A number is one of JSON, or has what other programs print: a sign +, no digit before or behind the point, zeros in front,
    /// `nan` and `inf` in any letters.
    static func value(_ cell: UnsafeRawBufferPointer, _ repairs: inout Int) -> LoggedValue? {
        let trimmed = trimmed(cell)
        guard let first = trimmed.first else { return nil }
        if first <= UInt8(ascii: "9") || first | 0x20 == UInt8(ascii: "n") || first | 0x20 == UInt8(ascii: "i") {
            if let number = number(trimmed) { return number }
        }
        return .text(RepairedText(trimmed, &repairs).text)
    }

    static func trimmed(_ cell: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let start = cell.firstIndex(where: { !isBlank($0) }), let end = cell.lastIndex(where: { !isBlank($0) })
        else { return UnsafeRawBufferPointer(rebasing: cell.prefix(0)) }
        return UnsafeRawBufferPointer(rebasing: cell[start...end])
    }

    // MARK: - Internals

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    private static func number(_ text: UnsafeRawBufferPointer) -> LoggedValue? {
        var scanner = LineScanner(text)
        if let number = try? scanner.number(), scanner.isAtEnd { return number }
        return text.count <= 64 ? otherNumber(String(decoding: text, as: UTF8.self)) : nil
    }

    private static func otherNumber(_ text: String) -> LoggedValue? {
        let isNegative = text.hasPrefix("-")
        let magnitude = isNegative || text.hasPrefix("+") ? String(text.dropFirst()) : text
        switch magnitude.lowercased() {
        case "nan": return .real(.nan)
        case "inf", "infinity": return .real(isNegative ? -.infinity : .infinity)
        default: break
        }
        guard let digit = magnitude.utf8.first(where: { $0 != UInt8(ascii: ".") }), digit &- UInt8(ascii: "0") < 10,
            let value = Double(decimal: magnitude.hasSuffix(".") ? magnitude + "0" : magnitude)
        else { return nil }
        if let integer = Int64(text), integer != 0 || !isNegative { return .integer(integer) }
        return .real(isNegative ? -value : value)
    }
}
