extension LineReading {
    /// The members of the line's object.
    mutating func outerMembers() throws(LineError) {
        var index = 0
        while true {
            if try !usualMember(index) {
                guard try otherMember(index) else { return }
            }
            index += 1
        }
    }

    /// Takes a member that begins as that of the line before; false where it does not.
    @inline(__always)
    private mutating func usualMember(_ index: Int) throws(LineError) -> Bool {
        guard let (kind, valueStart) = memory.members.match(index, scanner) else { return false }
        let start = scanner.place
        scanner.place = valueStart
        // There may be more of them than in the line before.
        scanner.skipBlanks()
        switch kind {
        case .value(let key) where memory.values.expects(key) && !isNested:
            if let value = try scalar(depth: 1) { memory.values.addUsual(value) }
        case .step where !hasStep:
            hasStep = true
            try step()
        case .time where !hasTime:
            hasTime = true
            try time()
        case .processID where !hasProcessID:
            hasProcessID = true
            try processID()
        default:
            scanner.place = start
            return false
        }
        return true
    }

    /// Takes any member; false where there are no more, and the object is at its end.
    @inline(never)
    private mutating func otherMember(_ index: Int) throws(LineError) -> Bool {
        let start = scanner.place
        scanner.skipBlanks()
        if index == 0 {
            scanner.place += 1
            scanner.skipBlanks()
            if scanner.take(UInt8(ascii: "}")) { return false }
        } else if !scanner.take(UInt8(ascii: ",")) {
            guard scanner.take(UInt8(ascii: "}")) else { throw scanner.unexpected("a comma or a brace") }
            return false
        }
        scanner.skipBlanks()
        let raw = try scanner.string()
        scanner.skipBlanks()
        guard scanner.take(UInt8(ascii: ":")) else { throw scanner.unexpected("a colon") }
        scanner.skipBlanks()
        let text = UnsafeRawBufferPointer(rebasing: scanner.bytes[start..<scanner.place])
        let kind = try member(raw)
        let isValue = if case .value = kind { true } else { false }
        memory.members.learn(index, text, kind, isValue ? memory.values.lastKey : nil)
        return true
    }

    private mutating func member(_ raw: RawString) throws(LineError) -> UsualMembers.Kind {
        let first = raw.range.isEmpty ? 0 : scanner.byte(at: raw.range.lowerBound)
        // Few keys are reserved, and all of these begin so.
        switch first {
        case UInt8(ascii: "@"), UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "p"), UInt8(ascii: "\\"):
            if let kind = try reserved(raw) { return kind }
        default: break
        }
        let (isNested, repairs) = (isNested, scanner.repairs)
        let count = memory.values.count
        try flatten(try key(raw), depth: 1) { $0.memory.values.add($1, $2) }
        guard !isNested, repairs == scanner.repairs, memory.values.count > count, let key = memory.values.lastKey else {
            return .other
        }
        return .value(key.identity)
    }

    /// Takes the value of a reserved key; nil where the key is none.
    private mutating func reserved(_ raw: RawString) throws(LineError) -> UsualMembers.Kind? {
        let mayBe =
            raw.hasEscapes || scanner.byte(at: raw.range.lowerBound) == UInt8(ascii: "@") || isReserved(raw, "step")
            || isReserved(raw, "time") || isReserved(raw, "pid")
        guard mayBe else { return nil }
        let repairs = scanner.repairs
        let name = try scanner.decoded(raw)
        switch name {
        case "step" where !hasStep:
            hasStep = true
            try step()
            return .step
        case "time" where !hasTime:
            hasTime = true
            try time()
            return .time
        case "pid" where !hasProcessID:
            hasProcessID = true
            try processID()
            return .processID
        case "step", "time", "pid": break
        default:
            guard name.hasPrefix("@") else {
                // It is read once more.
                scanner.repairs = repairs
                return nil
            }
            if seen.insert(name).inserted {
                try declaration(name)
                return .other
            }
        }
        line.duplicates += 1
        try skipValue(depth: 1)
        return .other
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
        if !raw.hasEscapes, let key = memory.cache.key(UnsafeRawBufferPointer(rebasing: scanner.bytes[raw.range])) {
            return key
        }
        return LoggedKey(try scanner.decoded(raw))
    }
}
