import Statistics
import Tracking

extension PairComparison {
    /// A run's value on the scale that differences are taken on, decades.
    struct Value {
        /// Steps or excess.
        ///
        /// A failure counts as the whole budget, or as infinite where there is no budget to charge.
        let magnitude: Double
        /// Its decades.
        let charged: Double
        /// A failure is infinite.
        let ranked: Double
        let isCensored: Bool
    }

    static func value(_ run: ReportedRun, _ metric: Metric) -> Value {
        switch metric {
        case .time:
            let time = run.time ?? RunningTime(reached: nil, budget: run.run.plan.steps)
            // A start that is at the target already counts as one step, so that there is a ratio.
            let steps = Double(max(1, time.charged))
            let decades = Log10.of(steps)
            return Value(
                magnitude: steps, charged: decades, ranked: time.isCensored ? .infinity : decades,
                isCensored: time.isCensored)
        case .excess:
            let decades = run.rankedLogExcess ?? .infinity
            return Value(
                magnitude: decades == .infinity ? .infinity : run.finalExcess ?? .infinity, charged: decades,
                ranked: decades, isCensored: decades == .infinity)
        case .loss:
            let decades = Log10.of(run.rankedLoss)
            return Value(
                magnitude: run.rankedLoss, charged: decades, ranked: decades, isCensored: decades == .infinity)
        }
    }

    /// 1 for equal values, also where both are 0 or infinite.
    static func ratio(_ a: Double, _ b: Double) -> Double {
        a == b ? 1 : a / b
    }

    /// (var a + var b) / var(a - b).
    static func varianceRatio(_ a: [Double], _ b: [Double], _ differences: [Double]) -> Double? {
        let paired = variance(differences)
        return paired > 0 ? (variance(a) + variance(b)) / paired : nil
    }

    private static func variance(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}
