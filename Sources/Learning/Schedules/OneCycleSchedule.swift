/// One rise and one fall of the learning rate, with the momentum the other way round (Smith and Topin, "Super-convergence",
/// 2018), as `OneCycleLR`.
///
/// From max / div_factor to max in the first pct_start of the steps, then down to max / div_factor / final_div_factor;
/// with three_phase first back to where it started, in as many steps as the rise took. The optimizer's own learning rate
/// is not used. After `total` steps the last value stays (PyTorch refuses further steps).
package struct OneCycleSchedule: ScheduleRule {
    package static let name = "onecycle"
    package static let summary = "one rise and one fall, with the momentum the other way round"
    package static let replacesLearningRate = true
    package static let hyperparameters: [Hyperparameter] = [
        .required("max", .above(0), "the highest learning rate", torch: "max_lr"),
        .required("total", .count(1), "how many steps it takes", torch: "total_steps"),
        .number("pct_start", 0.3, .closed(0, 1), "share of the steps in which it rises"),
        .choice("anneal", ["cos", "linear"], "the curve between two ends", torch: "anneal_strategy"),
        .flag("cycle_momentum", true, "change the momentum too"),
        .number("min_momentum", 0.85, .halfOpen(0, 1), "the least momentum", torch: "base_momentum"),
        .number("max_momentum", 0.95, .halfOpen(0, 1), "the largest momentum"),
        .number("div_factor", 25, .above(0), "how many times lower it starts than it gets"),
        .number("final_div_factor", 10_000, .above(0), "how many times lower it ends than it starts"),
        .flag("three_phase", false, "fall in two phases, the first as long as the rise"),
    ]

    /// A part of the cycle, up to and including the step `end`.
    private struct Phase: Sendable {
        let end: Double
        let learningRates: (from: Double, to: Double)
        let momentums: (from: Double, to: Double)
    }

    private let phases: [Phase]
    private let total: Int
    private let isLinear: Bool
    package let cyclesMomentum: Bool

    package init(_ values: HyperparameterValues) {
        total = values.count("total")
        isLinear = values.word("anneal") == "linear"
        cyclesMomentum = values.flag("cycle_momentum")
        let highest = values.number("max")
        let first = highest / values.number("div_factor")
        let final = first / values.number("final_div_factor")
        let (least, largest) = (values.number("min_momentum"), values.number("max_momentum"))
        let rise = values.number("pct_start") * Double(total)
        let last = Double(total - 1)
        let rising = Phase(end: rise - 1, learningRates: (first, highest), momentums: (largest, least))
        phases =
            if values.flag("three_phase") {
                [
                    rising,
                    Phase(end: 2 * rise - 2, learningRates: (highest, first), momentums: (least, largest)),
                    Phase(end: last, learningRates: (first, final), momentums: (largest, largest)),
                ]
            } else {
                [rising, Phase(end: last, learningRates: (highest, final), momentums: (least, largest))]
            }
    }

    package var length: Int? { total }

    package func learningRate(at step: Int, from base: Double) -> Double {
        value(at: step) { $0.learningRates }
    }

    package func momentum(at step: Int) -> Double? {
        cyclesMomentum ? value(at: step) { $0.momentums } : nil
    }

    private func value(at step: Int, of ends: (Phase) -> (from: Double, to: Double)) -> Double {
        let step = Double(min(step, total - 1))
        let index = phases.firstIndex { step <= $0.end } ?? phases.count - 1
        let start = index == 0 ? 0 : phases[index - 1].end
        let length = phases[index].end - start
        // A phase without any length is at its end.
        let share = length > 0 ? (step - start) / length : 1
        let (from, to) = ends(phases[index])
        return isLinear ? (to - from) * share + from : cosineWave(from: from, to: to, share: share)
    }
}
