/// A factor at each of several steps, as `MultiStepLR`: η γ^(number of milestones up to t).
///
/// A milestone that is named twice counts twice.
package struct MultiStepSchedule: ScheduleRule {
    package static let name = "multistep"
    package static let summary = "falls by a factor at given steps"
    package static let hyperparameters: [Hyperparameter] = [
        .required("milestones", .steps, "the steps at which it changes"),
        .number("gamma", 0.1, .atLeast(0), "factor of the learning rate"),
    ]

    private let milestones: [Int]
    private let gamma: Double

    package init(_ values: HyperparameterValues) {
        milestones = values.steps("milestones")
        gamma = values.number("gamma")
    }

    package func learningRate(at step: Int, from base: Double) -> Double {
        base * gamma.raised(to: milestones.count { $0 <= step })
    }
}
