import TextFormats

extension LineReading {
    /// The value of a key that begins with `@`.
    mutating func declaration(_ name: String) throws(LineError) {
        switch name {
        case "@config":
            if let members = try object(name) { line.declarations.append(.config(members)) }
        case "@summary": try summary()
        case "@tags": try tags()
        case "@note":
            if let note = try string(name) { line.declarations.append(.note(note)) }
        case "@name":
            if let name = try string(name) { line.declarations.append(.name(name)) }
        case "@experiment":
            if let name = try string(name) { line.declarations.append(.experiment(name)) }
        case "@spool": try spool()
        case "@file": try file()
        case "@tensors": try tensors()
        case "@keys": try keys()
        case "@end": try end()
        default:
            line.refusals.add(
                "\(name.prefix(40).description.visible) is no key of the protocol; keys of metrics begin otherwise")
            try skipValue(depth: 1)
        }
    }

    // MARK: - Internals

    /// An object or nil, which is refused.
    private mutating func object(_ name: String) throws(LineError) -> [JSONValue.Member]? {
        let start = scanner.place
        if case .object(let members) = try json(depth: 1) { return members }
        refuse(name, start, "an object")
        return nil
    }

    private mutating func string(_ name: String) throws(LineError) -> String? {
        let start = scanner.place
        if case .string(let text) = try json(depth: 1) { return text }
        refuse(name, start, "a string")
        return nil
    }

    private mutating func refuse(_ name: String, _ start: Int, _ wanted: String) {
        let found = shown(start..<scanner.place)
        line.refusals.add("\(name) is \(found); it must be \(wanted)")
    }

    private mutating func summary() throws(LineError) {
        let start = scanner.place
        guard scanner.peek == UInt8(ascii: "{") else {
            try skipValue(depth: 1)
            return refuse("@summary", start, "an object")
        }
        var entries = EntryList()
        try members { (reading, raw) throws(LineError) in
            let key = LoggedKey(try reading.scanner.decoded(raw))
            try reading.flatten(key, depth: 2) { entries.add($1, $2) }
        }
        line.duplicates += entries.duplicates
        if entries.isFull {
            line.refusals.add("@summary has \(EntryList.largestCount) keys at most; the others are left out")
        }
        line.declarations.append(.summary(entries.finish()))
    }

    private mutating func tags() throws(LineError) {
        let start = scanner.place
        guard case .list(let values) = try json(depth: 1) else { return refuse("@tags", start, "a list of strings") }
        var tags: [String] = []
        for value in values {
            if case .string(let tag) = value { tags.append(tag) } else { refuse("@tags", start, "a list of strings") }
        }
        line.declarations.append(.tags(tags))
    }

    private mutating func file() throws(LineError) {
        let start = scanner.place
        switch try json(depth: 1) {
        case .string(let path) where !path.isEmpty: line.declarations.append(.file(LoggedFile(path: path, name: nil)))
        case .object(let members):
            guard case .string(let path)? = members["path"], !path.isEmpty else { fallthrough }
            let name: String? = if case .string(let name)? = members["name"] { name } else { nil }
            line.declarations.append(.file(LoggedFile(path: path, name: name)))
        default: refuse("@file", start, "a path, or an object with a path")
        }
    }

    private mutating func spool() throws(LineError) {
        let start = scanner.place
        guard case .object(let members) = try json(depth: 1), case .string(let run)? = members["run"] else {
            return refuse("@spool", start, "an object with the identity of a run")
        }
        line.declarations.append(.spool(run))
        for (field, declaration) in [("name", LoggedDeclaration.name), ("experiment", LoggedDeclaration.experiment)] {
            if case .string(let text)? = members[field] { line.declarations.append(declaration(text)) }
        }
    }

    private mutating func end() throws(LineError) {
        let start = scanner.place
        guard case .object(let members) = try json(depth: 1), case .string(let word)? = members["state"],
            let state = LoggedEnd.State(rawValue: word)
        else { return refuse("@end", start, "an object whose state is done or failed") }
        let reason: String? = if case .string(let reason)? = members["reason"] { reason } else { nil }
        line.declarations.append(.end(LoggedEnd(state: state, reason: reason)))
    }

    private mutating func tensors() throws(LineError) {
        let start = scanner.place
        guard scanner.peek == UInt8(ascii: "{") else {
            try skipValue(depth: 1)
            return refuse("@tensors", start, "an object of tensors")
        }
        var tensors: [LoggedTensor] = []
        var names: Set<String> = []
        try members { (reading, raw) throws(LineError) in
            let name = try reading.scanner.decoded(raw)
            let start = reading.scanner.place
            guard reading.scanner.peek == UInt8(ascii: "{") else {
                try reading.skipValue(depth: 2)
                return reading.refuse("@tensors", start, "an object of numbers for each tensor")
            }
            guard names.insert(name).inserted else {
                reading.line.duplicates += 1
                return try reading.skipValue(depth: 2)
            }
            tensors.append(try reading.tensor(name))
        }
        line.declarations.append(.tensors(tensors))
    }

    private mutating func tensor(_ name: String) throws(LineError) -> LoggedTensor {
        var tensor = LoggedTensor(name: name)
        try members { (reading, raw) throws(LineError) in
            let field = try reading.scanner.decoded(raw)
            let start = reading.scanner.place
            let value = try reading.scalar(depth: 3)
            let isNull = reading.scanner.bytes[start] == UInt8(ascii: "n")
            guard let value, value.double != nil else {
                if !isNull { reading.refuse("the \(field.visible) of a tensor", start, "a number") }
                return
            }
            switch field {
            case "norm": tensor.norm = tensor.norm ?? value
            case "gradient_norm": tensor.gradientNorm = tensor.gradientNorm ?? value
            case "update_norm": tensor.updateNorm = tensor.updateNorm ?? value
            case "nonfinite": tensor.nonfinite = tensor.nonfinite ?? value
            default: reading.line.refusals.add("a tensor has no \(field.prefix(40).description.visible)")
            }
        }
        return tensor
    }

    private mutating func keys() throws(LineError) {
        guard let members = try object("@keys") else { return }
        for member in members {
            guard let number = UInt8(member.name) else {
                line.refusals.add(
                    "the list \(member.name.prefix(40).description.visible) of @keys has no number from 0 to 255")
                continue
            }
            guard case .list(let names) = member.value, names.count <= KeyList.largestCount else {
                line.refusals.add("the list \(number) of @keys must hold \(KeyList.largestCount) keys at most")
                continue
            }
            line.declarations.append(.keys(KeyList(number: number, keys: frameKeys(names, number))))
        }
    }

    /// The keys of a list; the value of one that is refused keeps its place in the frames.
    private mutating func frameKeys(_ names: [JSONValue], _ number: UInt8) -> [LoggedKey?] {
        var seen: Set<LoggedKey> = []
        var keys: [LoggedKey?] = []
        for name in names {
            guard case .string(let text) = name, text != "step", text != "pid", !text.hasPrefix("@"),
                case let key = LoggedKey(text), key.isAllowed, seen.insert(key).inserted
            else {
                line.refusals.add(
                    "the list \(number) of @keys has a key that is empty, too long, reserved or there twice")
                keys.append(nil)
                continue
            }
            keys.append(key)
        }
        return keys
    }
}

extension [JSONValue.Member] {
    fileprivate subscript(name: String) -> JSONValue? { first { $0.name == name }?.value }
}
