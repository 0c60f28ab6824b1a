import TextFormats

/// A pattern of the user's, whose named groups are the metrics of a line; the group `step` is the step.
///
///     step (?<step>\d+).*loss (?<loss>\S+)
package struct MetricPattern: Sendable {
    /// Names as they are written in the pattern.
    package let names: [String]

    private let text: String
    private let regex: CompiledPattern

    /// Throws where it is no pattern or names nothing.
    package init(_ text: String) throws(MetricPatternError) {
        self.text = text
        do {
            regex = CompiledPattern(try Regex(text))
        } catch {
            throw MetricPatternError("'\(text.visible)' is no regular expression: \(error)")
        }
        names = Self.names(in: text)
        guard names.contains(where: { $0 != "step" }) else {
            throw MetricPatternError("'\(text.visible)' names no metric; write a group such as (?<loss>\\S+)")
        }
    }

    /// What the first match holds.
    func recognize(_ line: String) -> Recognition {
        guard line.utf8.count <= Self.longest else { return .nothing("it is longer than \(Self.longest) bytes") }
        guard let groups = regex.match(line) else { return .nothing("the pattern does not match") }
        var result = Recognition(kind: .pattern)
        for (name, text) in groups {
            guard let text else { continue }
            let bytes = Array(text.utf8)
            let (token, count) = PrintedNumber.read(bytes[...])
            let unit = String(decoding: bytes[count...], as: UTF8.self).trimmingPrefix(" ")
            guard case .number(let number) = token, unit.isEmpty || Units.isUnit(String(unit)) else {
                let reason = token == .ambiguous ? "its comma may stand between thousands or before decimals" : "it is no number"
                result.refused.append(RefusedValue(name: name, text: String(text), reason: reason))
                continue
            }
            result.add(name, number, String(unit), String(text))
        }
        if result.values.isEmpty { result.reason = "no group of the pattern holds a number" }
        return result
    }

    /// The names behind `(?<` and `(?P<`, since a regular expression tells them only with a match.
    private static func names(in text: String) -> [String] {
        var names: [String] = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if character == "\\" {
                rest = rest.dropFirst()
            } else if character == "(", rest.hasPrefix("?<") || rest.hasPrefix("?P<") {
                let name = rest.drop { $0 != "<" }.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                // `(?<=` and `(?<!` look behind and name nothing.
                if !name.isEmpty { names.append(String(name)) }
            }
        }
        return names
    }

    /// A pattern may take time that grows with the square of the line.
    private static let longest = 4096
}

/// Why a text is no pattern for metrics, as a sentence.
package struct MetricPatternError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Holds the compiled pattern, which is immutable.
private struct CompiledPattern: @unchecked Sendable {
    // `Regex` is not marked Sendable, since its custom parsers may not be; a pattern from a text has none.
    private let regex: Regex<AnyRegexOutput>

    init(_ regex: Regex<AnyRegexOutput>) {
        self.regex = regex
    }

    func match(_ line: String) -> [(name: String, text: Substring?)]? {
        guard let match = try? regex.firstMatch(in: line) else { return nil }
        return match.output.compactMap { group in group.name.map { ($0, group.substring) } }
    }
}

extension Recognition {
    fileprivate mutating func add(_ name: String, _ number: PrintedNumber, _ unit: String, _ text: String) {
        guard name == "step" else {
            values.append(
                RecognizedValue(name: name, value: number.value, precision: number.precision, unit: unit.isEmpty ? nil : unit))
            return
        }
        let candidate = Candidate(name: name, number: number, text: text, total: nil)
        if let value = candidate.stepValue {
            step = RecognizedStep(name: name, value: value, total: nil)
        } else {
            refused.append(RefusedValue(name: name, text: text, reason: "a step is a whole number from 0"))
        }
    }
}
