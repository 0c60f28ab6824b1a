/// A straight line up to the optimizer's learning rate: η min(1, (t + 1) / total).
///
/// Its first step is already at η / total, its last at η; another schedule then takes over from η.
package struct WarmUpSchedule: ScheduleRule {
    package static let name = "warmup"
    package static let summary = "a straight line up to the optimizer's learning rate"
    package static let hyperparameters: [Hyperparameter] = [
        .required("total", .count(1), "how many steps it takes")
    ]

    private let total: Int

    package init(_ values: HyperparameterValues) {
        total = values.count("total")
    }

    package var length: Int? { total }

    package func learningRate(at step: Int, from base: Double) -> Double {
        base * (Double(min(step + 1, total)) / Double(total))
    }
}
