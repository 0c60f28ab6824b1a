/// A field of a data file, before it is known whether its decimal mark is a point or a comma.
enum CSVNumber {
    /// A number that is the same with either mark: it has none.
    case whole(Double)
    case withPoint(Double)
    /// A comma as its decimal mark. `isCertain` says that it cannot be one between thousands.
    case withComma(Double, isCertain: Bool)
    /// No value, as files write it.
    case missing
    /// More than a 64-bit number holds.
    case tooLarge
    /// A number in groups of three digits; what it is without them.
    case thousands(String)
    /// No finite number.
    case other

    var isNumber: Bool {
        switch self {
        case .whole, .withPoint, .withComma: true
        default: false
        }
    }

    /// Reads a field without blanks around it.
    init(_ text: String) {
        if let number = Double(decimal: text) {
            self =
                number.isFinite
                ? text.utf8.contains(UInt8(ascii: ".")) ? .withPoint(number) : .whole(number) : .tooLarge
            return
        }
        if Self.isMissing(text) {
            self = .missing
            return
        }
        // No number is that long, and nobody waits for it.
        guard text.utf8.count <= 1000 else {
            self = .other
            return
        }
        let pieces = text.split(separator: ",", omittingEmptySubsequences: false)
        if pieces.count == 2, !text.utf8.contains(UInt8(ascii: ".")),
            let number = Double(decimal: "\(pieces[0]).\(pieces[1])")
        {
            let whole = pieces[0].drop { $0 == "+" || $0 == "-" }
            let isGroup = Self.isDigits(pieces[1], counts: 3...3) && Self.isDigits(whole, counts: 1...3)
            self = number.isFinite ? .withComma(number, isCertain: !isGroup || whole.hasPrefix("0")) : .tooLarge
        } else if let plain = Self.withoutGroups(text) {
            self = .thousands(plain)
        } else {
            self = .other
        }
    }

    /// Whether a field without blanks around it has no value, as files write it.
    static func isMissing(_ text: String) -> Bool {
        // None of them ends with a digit, and most fields do.
        if let last = text.utf8.last, isDigit(last) { return false }
        return text.isEmpty || text.utf8.count <= longestMissing && lowercasedMissing.contains(text.lowercased())
    }

    /// What people and programs write where there is no value; small and capital letters are alike.
    ///
    /// The programs are pandas, R, Excel, C libraries, SQL and Python.
    static let missingTexts = [
        "-", "--", "–", "—", ".", "?", "NA", "N/A", "<NA>", "#NA", "#N/A", "#NV", "NaN", "-NaN", "-nan(ind)", "1.#QNAN",
        "-1.#QNAN", "1.#IND", "-1.#IND", "NULL", "None",
    ]

    /// Whether a point with three digits behind it, and one to three before, may be one between thousands: 1.234 and not
    /// 0.234.
    static func mayBeGrouped(_ text: String) -> Bool {
        var digits = Substring(text).utf8
        if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { digits.removeFirst() }
        guard (5...7).contains(digits.count), digits.first != UInt8(ascii: "0") else { return false }
        return digits.suffix(3).allSatisfy(isDigit) && digits.dropLast(4).allSatisfy(isDigit)
            && digits.dropLast(3).last == UInt8(ascii: ".")
    }

    /// The number without a separator between thousands; nil where it has none.
    ///
    /// A point is one in a number with several, and in one with a single point among decimal commas.
    static func withoutGroups(_ text: String) -> String? {
        let sign = text.prefix { $0 == "+" || $0 == "-" }
        let digits = text.dropFirst(sign.count)
        for separator in separators where digits.contains(separator) {
            let marks: [Character] = separator == "," ? ["."] : separator == "." ? [","] : [".", ","]
            let end = digits.firstIndex(where: marks.contains) ?? digits.endIndex
            let groups = digits[..<end].split(separator: separator, omittingEmptySubsequences: false)
            let rest = digits[end...].dropFirst()
            guard groups.count > 1, isDigits(groups[0], counts: 1...3), !groups[0].hasPrefix("0"),
                isDigits(groups[groups.count - 1], counts: 3...3),
                groups.dropFirst().allSatisfy({ isDigits($0, counts: 2...3) }),
                rest.isEmpty || isDigits(rest, counts: 1...400)
            else { continue }
            return sign + groups.joined() + digits[end...]
        }
        return nil
    }

    // MARK: - Internals

    private static let lowercasedMissing = Set(missingTexts.map { $0.lowercased() })
    private static let longestMissing = missingTexts.map(\.utf8.count).max() ?? 0

    /// Between thousands: blanks of several widths, apostrophes, and what elsewhere is a decimal mark.
    private static let separators: [Character] = [
        " ", "\u{A0}", "\u{202F}", "\u{2009}", "'", "\u{2019}", "_", ",", ".",
    ]

    private static func isDigits(_ text: Substring, counts: ClosedRange<Int>) -> Bool {
        counts.contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
