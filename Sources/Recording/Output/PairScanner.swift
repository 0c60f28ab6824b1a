/// Finds keys with values in a message, and what is neither.
///
/// It takes nothing by force: whoever uses it decides by what is left over. Its time grows with the square of a message at worst,
/// so that messages are no longer than ``longest``.
struct PairScanner {
    static let longest = 4096
    static let largestDepth = 4
    /// Nobody reads on a line with so much that belongs to no value.
    static let largestLeftovers = 8

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

    var pairs: [Pair] = []
    /// Words before a colon or a bar that have no value of their own, such as `Test set:`.
    var labels: [String] = []
    /// What belongs to no value.
    var leftovers: [String] = []
    var isProgress = false
    /// How far the epoch of the line is, such as `[640/60000 (1%)]` behind `Epoch: 1`.
    var count: Count?

    struct Count: Equatable {
        let value: Int64
        let total: Int64
    }

    let bytes: [UInt8]
    var place: Int
    let end: Int
    /// How many brackets are open.
    let depth: Int

    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        depth = 0
        place = start
        end = bytes.count
        scan()
    }

    /// The content of brackets, in which a progress bar tells about itself.
    init(_ bytes: [UInt8], _ range: Range<Int>, depth: Int) {
        self.bytes = bytes
        self.depth = depth
        place = range.lowerBound
        end = range.upperBound
        isProgress = true
        scan()
    }

    // MARK: - Internals

    mutating func scan() {
        while place < end, leftovers.count < Self.largestLeftovers {
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
    mutating func skipWordsBetweenBars() {
        guard !isProgress, let bar = bytes[place..<end].firstIndex(of: UInt8(ascii: "|")) else { return }
        let words = text(place..<bar)
        guard words.utf8.allSatisfy({ PrintedNumber.isLetter($0) || " _'.-".utf8.contains($0) }) else { return }
        let label = Substring(words).trimmed
        if !label.isEmpty { labels.append(String(label)) }
        place = bar
    }

    func isBlank(_ place: Int) -> Bool {
        place >= end || bytes[place] == 0x20 || bytes[place] == 0x09
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func skippingBlanks(_ place: Int) -> Int {
        bytes[place..<end].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? end
    }

    func endOfToken(_ place: Int) -> Int {
        bytes[place..<end].firstIndex { " \t,;|)]}".utf8.contains($0) } ?? end
    }

    // MARK: - Words

    func isOfWord(_ place: Int) -> Bool {
        let byte = bytes[place]
        return PrintedNumber.isLetter(byte) || PrintedNumber.isDigit(byte) || "_./@#'-".utf8.contains(byte)
    }

    /// One to four words with single blanks between; where each ends.
    func phrase(at start: Int) -> [Int] {
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

    func isEndOfNumber(_ place: Int) -> Bool {
        place >= end || " \t,;|)]}".utf8.contains(bytes[place])
    }

    mutating func scanPhrase() {
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

    mutating func leaveOrLabel(_ name: String, _ last: Int) {
        let next = skippingBlanks(last)
        let isLabel =
            pairs.isEmpty && next < end && (bytes[next] == UInt8(ascii: ":") || bytes[next] == UInt8(ascii: "|"))
        if isLabel { labels.append(name) } else { leftovers.append(name) }
        place = isLabel ? next + 1 : last
    }

    mutating func leave(upTo next: Int) {
        leftovers.append(text(place..<max(next, place + 1)))
        place = max(next, place + 1)
    }
}
