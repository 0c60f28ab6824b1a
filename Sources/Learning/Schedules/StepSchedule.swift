/// A factor every so many steps, as `StepLR`: η γ^⌊t / every⌋.
package struct StepSchedule: ScheduleRule {
    package static let name = "step"
    package static let summary = "falls by a factor every so many steps"
    package static let hyperparameters: [Hyperparameter] = [
        .required("every", .count(1), "steps between two changes", torch: "step_size"),
        .number("gamma", 0.1, .atLeast(0), "factor of the learning rate"),
    ]

    private let every: Int
    private let gamma: Double

    package init(_ values: HyperparameterValues) {
        every = values.count("every")
        gamma = values.number("gamma")
    }

    package func learningRate(at step: Int, from base: Double) -> Double {
        base * gamma.raised(to: step / every)
    }
}
