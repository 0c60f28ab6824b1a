import TextFormats

/// The values that a hyperparameter accepts.
package indirect enum HyperparameterRange: Sendable {
    case flag
    case choice([String])
    /// Any number but infinity.
    case finite
    case atLeast(Double)
    case above(Double)
    case atMost(Double)
    /// Between the bounds, both included.
    case closed(Double, Double)
    /// From the lower bound up to, but without, the upper one.
    case halfOpen(Double, Double)
    /// Above the lower bound and up to the upper one.
    case upTo(Double, Double)
    /// Between the bounds, both excluded.
    case open(Double, Double)
    /// A whole number from the bound to 1e9.
    case count(Int)
    /// Step numbers in rising order, each at least 0, written `5/20/45`.
    case steps
    /// A value of the range, or the word `auto`.
    case automatic(HyperparameterRange)

    /// No run has more steps, and products of two such numbers are still exact.
    private static let largestCount = 1e9

    /// Stands for a value that is chosen elsewhere.
    static let automaticWord = "auto"

    /// Whether `value` has the right type and lies in the range.
    package func accepts(_ value: HyperparameterValue) -> Bool {
        switch (self, value) {
        case (.flag, .flag): true
        case (.choice(let words), .word(let word)): words.contains(word)
        case (.automatic(let range), _): value == .word(Self.automaticWord) || range.accepts(value)
        case (.steps, .steps(let steps)):
            !steps.isEmpty && steps.allSatisfy { $0 >= 0 && Double($0) <= Self.largestCount }
                && zip(steps, steps.dropFirst()).allSatisfy { $0 <= $1 }
        case (_, .number(let number)): number.isFinite && contains(number)
        default: false
        }
    }

    /// The value that a person typed, or nil if it is not one of this range.
    package func value(from text: String) -> HyperparameterValue? {
        let value: HyperparameterValue? =
            switch self {
            case .flag: Bool(text).map(HyperparameterValue.flag)
            case .choice: .word(text)
            case .automatic(let range): text == Self.automaticWord ? .word(text) : range.value(from: text)
            case .steps: Self.steps(from: text)
            default: Double(decimal: text).map(HyperparameterValue.number)
            }
        return value.flatMap { accepts($0) ? $0 : nil }
    }

    private func contains(_ number: Double) -> Bool {
        switch self {
        case .finite: true
        case .atLeast(let low): number >= low
        case .above(let low): number > low
        case .atMost(let high): number <= high
        case .closed(let low, let high): low <= number && number <= high
        case .halfOpen(let low, let high): low <= number && number < high
        case .upTo(let low, let high): low < number && number <= high
        case .open(let low, let high): low < number && number < high
        case .count(let low): number == number.rounded() && Double(low) <= number && number <= Self.largestCount
        case .flag, .choice, .steps, .automatic: false
        }
    }

    private static func steps(from text: String) -> HyperparameterValue? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let steps = parts.compactMap { Int($0) }
        return steps.count == parts.count ? .steps(steps) : nil
    }
}

extension HyperparameterRange: CustomStringConvertible {
    /// The range as a sentence about a value can end.
    package var description: String {
        func text(_ number: Double) -> String { HyperparameterValue.number(number).description }
        return switch self {
        case .flag: "true or false"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .finite: "a finite number"
        case .atLeast(let low): "a number of at least \(text(low))"
        case .above(let low): "a number above \(text(low))"
        case .atMost(let high): "a number of at most \(text(high))"
        case .closed(let low, let high): "a number in [\(text(low)), \(text(high))]"
        case .halfOpen(let low, let high): "a number in [\(text(low)), \(text(high)))"
        case .upTo(let low, let high): "a number in (\(text(low)), \(text(high))]"
        case .open(let low, let high): "a number in (\(text(low)), \(text(high)))"
        case .count(let low): "a whole number of at least \(low)"
        case .steps: "a list of steps in rising order such as 5/20/45"
        case .automatic(let range): "\(Self.automaticWord) or \(range)"
        }
    }
}
