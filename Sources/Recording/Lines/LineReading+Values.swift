import TextFormats

extension LineReading {
    /// A number, a word or a string as a value; nil for null, and for a list or an object, which is skipped.
    @inline(__always)
    mutating func scalar(depth: Int) throws(LineError) -> LoggedValue? {
        switch scanner.peek {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return try scanner.number()
        case UInt8(ascii: "\""):
            let raw = try scanner.string()
            return try text(raw)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try skipValue(depth: depth)
            return nil
        default: return try word()
        }
    }

    /// Whether an object or a list begins here.
    @inline(__always)
    var isNested: Bool { scanner.peek == UInt8(ascii: "{") || scanner.peek == UInt8(ascii: "[") }

    /// Gives the values below a key to `add`, each with its flat key.
    @inline(__always)
    mutating func flatten(
        _ key: LoggedKey, depth: Int, _ add: (inout Self, LoggedKey, LoggedValue) -> Void
    ) throws(LineError) {
        if isNested { return try flattenNested(key, depth: depth, add) }
        let value = try scalar(depth: depth)
        guard let value, isAllowed(key) else { return }
        add(&self, key, value)
    }

    /// Takes a value and keeps nothing.
    mutating func skipValue(depth: Int) throws(LineError) {
        switch scanner.peek {
        case UInt8(ascii: "{"):
            try checkDepth(depth)
            try members { (reading, _) throws(LineError) in try reading.skipValue(depth: depth + 1) }
        case UInt8(ascii: "["):
            try checkDepth(depth)
            try elements { (reading, _) throws(LineError) in try reading.skipValue(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try scanner.string()
        default: _ = try scalar(depth: depth)
        }
    }

    /// Calls `body` at each element, which it takes.
    mutating func elements(_ body: (inout Self, Int) throws(LineError) -> Void) throws(LineError) {
        scanner.place += 1
        scanner.skipBlanks()
        if scanner.take(UInt8(ascii: "]")) { return }
        var index = 0
        repeat {
            scanner.skipBlanks()
            try body(&self, index)
            index += 1
            scanner.skipBlanks()
        } while scanner.take(UInt8(ascii: ","))
        guard scanner.take(UInt8(ascii: "]")) else { throw scanner.unexpected("a comma or a bracket") }
    }

    func checkDepth(_ depth: Int) throws(LineError) {
        guard depth < LineReader.largestDepth else {
            throw LineError("it is nested more than \(LineReader.largestDepth) deep")
        }
    }

    // MARK: - Internals

    private mutating func flattenNested(
        _ key: LoggedKey, depth: Int, _ add: (inout Self, LoggedKey, LoggedValue) -> Void
    ) throws(LineError) {
        // What is below can only be longer.
        guard isAllowed(key) else { return try skipValue(depth: depth) }
        try checkDepth(depth)
        if scanner.peek == UInt8(ascii: "{") {
            try members { (reading, raw) throws(LineError) in
                let name = try reading.scanner.decoded(raw)
                try reading.flatten(LoggedKey("\(key.name)/\(name)"), depth: depth + 1, add)
            }
        } else {
            try elements { (reading, index) throws(LineError) in
                try reading.flatten(LoggedKey("\(key.name)/\(index)"), depth: depth + 1, add)
            }
        }
    }

    @inline(__always)
    private mutating func isAllowed(_ key: LoggedKey) -> Bool {
        if key.isAllowed { return true }
        let size = key.name.utf8.count
        if size == 0 {
            line.refusals.add("a key is empty; give the value a name")
        } else {
            line.refusals.add(
                "the key \(key.name.prefix(40).description.visible)… has \(size) bytes; \(LoggedKey.largestSize) are the most"
            )
        }
        return false
    }

    @inline(never)
    private mutating func text(_ raw: RawString) throws(LineError) -> LoggedValue {
        let text = try scanner.decoded(raw)
        switch text {
        case "NaN": return .real(.nan)
        case "Infinity": return .real(.infinity)
        case "-Infinity": return .real(-.infinity)
        default: return .text(text)
        }
    }

    private mutating func word() throws(LineError) -> LoggedValue? {
        switch scanner.peek {
        case UInt8(ascii: "t"): if scanner.takeWord("true") { return .integer(1) }
        case UInt8(ascii: "f"): if scanner.takeWord("false") { return .integer(0) }
        case UInt8(ascii: "n"): if scanner.takeWord("null") { return nil }
        default: return try scanner.number()
        }
        throw scanner.unexpected("a value")
    }
}
