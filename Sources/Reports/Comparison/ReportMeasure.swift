import Statistics
import Tracking

/// What a report compares its runs by.
struct ReportMeasure: Sendable, Equatable {
    enum Quantity: Sendable, Equatable {
        /// Steps until the target is held.
        case time
        /// The loss over all data at the end above its minimum.
        case excess
        /// The loss over all data at the end, where the minimum is not known or not unique.
        case loss
    }

    let quantity: Quantity
    let measure: Measure

    /// Time where a success was asked for, else the value at the end.
    ///
    /// Ratios, unless a value is 0 or below.
    init(of runs: [ReportedRun], isTargetAsked: Bool) {
        let hasTarget = runs.contains { $0.time != nil }
        let hasExcess = runs.allSatisfy { $0.problem.optimum != nil }
        quantity = isTargetAsked && hasTarget ? .time : hasExcess ? .excess : .loss
        let quantity = quantity
        let values = runs.filter(\.hasValue).compactMap { $0.value(of: quantity, after: nil) }
        measure = Measure(scale: Measure.scale(for: values))
    }
}
