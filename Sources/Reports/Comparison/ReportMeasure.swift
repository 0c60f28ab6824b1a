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

    /// Ratios, unless a value is 0 or below.
    init(_ quantity: Quantity, values: [Double]) {
        self.quantity = quantity
        measure = Measure(scale: Measure.scale(for: values))
    }

    init(of runs: [ReportedRun], isTargetAsked: Bool) {
        let quantity = Self.quantity(
            isTargetAsked: isTargetAsked, hasTarget: runs.contains { $0.time != nil },
            hasExcess: runs.allSatisfy { $0.problem.optimum != nil })
        self.init(
            quantity, values: runs.filter(\.hasValue).compactMap { $0.value(of: quantity, after: nil) })
    }

    /// Time where a success was asked for and can be had, else the value at the end.
    static func quantity(isTargetAsked: Bool, hasTarget: Bool, hasExcess: Bool) -> Quantity {
        isTargetAsked && hasTarget ? .time : hasExcess ? .excess : .loss
    }

    /// As a person reads it; `cut` is the number of steps after which all are compared, if that is not their end.
    func name(target: ReportTarget, cut: Int?) -> String {
        switch quantity {
        case .time: "steps until \(target.text) holds" + (cut.map { " within \($0) steps" } ?? "")
        case .excess: cut.map { "excess after \($0) steps" } ?? "excess at the end"
        case .loss: "loss at the end"
        }
    }
}
