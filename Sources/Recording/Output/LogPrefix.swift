/// What logging libraries put before a message: times, levels, names of loggers, ranks.
struct LogPrefix {
    /// Where the message starts.
    private(set) var end: Int
    /// Whether it is a warning or an error, whose numbers are no metrics.
    private(set) var isWarning = false
    private(set) var hasLevel = false

    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        end = 0
        skip(" \t")
        while takePart() { skip(" \t|-") }
    }

    // MARK: - Internals

    private static let levels: Set<String> = ["TRACE", "DEBUG", "INFO", "NOTICE"]
    private static let warnings: Set<String> = ["WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"]

    private mutating func takePart() -> Bool {
        guard end < bytes.count else { return false }
        if bytes[end] == UInt8(ascii: "[") { return takeBracket() }
        if PrintedNumber.isDigit(bytes[end]) { return takeTime(&end) }
        return takeLevel() || takeNameBeforeLevel() || takeGlog()
    }

    private mutating func skip(_ characters: StaticString) {
        let set = UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount)
        while end < bytes.count, set.contains(bytes[end]) {
            // A dash before a digit is a sign.
            if bytes[end] == UInt8(ascii: "-"), end + 1 < bytes.count, bytes[end + 1] != 0x20 { return }
            end += 1
        }
    }

    /// `[2026-01-31 12:00:00,123]`, `[INFO]`, `[rank0]:`, but not `[10]`, which may be a step.
    private mutating func takeBracket() -> Bool {
        guard let close = bytes[end...].firstIndex(of: UInt8(ascii: "]")), close - end < 60 else { return false }
        var inner = LogPrefix(Array(bytes[(end + 1)..<close]))
        inner.skip(" \t:,")
        let word = String(decoding: bytes[(end + 1)..<close], as: UTF8.self)
        // Hydra: `[2026-01-31 12:00:00,123][trainer][INFO]`.
        let isName =
            end > 0 && bytes[end - 1] == UInt8(ascii: "]") && close + 1 < bytes.count
            && bytes[close + 1] == UInt8(ascii: "[") && word.first?.isLetter == true
        guard inner.end > 0 && inner.end >= inner.bytes.count || Self.isRank(word) || isName else { return false }
        isWarning = isWarning || inner.isWarning
        hasLevel = hasLevel || inner.hasLevel
        end = close + 1
        skip(":")
        return true
    }

    private static func isRank(_ word: String) -> Bool {
        word.lowercased().hasPrefix("rank") && word.dropFirst(4).allSatisfy { $0.isNumber || $0 == ":" || $0 == " " }
    }

    /// `2026-01-31`, `12:00:00.123`, or both with a T or a blank between.
    private func takeTime(_ place: inout Int) -> Bool {
        var next = place
        let first = digits(&next)
        if first == 4, take(&next, "-/") {
            guard digits(&next) > 0, take(&next, "-/"), digits(&next) > 0 else { return false }
            if next < bytes.count, bytes[next] == UInt8(ascii: "T") { next += 1 }
        } else if first == 2, take(&next, ":") {
            guard digits(&next) == 2 else { return false }
            if take(&next, ":"), digits(&next) != 2 { return false }
            if take(&next, ".,") { _ = digits(&next) }
            if next < bytes.count, bytes[next] == UInt8(ascii: "Z") { next += 1 }
        } else {
            return false
        }
        // What goes on is something else, such as a network address; a full date may end in the T of a time.
        guard next >= bytes.count || !PrintedNumber.isLetter(bytes[next]) else { return false }
        place = next
        return true
    }

    private func digits(_ place: inout Int) -> Int {
        let count = bytes[min(place, bytes.count)...].prefix(while: PrintedNumber.isDigit).count
        place += count
        return count
    }

    private func take(_ place: inout Int, _ characters: StaticString) -> Bool {
        let set = UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount)
        guard place < bytes.count, set.contains(bytes[place]) else { return false }
        place += 1
        return true
    }

    private func word(at place: Int) -> ArraySlice<UInt8> {
        bytes[place...].prefix {
            PrintedNumber.isLetter($0) || PrintedNumber.isDigit($0) || $0 == UInt8(ascii: "_")
                || $0 == UInt8(ascii: ".")
        }
    }

    /// `INFO`, `INFO:trainer:`, `WARNING -`.
    private mutating func takeLevel() -> Bool {
        let found = word(at: end)
        guard found.count <= 8 else { return false }
        let text = String(decoding: found, as: UTF8.self)
        guard Self.levels.contains(text) || Self.warnings.contains(text) else { return false }
        isWarning = isWarning || Self.warnings.contains(text)
        hasLevel = true
        end += found.count
        guard end < bytes.count, bytes[end] == UInt8(ascii: ":") else { return true }
        end += 1
        let name = word(at: end)
        if !name.isEmpty, end + name.count < bytes.count, bytes[end + name.count] == UInt8(ascii: ":") {
            end += name.count + 1
        }
        return true
    }

    /// ` - trainer - INFO - `, as Python's logging documents it.
    private mutating func takeNameBeforeLevel() -> Bool {
        guard end > 0, !hasLevel else { return false }
        let name = word(at: end)
        var next = end + name.count
        let start = next
        while next < bytes.count,
            bytes[next] == 0x20 || bytes[next] == UInt8(ascii: "-") || bytes[next] == UInt8(ascii: "|")
        { next += 1 }
        guard !name.isEmpty, next > start, next < bytes.count else { return false }
        let level = String(decoding: word(at: next), as: UTF8.self)
        guard Self.levels.contains(level) || Self.warnings.contains(level) else { return false }
        end = next
        return true
    }

    /// `I0131 12:00:00.123456 4711 trainer.cc:52] `, as glog has it.
    private mutating func takeGlog() -> Bool {
        var next = end + 1
        guard "IWEF".utf8.contains(bytes[end]), digits(&next) == 4, take(&next, " "), takeTime(&next),
            let close = bytes[next...].firstIndex(of: UInt8(ascii: "]")), close - next < 80
        else { return false }
        isWarning = bytes[end] != UInt8(ascii: "I")
        hasLevel = true
        end = close + 1
        return true
    }
}
