import TextFormats

/// Reads lines of the recording protocol: one JSON object each, in which every key is a metric but for a few.
///
///     {"step": 3, "train/loss": 0.25, "lr": 1e-3, "@note": "warm"}
///
/// Exact: an integer literal that fits is a 64-bit integer, any other number the nearest double, and the words and strings NaN,
/// Infinity and -Infinity are numbers. Nested objects and lists are flat, with `/` between names. Of two values for one key the
/// first is kept.
///
/// A line costs one array and its texts; keys of the lines before are not made again.
package struct LineReader: Sendable {
    package static let largestDepth = 64

    private var cache = KeyCache()

    package init() {}

    /// What a line says, without its line feed; throws where it is no JSON object.
    package mutating func read(_ bytes: UnsafeRawBufferPointer) throws(LineError) -> LoggedLine {
        var reading = LineReading(bytes, cache)
        // The cache must not be copied when it changes.
        cache = KeyCache.empty
        defer { cache = reading.cache }
        return try reading.read()
    }

    /// What a line says, without its line feed; throws where it is no JSON object.
    package mutating func read(_ bytes: [UInt8]) throws(LineError) -> LoggedLine {
        var result: Result<LoggedLine, LineError> = .failure(LineError("it is empty"))
        bytes.withUnsafeBytes { bytes in
            do throws(LineError) {
                result = .success(try read(bytes))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    /// What a line says, without its line feed; throws where it is no JSON object.
    package mutating func read(_ text: String) throws(LineError) -> LoggedLine {
        try read(Array(text.utf8))
    }
}

/// One line while it is read.
struct LineReading {
    var scanner: LineScanner
    var cache: KeyCache
    var line = LoggedLine()

    private var values = EntryList()
    /// Reserved keys that came before.
    private var seen: Set<String> = []
    private var hasBadStep = false
    private var hasStep = false

    init(_ bytes: UnsafeRawBufferPointer, _ cache: KeyCache) {
        scanner = LineScanner(bytes)
        self.cache = cache
    }

    mutating func read() throws(LineError) -> LoggedLine {
        scanner.skipBlanks()
        guard scanner.peek == UInt8(ascii: "{") else {
            throw LineError(scanner.isAtEnd ? "it is empty" : "it does not begin with {")
        }
        try members { (reading, raw) throws(LineError) in try reading.member(raw) }
        scanner.skipBlanks()
        guard scanner.isAtEnd else { throw scanner.unexpected("the end of the line") }

        line.values = values.entries
        line.duplicates += values.duplicates
        line.repairs = scanner.repairs
        if values.isFull {
            line.refusals.add("a line has \(EntryList.largestCount) keys at most; the others are left out")
        }
        if hasBadStep, !line.values.isEmpty {
            line.refusals.add("the values of a line without a valid step are left out")
            line.values = []
        }
        return line
    }

    // MARK: - Members

    typealias RawString = (range: Range<Int>, hasEscapes: Bool)

    /// Calls `body` at the value of each member, which it takes.
    @inline(__always)
    mutating func members(
        _ body: (inout Self, RawString) throws(LineError) -> Void
    ) throws(LineError) {
        scanner.place += 1
        scanner.skipBlanks()
        if scanner.take(UInt8(ascii: "}")) { return }
        repeat {
            scanner.skipBlanks()
            let raw = try scanner.string()
            scanner.skipBlanks()
            guard scanner.take(UInt8(ascii: ":")) else { throw scanner.unexpected("a colon") }
            scanner.skipBlanks()
            try body(&self, raw)
            scanner.skipBlanks()
        } while scanner.take(UInt8(ascii: ","))
        guard scanner.take(UInt8(ascii: "}")) else { throw scanner.unexpected("a comma or a brace") }
    }

    @inline(__always)
    private mutating func member(_ raw: RawString) throws(LineError) {
        let first = raw.range.isEmpty ? 0 : scanner.byte(at: raw.range.lowerBound)
        // Few keys are reserved, and all of these begin so.
        switch first {
        case UInt8(ascii: "@"), UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "p"), UInt8(ascii: "\\"):
            if try reserved(raw) { return }
        default: break
        }
        try flatten(try key(raw), depth: 1) { $0.values.add($1, $2) }
    }

    private mutating func reserved(_ raw: RawString) throws(LineError) -> Bool {
        if !raw.hasEscapes, raw.range.count > 4, scanner.byte(at: raw.range.lowerBound) != UInt8(ascii: "@") {
            return false
        }
        let start = scanner.byte(at: raw.range.lowerBound)
        let isStep = isReserved(raw, "step")
        if isStep, !hasStep {
            hasStep = true
            try step()
            return true
        }
        if !isStep, start != UInt8(ascii: "@"), start != UInt8(ascii: "\\"), !isReserved(raw, "time"),
            !isReserved(raw, "pid")
        {
            return false
        }
        let name = try scanner.decoded(raw)
        guard name.hasPrefix("@") || ["step", "time", "pid"].contains(name) else { return false }
        guard name == "step" ? !hasStep : seen.insert(name).inserted else {
            line.duplicates += 1
            try skipValue(depth: 1)
            return true
        }
        switch name {
        case "step":
            hasStep = true
            try step()
        case "time": try time()
        case "pid": try processID()
        default: try declaration(name)
        }
        return true
    }

    @inline(__always)
    private func isReserved(_ raw: RawString, _ word: StaticString) -> Bool {
        guard raw.range.count == word.utf8CodeUnitCount else { return false }
        for index in 0..<raw.range.count where scanner.byte(at: raw.range.lowerBound + index) != word.utf8Start[index] {
            return false
        }
        return true
    }

    @inline(__always)
    private mutating func key(_ raw: RawString) throws(LineError) -> LoggedKey {
        if !raw.hasEscapes, let key = cache.key(UnsafeRawBufferPointer(rebasing: scanner.bytes[raw.range])) {
            return key
        }
        return LoggedKey(try scanner.decoded(raw))
    }

    // MARK: - Step, time, process

    private mutating func step() throws(LineError) {
        let start = scanner.place
        guard let value = try scalar(depth: 1) else {
            // Null is nothing.
            if scanner.bytes[start] != UInt8(ascii: "n") { refuseStep(from: start) }
            return
        }
        switch value {
        case .integer(let step) where step >= 0 && isDigit(at: start): line.step = step
        case .real(let step):
            if let whole = Int64(exactly: step), whole >= 0 { line.step = whole } else { refuseStep(from: start) }
        default: refuseStep(from: start)
        }
    }

    private func isDigit(at place: Int) -> Bool { scanner.isDigit(scanner.bytes[place]) }

    private mutating func refuseStep(from start: Int) {
        hasBadStep = true
        let found = shown(start..<scanner.place)
        line.refusals.add("the step is \(found); it must be a whole number from 0 to \(Int64.max)")
    }

    private mutating func time() throws(LineError) {
        let start = scanner.place
        if let time = try scalar(depth: 1)?.double, time.isFinite {
            line.time = time
        } else if scanner.bytes[start] != UInt8(ascii: "n") {
            let found = shown(start..<scanner.place)
            line.refusals.add("the time is \(found); it must be seconds since 1970")
        }
    }

    private mutating func processID() throws(LineError) {
        let start = scanner.place
        if case .integer(let number)? = try scalar(depth: 1), let id = UInt32(exactly: number) {
            line.processID = id
        } else if scanner.bytes[start] != UInt8(ascii: "n") {
            let found = shown(start..<scanner.place)
            line.refusals.add("the pid is \(found); it must be a process's number")
        }
    }

    /// Bytes of the line, for a message.
    func shown(_ range: Range<Int>) -> String {
        let text = scanner.text(range.prefix(41).first.map { $0..<min(range.upperBound, $0 + 40) } ?? range).visible
        return range.count > 40 ? text + "…" : text
    }
}
