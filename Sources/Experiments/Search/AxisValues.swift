import Foundation
import Learning
import TextFormats

/// What a setting may be in a sweep: some values, or a range that they are drawn from.
package enum AxisValues: Sendable, Equatable {
    case list([String])
    case sampled(Distribution)

    /// The value at a place of the unit interval, 0 <= `place` < 1.
    func value(at place: Double) -> String {
        switch self {
        case .list(let values): values[min(Int(place * Double(values.count)), values.count - 1)]
        case .sampled(let distribution): distribution.value(at: place)
        }
    }
}

extension AxisValues: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .sampled(try Distribution(text, about: "the search space"))
        } else {
            self = .list(try container.decode([String].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .list(let values): try container.encode(values)
        case .sampled(let distribution): try container.encode(distribution.description)
        }
    }
}

/// A range that values are drawn from: `uniform:0:1`, `loguniform:1e-4:1` or `int:1:50`.
///
/// The bounds are values, never exponents. Drawn numbers are rounded to 12 significant digits, so that they read well
/// and do not depend on the machine's logarithm.
package struct Distribution: Sendable, Equatable {
    /// The scale on which numbers are equally likely.
    package enum Kind: String, Sendable, CaseIterable {
        /// Every number between the bounds is equally likely.
        case uniform
        /// Every logarithm between those of the bounds is equally likely.
        case loguniform
        /// Every whole number from the low to the high bound is equally likely.
        case int
    }

    package let kind: Kind
    package let low: Double
    package let high: Double

    /// Whether `text` is meant as one.
    static func isMeant(by text: String) -> Bool {
        Kind.allCases.contains { text.hasPrefix("\($0.rawValue):") }
    }

    /// Reads what is typed; errors are about `subject`.
    init(_ text: String, about subject: MessageText) throws(ExperimentError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let kind = Kind(rawValue: parts[0]), let low = Double(decimal: parts[1]),
            let high = Double(decimal: parts[2]), low.isFinite, high.isFinite
        else {
            throw ExperimentError(
                .invalidValue, about: subject,
                "'\(text)' is not a range to draw from",
                advice: "write uniform:LOW:HIGH, loguniform:LOW:HIGH or int:LOW:HIGH, such as loguniform:1e-4:1")
        }
        guard low < high else {
            throw ExperimentError(
                .invalidValue, about: subject,
                "'\(text)' needs a low end below its high end, such as \(kind.rawValue):1:50")
        }
        if kind == .loguniform, low <= 0 {
            throw ExperimentError(
                .invalidValue, about: subject,
                "'\(text)' starts at \(parts[1]), which has no logarithm",
                advice: "start above 0")
        }
        if kind == .int, ![low, high].allSatisfy({ $0 == $0.rounded() && abs($0) <= Self.largestInteger }) {
            throw ExperimentError(
                .invalidValue, about: subject,
                "'\(text)' has an end that is no whole number up to \(Int(Self.largestInteger))",
                advice: "write one such as int:1:50")
        }
        self.kind = kind
        self.low = low
        self.high = high
    }

    /// The value at a place of the unit interval, 0 <= `place` < 1, as it would be typed.
    func value(at place: Double) -> String {
        switch kind {
        case .int: ValueList.canonical("\(Int(low) + Int(place * (high - low + 1)))")
        case .uniform: rounded(low * (1 - place) + high * place)
        case .loguniform: rounded(ValueList.between(low, high, place))
        }
    }

    /// Beyond it not every place of the unit interval has a number of its own.
    private static let largestInteger = 1e9

    /// Rounding may not leave the range.
    private func rounded(_ value: Double) -> String {
        let text = ValueList.rounded(value)
        let number = Double(decimal: text) ?? value
        return number < low ? "\(low)" : number > high ? "\(high)" : text
    }
}

extension Distribution: CustomStringConvertible {
    /// The one text of this range; reads back the same.
    package var description: String { "\(kind.rawValue):\(bounds)" }

    var bounds: String { "\(ValueList.canonical("\(low)")):\(ValueList.canonical("\(high)"))" }
}
