/// Between which values a quantity lies, one of which may be infinite.
package struct Interval: Sendable, Equatable {
    package var low: Double
    package var high: Double

    package init(low: Double, high: Double) {
        precondition(low <= high, "an interval from \(low) to \(high)")
        (self.low, self.high) = (low, high)
    }

    /// Every number.
    package static let everything = Interval(low: -.infinity, high: .infinity)

    package func isInside(_ region: Interval) -> Bool { region.low <= low && high <= region.high }
    package func contains(_ value: Double) -> Bool { low <= value && value <= high }

    /// With both ends mapped by an increasing function.
    func map(_ transform: (Double) -> Double) -> Interval { Interval(low: transform(low), high: transform(high)) }

    /// Of the negative quantity.
    var negated: Interval { Interval(low: -high, high: -low) }
}

/// Which values a test counts as evidence.
package enum Side: Sendable, Equatable {
    case both
    /// Only that the first is lower, a direction fixed before the runs; the interval has no lower end.
    case lower
    /// Only that the first is higher; the interval has no upper end.
    case higher

    var reversed: Side {
        switch self {
        case .both: .both
        case .lower: .higher
        case .higher: .lower
        }
    }

    /// The p value of this side, from those of the tails that hold lower and higher values.
    func p(lower: Double, higher: Double) -> Double {
        switch self {
        case .both: min(1, 2 * min(lower, higher))
        case .lower: lower
        case .higher: higher
        }
    }

    /// How much of `alpha` each end of an interval may miss; nil for an end that there is none of.
    func tails(_ alpha: Double) -> (low: Double?, high: Double?) {
        switch self {
        case .both: (alpha / 2, alpha / 2)
        case .lower: (nil, alpha)
        case .higher: (alpha, nil)
        }
    }

    /// The smallest p that a distribution gives whose one tail holds at least `tail`.
    func smallestP(tail: Double) -> Double { min(1, self == .both ? 2 * tail : tail) }
}
