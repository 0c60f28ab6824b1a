import TextFormats

/// Reads a filter's text from left to right.
struct FilterParser {
    /// So many parentheses may stand inside each other: SQLite reads no more than about three times as many.
    static let deepest = 20
    /// Characters of a filter, and values in it: SQLite binds no more than 32766.
    static let longest = 200_000
    static let mostValues = 10_000

    private let text: String
    private var rest: Substring
    private var depth = 0
    private var valueCount = 0

    init(_ text: String) throws(TrackingError) {
        self.text = text
        rest = text[...]
        guard text.utf8.count <= Self.longest else {
            throw TrackingError(
                .invalidQuery, "the filter '\(text.prefix(40))...' is longer than \(Self.longest) bytes",
                advice: "write ranges such as id=3..7, or several filters")
        }
    }

    /// What must all hold.
    mutating func parse() throws(TrackingError) -> [RunFilter.Tree] {
        skipBlanks()
        if rest.isEmpty { return [] }
        let tree = try alternatives()
        if !rest.isEmpty { throw problem("has a ')' without its '('") }
        if case .all(let parts) = tree { return parts }
        return [tree]
    }

    // MARK: - Words between conditions

    /// `a or b`.
    private mutating func alternatives() throws(TrackingError) -> RunFilter.Tree {
        var parts = [try conjunction()]
        while take(word: "or") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    /// `a b` or `a and b`.
    private mutating func conjunction() throws(TrackingError) -> RunFilter.Tree {
        var parts = [try term()]
        while true {
            skipBlanks()
            if take(word: "and") {
                parts.append(try term())
            } else if rest.isEmpty || rest.first == ")" || begins(with: "or") != nil {
                return parts.count == 1 ? parts[0] : .all(parts)
            } else {
                parts.append(try term())
            }
        }
    }

    /// A condition or a group, with any number of `not` before it.
    private mutating func term() throws(TrackingError) -> RunFilter.Tree {
        var isNegative = false
        while take(word: "not") { isNegative.toggle() }
        skipBlanks()
        let tree = rest.first == "(" ? try group() : .condition(try condition())
        return isNegative ? .not(tree) : tree
    }

    private mutating func group() throws(TrackingError) -> RunFilter.Tree {
        guard depth < Self.deepest else {
            throw problem("has more than \(Self.deepest) parentheses inside each other")
        }
        rest = rest.dropFirst()
        depth += 1
        let tree = try alternatives()
        guard rest.first == ")" else { throw problem("has a '(' without its ')'") }
        rest = rest.dropFirst()
        depth -= 1
        skipBlanks()
        return tree
    }

    /// What follows the word, if it comes next and is not the name of a condition, as in `or=1`.
    private func begins(with word: String) -> Substring? {
        guard rest.prefix(word.count).lowercased() == word else { return nil }
        let end = rest.dropFirst(word.count)
        guard end.first.map({ $0.isWhitespace || $0 == "(" }) ?? true else { return nil }
        let following = end.drop { $0.isWhitespace }
        return comparison(at: following) == nil ? following : nil
    }

    private mutating func take(word: String) -> Bool {
        skipBlanks()
        guard let following = begins(with: word) else { return false }
        rest = following
        return true
    }

    // MARK: - Conditions

    private func comparison(at place: Substring) -> RunFilter.Comparison? {
        RunFilter.Comparison.allCases.first { place.hasPrefix($0.rawValue) }
    }

    private mutating func condition() throws(TrackingError) -> RunFilter.Condition {
        if rest.isEmpty || rest.first == ")" {
            throw TrackingError(
                .invalidQuery, "the filter '\(text)' has no condition \(rest.isEmpty ? "at its end" : "before ')'")",
                advice: "write for instance lr<0.1")
        }
        let place = rest
        let name = try name()
        skipBlanks()
        guard !name.isEmpty, let comparison = comparison(at: rest) else {
            throw TrackingError(
                .invalidQuery,
                "the filter '\(text)' needs a name, one of = != < <= > >= ~ !~ and a value at '\(place)'",
                advice: place.hasPrefix("&&")
                    ? "write and" : place.hasPrefix("||") ? "write or" : "write for instance lr<0.1")
        }
        rest = rest.dropFirst(comparison.rawValue.count)
        skipBlanks()
        var values = [try value(of: name, comparison)]
        while rest.first == "," {
            rest = rest.dropFirst()
            values.append(try value(of: name, comparison))
        }
        guard rest.first.map({ $0.isWhitespace || depth > 0 && $0 == ")" }) ?? true else {
            throw problem("needs a blank before '\(rest)'")
        }
        valueCount += values.count
        guard valueCount <= Self.mostValues else {
            throw TrackingError(
                .invalidQuery, "the filter '\(text.prefix(40))...' has more than \(Self.mostValues) values",
                advice: "write ranges such as id=3..7")
        }
        return RunFilter.Condition(name: name, comparison: comparison, values: values)
    }

    /// A name; quotes at its beginning, or behind a parenthesis, keep together what stands in them: `'a b'`, `best('val/loss')`.
    private mutating func name() throws(TrackingError) -> String {
        var name = ""
        while let character = rest.first, !character.isWhitespace, !"=!<>~".contains(character) {
            guard character == "'" || character == "\"" else {
                name.append(character)
                rest = rest.dropFirst()
                continue
            }
            guard name.isEmpty || name.hasSuffix("(") else { break }
            rest = rest.dropFirst()
            name += take { $0 != character }
            guard !rest.isEmpty else { throw problem("has a quote \(character) without its partner") }
            rest = rest.dropFirst()
        }
        return name
    }

    private mutating func value(
        of name: String, _ comparison: RunFilter.Comparison
    ) throws(TrackingError) -> RunFilter.Value {
        if let quote = rest.first, quote == "'" || quote == "\"" {
            rest = rest.dropFirst()
            let value = take { $0 != quote }
            guard !rest.isEmpty else { throw problem("has a quote \(quote) without its partner") }
            rest = rest.dropFirst()
            return RunFilter.Value(text: value, form: .quoted)
        }
        if comparison == .equal || comparison == .notEqual, rest.hasPrefix("~/") { return try pattern(of: name) }
        var value = plainValue()
        // No condition begins like a time of day, so it belongs to the date before it.
        while value.firstMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}$/) != nil,
            let clock = rest.prefixMatch(of: /\s+(?=[0-9]{2}:)/)
        {
            rest = rest[clock.range.upperBound...]
            value += " " + plainValue()
        }
        guard !value.isEmpty else {
            throw TrackingError(
                .invalidQuery,
                "the filter '\(text)' has no value for '\(name)'",
                advice: "write for instance \(name)=1, or \(name)=none")
        }
        return RunFilter.Value(text: value)
    }

    /// In a group it ends before the parenthesis that it does not open itself; elsewhere it may hold any.
    private mutating func plainValue() -> String {
        var open = 0
        let isGrouped = depth > 0
        return take { character in
            if isGrouped, character == "(" { open += 1 }
            if isGrouped, character == ")" {
                open -= 1
                if open < 0 { return false }
            }
            return !character.isWhitespace && character != "," && character != "\"" && character != "'"
        }
    }

    /// `~/^base/` or `~/^base/i`; a slash in it is `\/`.
    private mutating func pattern(of name: String) throws(TrackingError) -> RunFilter.Value {
        rest = rest.dropFirst(2)
        var pattern = ""
        var isClosed = false
        while !isClosed, let character = rest.popFirst() {
            if character == "\\", let next = rest.popFirst() {
                pattern += next == "/" ? "/" : "\\\(next)"
            } else if character == "/" {
                isClosed = true
            } else {
                pattern.append(character)
            }
        }
        guard isClosed, !pattern.isEmpty else {
            throw TrackingError(
                .invalidQuery, "the filter '\(text)' has a regular expression without its last /",
                advice: "write for instance \(name)=~/^base/, or quotes around a text that begins with ~/")
        }
        let ignoresCase = rest.first == "i"
        if ignoresCase { rest = rest.dropFirst() }
        return RunFilter.Value(text: pattern, form: .pattern(ignoresCase: ignoresCase))
    }

    // MARK: - Internals

    private func problem(_ message: String) -> TrackingError {
        TrackingError(.invalidQuery, "the filter '\(text)' \(message)")
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0.isWhitespace }
    }

    private mutating func take(while belongs: (Character) -> Bool) -> String {
        let taken = rest.prefix(while: belongs)
        rest = rest[taken.endIndex...]
        return String(taken)
    }
}
