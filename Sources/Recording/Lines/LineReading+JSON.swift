import TextFormats

extension LineReading {
    /// Any value as a tree, numbers as they are written; NaN and infinities are the strings that our own JSON has for them.
    mutating func json(depth: Int) throws(LineError) -> JSONValue {
        switch scanner.peek {
        case UInt8(ascii: "{"):
            try checkDepth(depth)
            return .object(try jsonMembers(depth: depth + 1))
        case UInt8(ascii: "["):
            try checkDepth(depth)
            var values: [JSONValue] = []
            try elements { (reading, _) throws(LineError) in values.append(try reading.json(depth: depth + 1)) }
            return .list(values)
        case UInt8(ascii: "\""):
            let raw = try scanner.string()
            return .string(try scanner.decoded(raw))
        default: return try jsonScalar(depth: depth)
        }
    }

    private mutating func jsonMembers(depth: Int) throws(LineError) -> [JSONValue.Member] {
        var result: [JSONValue.Member] = []
        var names: Set<String> = []
        try members { (reading, raw) throws(LineError) in
            let name = try reading.scanner.decoded(raw)
            guard names.insert(name).inserted else {
                reading.line.duplicates += 1
                return try reading.skipValue(depth: depth)
            }
            result.append(JSONValue.Member(name: name, value: try reading.json(depth: depth)))
        }
        return result
    }

    private mutating func jsonScalar(depth: Int) throws(LineError) -> JSONValue {
        let start = scanner.place
        guard let value = try scalar(depth: depth) else { return .word("null") }
        let text = scanner.text(start..<scanner.place)
        switch value {
        case .integer where text == "true" || text == "false": return .word(text)
        case .real(let number) where !number.isFinite: return .string(NumberText.json(number))
        default: return .number(text)
        }
    }
}
