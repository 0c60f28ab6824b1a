import TextFormats

/// What a reader keeps from line to line.
struct LineMemory: Sendable {
    var cache = KeyCache()
    var values = EntryList()
    var members = UsualMembers()

    /// Of no use but to stand where a memory was taken out.
    static var none: Self { Self(cache: .empty) }
}

/// One line while it is read.
struct LineReading {
    var scanner: LineScanner
    var memory = LineMemory.none
    var line = LoggedLine()

    /// Reserved keys that came before.
    var seen: Set<String> = []
    var hasBadStep = false
    var (hasStep, hasTime, hasProcessID) = (false, false, false)

    init(_ bytes: UnsafeRawBufferPointer) {
        scanner = LineScanner(bytes)
    }

    mutating func read() throws(LineError) -> LoggedLine {
        scanner.skipBlanks()
        guard scanner.peek == UInt8(ascii: "{") else {
            throw LineError(scanner.isAtEnd ? "it is empty" : "it does not begin with {")
        }
        do throws(LineError) {
            try outerMembers()
            scanner.skipBlanks()
            guard scanner.isAtEnd else { throw scanner.unexpected("the end of the line") }
        } catch {
            memory.values = EntryList()
            throw error
        }

        line.duplicates += memory.values.duplicates
        line.repairs = scanner.repairs
        if memory.values.isFull {
            line.refusals.add("a line has \(EntryList.largestCount) keys at most; the others are left out")
        }
        line.values = memory.values.finish()
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

    // MARK: - Step, time, process

    mutating func step() throws(LineError) {
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

    mutating func time() throws(LineError) {
        let start = scanner.place
        if let time = try scalar(depth: 1)?.double, time.isFinite {
            line.time = time
        } else if scanner.bytes[start] != UInt8(ascii: "n") {
            let found = shown(start..<scanner.place)
            line.refusals.add("the time is \(found); it must be seconds since 1970")
        }
    }

    mutating func processID() throws(LineError) {
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
