/// A factor at every step, as `ExponentialLR`: η γ^t.
package struct ExponentialSchedule: ScheduleRule {
    package static let name = "exponential"
    package static let summary = "falls by a factor at every step"
    package static let hyperparameters: [Hyperparameter] = [
        .required("gamma", .atLeast(0), "factor of the learning rate")
    ]

    private let gamma: Double

    package init(_ values: HyperparameterValues) {
        gamma = values.number("gamma")
    }

    package func learningRate(at step: Int, from base: Double) -> Double {
        base * gamma.raised(to: step)
    }
}
