import Foundation
import TextFormats

/// A pattern of the user's, whose named groups are the metrics of a line; the group `step` is the step.
///
///     step (?<step>\d+).*loss (?<train/loss>\S+)
///
/// Regular expressions are those of ICU. Groups may be named as Python does, `(?P<loss>...)`, and with any characters that keys
/// have.
package struct MetricPattern: Sendable {
    /// In their order.
    package let names: [String]

    private let expression: NSRegularExpression

    /// Throws where it is no regular expression or names no metric.
    package init(_ text: String) throws(MetricPatternError) {
        let (pattern, names) = Self.withPlainNames(text)
        do {
            expression = try NSRegularExpression(pattern: pattern)
        } catch {
            throw MetricPatternError("'\(text.visible)' is no regular expression; check its brackets and what repeats")
        }
        guard names.contains(where: { $0 != "step" }) else {
            throw MetricPatternError("'\(text.visible)' names no metric; write a group such as (?<loss>\\S+)")
        }
        guard Set(names).count == names.count else {
            throw MetricPatternError("'\(text.visible)' has two groups of one name; give each its own")
        }
        self.names = names
    }

    /// What the first match holds.
    func recognize(_ line: String) -> Recognition {
        guard line.utf8.count <= Self.longest else { return .nothing("it is longer than \(Self.longest) bytes") }
        guard let match = expression.firstMatch(in: line, range: NSRange(line.startIndex..., in: line)) else {
            return .nothing("the pattern does not match")
        }
        var result = Recognition(kind: .pattern)
        for (index, name) in names.enumerated() {
            guard let range = Range(match.range(withName: Self.plainName(index)), in: line) else { continue }
            result.add(name, line[range])
        }
        if result.values.isEmpty { result.reason = "no group of the pattern holds a number" }
        return result
    }

    // MARK: - Internals

    /// A pattern may take time that grows fast with the line.
    private static let longest = 4096

    private static func plainName(_ index: Int) -> String { "group\(index)" }

    /// The pattern with names that ICU allows, which are letters and digits, and the names that were there.
    private static func withPlainNames(_ text: String) -> (pattern: String, names: [String]) {
        var pattern = ""
        var names: [String] = []
        var isInSet = false
        var rest = Substring(text)
        while let character = rest.popFirst() {
            pattern.append(character)
            switch character {
            case "\\": if let escaped = rest.popFirst() { pattern.append(escaped) }
            case "[": isInSet = true
            case "]": isInSet = false
            case "(" where !isInSet && (rest.hasPrefix("?<") || rest.hasPrefix("?P<")):
                let named = rest.drop { $0 != "<" }.dropFirst()
                // `(?<=` and `(?<!` look behind and name nothing.
                guard let first = named.first, first.isLetter || first == "_", let end = named.firstIndex(of: ">")
                else { continue }
                pattern += "?<\(plainName(names.count))>"
                names.append(String(named[..<end]))
                rest = named[named.index(after: end)...]
            default: break
            }
        }
        return (pattern, names)
    }
}

/// Why a text is no pattern for metrics, as a sentence.
package struct MetricPatternError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Recognition {
    fileprivate mutating func add(_ name: String, _ text: Substring) {
        func refuse(_ reason: String) {
            refused.append(RefusedValue(name: name, text: String(text), reason: reason))
        }
        let bytes = Array(text.utf8)
        let (token, count) = PrintedNumber.read(bytes[...])
        let unit = String(decoding: bytes[count...], as: UTF8.self).trimmingPrefix(" ")
        guard case .number(let number) = token, unit.isEmpty || Units.isUnit(String(unit)) else {
            return refuse(
                token == .ambiguous ? "its comma may stand between thousands or before decimals" : "it is no number")
        }
        guard name == "step" else {
            values.append(
                RecognizedValue(
                    name: name, value: number.value, precision: number.precision,
                    unit: unit.isEmpty ? nil : String(unit)))
            return
        }
        let candidate = Candidate(name: name, number: number, text: String(text), total: nil)
        guard let value = candidate.stepValue else { return refuse("a step is a whole number from 0") }
        step = RecognizedStep(name: name, value: value, total: nil)
    }
}
