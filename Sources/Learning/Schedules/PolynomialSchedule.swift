import Foundation

/// A power of what is left of the steps, as `PolynomialLR`: η (1 - min(t, total) / total)^power.
///
/// The power is the platform's `pow`: its last bit could differ from one platform to another.
package struct PolynomialSchedule: ScheduleRule {
    package static let name = "polynomial"
    package static let summary = "falls to 0 as a power of the steps that are left"
    package static let hyperparameters: [Hyperparameter] = [
        .number("total", 5, .count(1), "how many steps it takes", torch: "total_iters"),
        .number("power", 1, .above(0), "the power; 1 is a straight line"),
    ]

    private let total: Int
    private let power: Double

    package init(_ values: HyperparameterValues) {
        total = values.count("total")
        power = values.number("power")
    }

    package var length: Int? { total }

    package func learningRate(at step: Int, from base: Double) -> Double {
        base * pow(1 - Double(min(step, total)) / Double(total), power)
    }
}
