/// What stands in a message without a key: counts, times, rates and drawings of progress bars, and what is in brackets.
extension PairScanner {
    /// A count, a percentage or a time without a key, which only a progress bar has.
    mutating func scanBare() {
        let start = place
        let stop = max(endOfToken(start), start + 1)
        let token = text(start..<stop)
        place = stop
        if takeCount(start) { return }
        if Self.isCount(token) {
            // At the start of a line, or where a bar was.
            if pairs.isEmpty, leftovers.isEmpty { isProgress = true }
            if isProgress || labels.isEmpty == false || !pairs.isEmpty { return }
        }
        if token.hasSuffix("%"), place < end, bytes[place] == UInt8(ascii: "|") { isProgress = true }
        if isProgress, Self.isOfProgress(token) { return }
        leftovers.append(token)
    }

    /// `epoch 001:    100 / 5000`: how far the epoch is.
    mutating func takeCount(_ start: Int) -> Bool {
        guard isAfterEpoch, let (count, last) = spacedCount(start..<end), isEndOfNumber(last) else { return false }
        self.count = count
        place = last
        return true
    }

    var isAfterEpoch: Bool {
        guard !isProgress, count == nil, let pair = pairs.last else { return false }
        return MetricWords.stepRank(pair.name) == MetricWords.epochRank
    }

    /// Two whole numbers with a slash between, and where they end.
    func spacedCount(_ range: Range<Int>) -> (count: Count, end: Int)? {
        let start = skippingBlanks(range.lowerBound)
        let first = bytes[start..<max(start, range.upperBound)].prefix(while: PrintedNumber.isDigit)
        let slash = skippingBlanks(first.endIndex)
        guard slash < range.upperBound, bytes[slash] == UInt8(ascii: "/") else { return nil }
        let second = bytes[min(skippingBlanks(slash + 1), range.upperBound)..<range.upperBound].prefix(
            while: PrintedNumber.isDigit)
        guard let value = Int64(String(decoding: first, as: UTF8.self)),
            let total = Int64(String(decoding: second, as: UTF8.self))
        else { return nil }
        return (Count(value: value, total: total), second.endIndex)
    }

    /// `450/1000`.
    private static func isCount(_ token: String) -> Bool {
        let parts = token.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }
    }

    /// Times, rates, percentages, and the characters of bars.
    private static func isOfProgress(_ token: String) -> Bool {
        if isCount(token) || token.allSatisfy({ "=>.#<-?/".contains($0) }) { return true }
        let parts = token.split(separator: "<")
        return parts.allSatisfy { part in
            let isClock = part.contains(":") && part.allSatisfy { $0.isNumber || $0 == ":" || $0 == "." }
            let number = part.prefix { $0.isNumber || $0 == "." }
            let unit = part.dropFirst(number.count)
            return isClock || part == "?" || part.hasPrefix("?")
                || !number.isEmpty && (unit.isEmpty || Units.isOfProgress(String(unit)) || unit.hasSuffix("/s"))
        }
    }

    mutating func scanBracket() {
        let open = bytes[place]
        let close = open == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: ")")
        var depth = 0
        let stop = bytes[place..<end].firstIndex { byte in
            if byte == open { depth += 1 }
            if byte == close { depth -= 1 }
            return depth == 0
        }
        guard let stop, stop > place + 1, depth < Self.largestDepth else { return leave(upTo: place + 1) }
        if isAfterEpoch, let (found, last) = spacedCount((place + 1)..<stop), last == stop || isBlank(last) {
            count = found
        }
        let inner = PairScanner(bytes, (place + 1)..<stop, depth: depth + 1)
        let content = text((place + 1)..<stop)
        // Numbers alone are a shape; a share of a count is progress.
        let isShape =
            inner.pairs.isEmpty && !content.contains { "/%:<=>".contains($0) } && content.contains { $0.isNumber }
        if isShape || !inner.leftovers.isEmpty || !inner.labels.isEmpty {
            leftovers.append(text(place..<(stop + 1)))
        } else {
            pairs += inner.pairs
            isProgress = isProgress || open == UInt8(ascii: "[") && count == nil
        }
        place = stop + 1
    }

    /// Blocks and lines of bars and boxes; other characters beyond ASCII are words that nobody knows here.
    mutating func scanDrawing() {
        let start = place
        while place < end, bytes[place] >= 0x80 { place += 1 }
        let isDrawing = text(start..<place).unicodeScalars.allSatisfy {
            0x2500...0x259F ~= $0.value || 0x2800...0x28FF ~= $0.value
        }
        if !isDrawing { leftovers.append(text(start..<place)) }
    }
}
