extension PairScanner {
    mutating func scanValue(of name: String, from start: Int, hasSign: Bool, isColon: Bool) {
        let next = skippingBlanks(start)
        guard next < end else { return leaveOrLabel(name, end) }
        if bytes[next] == UInt8(ascii: "["), scanStepInBrackets(name, next) { return }
        let (token, count) = PrintedNumber.read(bytes[next..<end])
        switch token {
        case .number(let number): scanNumber(number, of: name, next, next + count, hasSign: hasSign)
        case .ambiguous:
            place = endOfToken(next + count)
            add(
                name, nil, text(next..<place), "its comma may stand between thousands or before decimals",
                hasSign: hasSign)
        case .other:
            if isColon, next > start, isPhraseWithValue(next) {
                labels.append(name)
                place = next
                return
            }
            place = max(endOfToken(next), next + 1)
            add(name, nil, text(next..<place), "it is no number", hasSign: hasSign)
        }
    }

    /// Whether words stand here that have a value themselves, so that those before are a label.
    private func isPhraseWithValue(_ start: Int) -> Bool {
        guard let last = phrase(at: start).last else { return false }
        let next = skippingBlanks(last)
        guard next < end else { return false }
        if bytes[next] == UInt8(ascii: ":") || bytes[next] == UInt8(ascii: "=") { return true }
        if case (.number, _) = PrintedNumber.read(bytes[next..<end]) { return next > last }
        return false
    }

    mutating func scanNumber(_ number: PrintedNumber, of name: String, _ start: Int, _ next: Int, hasSign: Bool) {
        var number = number
        place = next
        var total: Int64?
        if place < end, bytes[place] == UInt8(ascii: "/"),
            case (.number(let whole), let count) = PrintedNumber.read(bytes[(place + 1)..<end]),
            case .integer(let value) = whole.value, isEndOfPair(place + 1 + count)
        {
            total = value
            place += 1 + count
        } else {
            takeUnit(&number)
        }
        // `45%|####` is a bar, and what stands before names it.
        if number.unit == "%", place < end, bytes[place] == UInt8(ascii: "|") {
            isProgress = true
            labels.append(name)
            return
        }
        guard isEndOfPair(place) else {
            place = max(endOfToken(place), place + 1)
            return add(name, nil, text(start..<place), "it is no number", hasSign: hasSign)
        }
        // `iter 250: loss 2.1`, and the full stop of a sentence.
        if place < end, bytes[place] == UInt8(ascii: ":") || bytes[place] == UInt8(ascii: ".") { place += 1 }
        pairs.append(
            Pair(
                name: Self.key(name), number: number, text: text(start..<next), refusal: nil, total: total,
                hasSign: hasSign))
        skipAverage()
    }

    func isEndOfPair(_ place: Int) -> Bool {
        if isEndOfNumber(place) { return true }
        let byte = bytes[place]
        return (byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")) && isBlank(place + 1)
            || byte == UInt8(ascii: "(")
    }

    /// A unit directly behind, or behind one blank where no key follows.
    mutating func takeUnit(_ number: inout PrintedNumber) {
        let isApart = place + 1 < end && bytes[place] == 0x20
        let start = isApart ? place + 1 : place
        let stop = bytes[start..<end].firstIndex { " \t,;|)]}=:([".utf8.contains($0) } ?? end
        var last = stop
        if last > start, bytes[last - 1] == UInt8(ascii: "."), isBlank(last) { last -= 1 }
        let unit = text(start..<last)
        guard Units.isUnit(unit) else { return }
        if isApart {
            let next = skippingBlanks(stop)
            let hasValue = next < end && ("=:".utf8.contains(bytes[next]) || PrintedNumber.isDigit(bytes[next]))
            guard !hasValue else { return }
        }
        number.unit = unit
        place = last
    }

    /// `Loss 0.31 (0.29)`: the average behind a value, `Accuracy: 9890/10000 (99%)`.
    mutating func skipAverage() {
        let next = place < end ? skippingBlanks(place) : end
        guard next < end, bytes[next] == UInt8(ascii: "("),
            let close = bytes[next..<end].firstIndex(of: UInt8(ascii: ")"))
        else { return }
        let inner = skippingBlanks(next + 1)
        guard inner < close, case (.number(var number), let count) = PrintedNumber.read(bytes[inner..<close]) else {
            return
        }
        let old = place
        place = inner + count
        takeUnit(&number)
        place = skippingBlanks(place) == close ? close + 1 : old
    }

    /// `Epoch [1/5]`, `Epoch: [3][10/391]`.
    mutating func scanStepInBrackets(_ name: String, _ open: Int) -> Bool {
        guard MetricWords.stepRank(Self.key(name)) != nil,
            let close = bytes[open..<end].firstIndex(of: UInt8(ascii: "]"))
        else { return false }
        let content = text((open + 1)..<close).split(separator: "/", omittingEmptySubsequences: false)
        let numbers = content.map { Int64($0.filter { $0 != " " }) }
        guard numbers.count <= 2, let first = numbers[0], let last = numbers.last, let last else { return false }
        let precision = PrintedPrecision(significantDigits: "\(first)".count, lastPlace: 0)
        let number = PrintedNumber(value: .integer(first), precision: precision)
        pairs.append(
            Pair(
                name: Self.key(name), number: number, text: text(open..<(close + 1)), refusal: nil,
                total: numbers.count == 2 ? last : nil, hasSign: true))
        place = close + 1
        // What follows at once counts within it.
        if place < end, bytes[place] == UInt8(ascii: "["),
            let next = bytes[place..<end].firstIndex(of: UInt8(ascii: "]"))
        {
            if isAfterEpoch { count = spacedCount((place + 1)..<next)?.count }
            place = next + 1
        }
        if place < end, bytes[place] == UInt8(ascii: ":") { place += 1 }
        return true
    }

    mutating func add(
        _ name: String, _ number: PrintedNumber?, _ text: String, _ refusal: String, hasSign: Bool
    ) {
        pairs.append(
            Pair(name: Self.key(name), number: number, text: text, refusal: refusal, total: nil, hasSign: hasSign))
    }

    /// A key of one word: blanks become underscores, and full stops of abbreviations go.
    static func key(_ name: String) -> String {
        name.split(separator: " ").map { $0.hasSuffix(".") ? $0.dropLast() : $0 }.joined(separator: "_")
    }
}
