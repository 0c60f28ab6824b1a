import Foundation

/// What a comparison is of: which values are better, and on which scale they differ.
package struct Measure: Sendable, Equatable {
    package enum Goal: String, Sendable, CaseIterable {
        case min, max
    }

    package enum Scale: Sendable, Equatable {
        /// Ratios, by logarithms: of values that are all above 0.
        case ratio
        /// Differences.
        case difference
    }

    package let goal: Goal
    package let scale: Scale
    /// A difference up to this does not matter; nil if none was given.
    ///
    /// Ratios have ``negligibleRatio`` instead.
    package let minimumEffect: Double?

    /// A ratio within these bounds makes no difference that matters.
    package static let negligibleRatio = Interval(low: 1 / 1.05, high: 1.05)

    package init(goal: Goal = .min, scale: Scale, minimumEffect: Double? = nil) {
        precondition(minimumEffect ?? 1 > 0, "a smallest effect of \(minimumEffect ?? 0)")
        (self.goal, self.scale, self.minimumEffect) = (goal, scale, minimumEffect)
    }

    /// The value on a scale on which differences are taken and lower is better; infinite for a failure.
    ///
    /// A ratio to 0 is infinite, so that 0 ranks before every other value.
    package func cost(_ outcome: Outcome) -> Double {
        guard case .value(let value) = outcome else { return .infinity }
        let position = scale == .ratio ? log(value) : value
        return goal == .min ? position : -position
    }

    /// The effect first against second that a difference of costs is: first / second, or first - second.
    func effect(_ difference: Double) -> Double {
        let difference = goal == .min ? difference : -difference
        return scale == .ratio ? exp(difference) : difference
    }

    func effect(_ interval: Interval) -> Interval {
        let interval = goal == .min ? interval : interval.negated
        return scale == .ratio ? interval.map { exp($0) } : interval
    }

    /// The effects that make no difference that matters; nil where nobody said which.
    package var negligible: Interval? {
        scale == .ratio ? Self.negligibleRatio : minimumEffect.map { Interval(low: -$0, high: $0) }
    }

    /// Whether an effect says that the first is better, and by more than what does not matter.
    func favorsFirst(_ effect: Double) -> Bool {
        let negligible = negligible ?? Interval(low: 0, high: 0)
        return goal == .min ? effect < negligible.low : effect > negligible.high
    }

    func favorsSecond(_ effect: Double) -> Bool {
        let negligible = negligible ?? Interval(low: 0, high: 0)
        return goal == .min ? effect > negligible.high : effect < negligible.low
    }

    /// Which scale fits values that may not all be above 0.
    package static func scale(for values: some Sequence<Double>) -> Scale {
        values.allSatisfy { $0 > 0 && $0.isFinite } ? .ratio : .difference
    }
}
