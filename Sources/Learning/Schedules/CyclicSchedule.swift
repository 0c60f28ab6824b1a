/// A learning rate that goes up and down between two bounds (Smith, "Cyclical learning rates", 2017), as `CyclicLR`.
///
/// In cycle c = 1, 2, ... of up + down steps it goes from min to max and back in straight lines, with the height scaled by
/// 1 (`triangular`), 2^(1 - c) (`triangular2`) or γ^t (`exp_range`); the momentum goes the other way round. The optimizer's
/// own learning rate is not used.
package struct CyclicSchedule: ScheduleRule {
    package static let name = "cyclic"
    package static let summary = "up and down between two bounds"
    package static let replacesLearningRate = true
    package static let hyperparameters: [Hyperparameter] = [
        .required("min", .atLeast(0), "the lowest learning rate", torch: "base_lr"),
        .required("max", .above(0), "the highest learning rate", torch: "max_lr"),
        .number("up", 2000, .count(1), "steps of a rise", torch: "step_size_up"),
        .automatic("down", .count(1), "steps of a fall; auto is as many as up", torch: "step_size_down"),
        .choice("mode", ["triangular", "triangular2", "exp_range"], "how the height changes"),
        .number("gamma", 1, .atLeast(0), "factor of the height at every step in exp_range"),
        .flag("cycle_momentum", true, "change the momentum too"),
        .number("min_momentum", 0.8, .halfOpen(0, 1), "the least momentum", torch: "base_momentum"),
        .number("max_momentum", 0.9, .halfOpen(0, 1), "the largest momentum"),
    ]

    private let learningRates: (low: Double, high: Double)
    private let momentums: (low: Double, high: Double)
    private let up: Int
    private let down: Int
    private let mode: String
    private let gamma: Double
    package let cyclesMomentum: Bool

    package init(_ values: HyperparameterValues) {
        learningRates = (values.number("min"), values.number("max"))
        momentums = (values.number("min_momentum"), values.number("max_momentum"))
        up = values.count("up")
        down = values.optionalNumber("down").map { Int($0) } ?? up
        mode = values.word("mode")
        gamma = values.number("gamma")
        cyclesMomentum = values.flag("cycle_momentum")
    }

    package func learningRate(at step: Int, from base: Double) -> Double {
        learningRates.low + (learningRates.high - learningRates.low) * height(at: step)
    }

    package func momentum(at step: Int) -> Double? {
        cyclesMomentum ? momentums.high - (momentums.high - momentums.low) * height(at: step) : nil
    }

    /// Where between the bounds a step is, from 0 to 1.
    private func height(at step: Int) -> Double {
        let (cycle, position) = step.quotientAndRemainder(dividingBy: up + down)
        let triangle =
            position <= up ? Double(position) / Double(up) : Double(up + down - position) / Double(down)
        return switch mode {
        case "triangular2": triangle * 0.5.raised(to: cycle)
        case "exp_range": triangle * gamma.raised(to: step)
        default: triangle
        }
    }
}
