/// Finds keys with values in a message, and what is neither.
///
/// It takes nothing by force: whoever uses it decides by what is left over.
struct PairScanner {
    /// A key and what stands behind it.
    struct Pair {
        let name: String
        /// Nil where it is no number; ``text`` says what it is, and ``refusal`` why it is none.
        let number: PrintedNumber?
        let text: String
        let refusal: String?
        /// 3300 in `step:250/3300`.
        let total: Int64?
        /// Whether a colon or an equals sign stands between.
        let hasSign: Bool
    }

    private(set) var pairs: [Pair] = []
    /// Words before a colon or a bar that have no value of their own, such as `Test set:`.
    private(set) var labels: [String] = []
    /// What belongs to no value.
    private(set) var leftovers: [String] = []
    private(set) var isProgress = false
    /// How far the epoch of the line is, such as `[640/60000 (1%)]` behind `Epoch: 1`.
    private(set) var count: Count?

    struct Count: Equatable {
        let value: Int64
        let total: Int64
    }

    private let bytes: [UInt8]
    private var place: Int
    private let end: Int

    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        place = start
        end = bytes.count
        scan()
    }

    /// The content of brackets, in which a progress bar tells about itself.
    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        place = range.lowerBound
        end = range.upperBound
        isProgress = true
        scan()
    }

    // MARK: - Internals

    private mutating func scan() {
        while place < end {
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: "|"):
                place += 1
                skipWordsBetweenBars()
            case 0x20, 0x09, UInt8(ascii: ","), UInt8(ascii: ";"): place += 1
            case UInt8(ascii: "-") where isBlank(place + 1): place += 1
            case UInt8(ascii: "["), UInt8(ascii: "("): scanBracket()
            case 0x80...: scanDrawing()
            case UInt8(ascii: ".") where isBlank(place + 1): place += 1
            default:
                if PrintedNumber.isLetter(byte) || byte == UInt8(ascii: "_") { scanPhrase() } else { scanBare() }
            }
        }
    }

    /// `| valid on 'valid' subset |` says what is measured.
    private mutating func skipWordsBetweenBars() {
        guard !isProgress, let bar = bytes[place..<end].firstIndex(of: UInt8(ascii: "|")) else { return }
        let words = text(place..<bar)
        guard words.utf8.allSatisfy({ PrintedNumber.isLetter($0) || " _'.-".utf8.contains($0) }) else { return }
        let label = Substring(words).trimmed
        if !label.isEmpty { labels.append(String(label)) }
        place = bar
    }

    private func isBlank(_ place: Int) -> Bool {
        place >= end || bytes[place] == 0x20 || bytes[place] == 0x09
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func skippingBlanks(_ place: Int) -> Int {
        bytes[place..<end].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? end
    }

    private func endOfToken(_ place: Int) -> Int {
        bytes[place..<end].firstIndex { " \t,;|)]}".utf8.contains($0) } ?? end
    }

    // MARK: - Words

    private func isOfWord(_ place: Int) -> Bool {
        let byte = bytes[place]
        return PrintedNumber.isLetter(byte) || PrintedNumber.isDigit(byte) || "_./@#'-".utf8.contains(byte)
    }

    /// One to four words with single blanks between; where each ends.
    private func phrase(at start: Int) -> [Int] {
        var ends: [Int] = []
        var next = start
        while next < end, ends.count < 5, PrintedNumber.isLetter(bytes[next]) || bytes[next] == UInt8(ascii: "_") {
            // NaN and inf are values, unless they begin a key.
            if !ends.isEmpty, case (.number, let count) = PrintedNumber.read(bytes[next..<end]),
                isEndOfNumber(next + count)
            {
                break
            }
            while next < end, isOfWord(next) { next += 1 }
            ends.append(next)
            guard next + 1 < end, bytes[next] == 0x20, bytes[next + 1] != 0x20 else { break }
            next += 1
        }
        return ends
    }

    private func isEndOfNumber(_ place: Int) -> Bool {
        place >= end || " \t,;|)]}".utf8.contains(bytes[place])
    }

    private mutating func scanPhrase() {
        let start = place
        let ends = phrase(at: start)
        guard let last = ends.last, ends.count <= 4 else { return leave(upTo: ends.last ?? place + 1) }
        let name = text(start..<last)
        let next = skippingBlanks(last)
        guard next < end else { return leaveOrLabel(name, last) }
        switch bytes[next] {
        case UInt8(ascii: ":") where next + 1 < end && !"/:".utf8.contains(bytes[next + 1]):
            scanValue(of: name, from: next + 1, hasSign: true, isColon: true)
        case UInt8(ascii: "=") where next + 1 < end && !"=>".utf8.contains(bytes[next + 1]):
            scanValue(of: name, from: next + 1, hasSign: true, isColon: false)
        case UInt8(ascii: "["):
            if !scanStepInBrackets(name, next) { leaveOrLabel(name, last) }
        case UInt8(ascii: "|"), UInt8(ascii: ":"): leaveOrLabel(name, last)
        default:
            if next > last, case (.number, _) = PrintedNumber.read(bytes[next..<end]) {
                scanValue(of: name, from: next, hasSign: false, isColon: false)
            } else {
                leaveOrLabel(name, last)
            }
        }
    }

    private mutating func leaveOrLabel(_ name: String, _ last: Int) {
        let next = skippingBlanks(last)
        let isLabel =
            pairs.isEmpty && next < end && (bytes[next] == UInt8(ascii: ":") || bytes[next] == UInt8(ascii: "|"))
        if isLabel { labels.append(name) } else { leftovers.append(name) }
        place = isLabel ? next + 1 : last
    }

    private mutating func leave(upTo next: Int) {
        leftovers.append(text(place..<max(next, place + 1)))
        place = max(next, place + 1)
    }

    // MARK: - Values

    private mutating func scanValue(of name: String, from start: Int, hasSign: Bool, isColon: Bool) {
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

    private mutating func scanNumber(_ number: PrintedNumber, of name: String, _ start: Int, _ next: Int, hasSign: Bool)
    {
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

    private func isEndOfPair(_ place: Int) -> Bool {
        if isEndOfNumber(place) { return true }
        let byte = bytes[place]
        return (byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")) && isBlank(place + 1)
            || byte == UInt8(ascii: "(")
    }

    /// A unit directly behind, or behind one blank where no key follows.
    private mutating func takeUnit(_ number: inout PrintedNumber) {
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
    private mutating func skipAverage() {
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
    private mutating func scanStepInBrackets(_ name: String, _ open: Int) -> Bool {
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

    private mutating func add(
        _ name: String, _ number: PrintedNumber?, _ text: String, _ refusal: String, hasSign: Bool
    ) {
        pairs.append(
            Pair(name: Self.key(name), number: number, text: text, refusal: refusal, total: nil, hasSign: hasSign))
    }

    /// A key of one word: blanks become underscores, and full stops of abbreviations go.
    private static func key(_ name: String) -> String {
        name.split(separator: " ").map { $0.hasSuffix(".") ? $0.dropLast() : $0 }.joined(separator: "_")
    }

    // MARK: - What has no key

    /// A count, a percentage or a time without a key, which only a progress bar has.
    private mutating func scanBare() {
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
    private mutating func takeCount(_ start: Int) -> Bool {
        guard isAfterEpoch, let (count, last) = spacedCount(start..<end), isEndOfNumber(last) else { return false }
        self.count = count
        place = last
        return true
    }

    private var isAfterEpoch: Bool {
        guard !isProgress, count == nil, let pair = pairs.last else { return false }
        return MetricWords.stepRank(pair.name) == MetricWords.epochRank
    }

    /// Two whole numbers with a slash between, and where they end.
    private func spacedCount(_ range: Range<Int>) -> (count: Count, end: Int)? {
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

    private mutating func scanBracket() {
        let open = bytes[place]
        let close = open == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: ")")
        var depth = 0
        let stop = bytes[place..<end].firstIndex { byte in
            if byte == open { depth += 1 }
            if byte == close { depth -= 1 }
            return depth == 0
        }
        guard let stop, stop > place + 1 else { return leave(upTo: place + 1) }
        if isAfterEpoch, let (found, last) = spacedCount((place + 1)..<stop), last == stop || isBlank(last) {
            count = found
        }
        let inner = PairScanner(bytes, (place + 1)..<stop)
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
    private mutating func scanDrawing() {
        let start = place
        while place < end, bytes[place] >= 0x80 { place += 1 }
        let isDrawing = text(start..<place).unicodeScalars.allSatisfy {
            0x2500...0x259F ~= $0.value || 0x2800...0x28FF ~= $0.value
        }
        if !isDrawing { leftovers.append(text(start..<place)) }
    }
}
