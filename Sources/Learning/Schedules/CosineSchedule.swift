import Foundation

/// Half a cosine wave (Loshchilov and Hutter, "SGDR", 2017, without restarts), as `CosineAnnealingLR`:
/// min + (η - min)(1 + cos(π t / total)) / 2.
///
/// After `total` steps it rises again, as in PyTorch. The cosine is the platform's: its last bit could differ from one
/// platform to another.
package struct CosineSchedule: ScheduleRule {
    package static let name = "cosine"
    package static let torchName: String? = "CosineAnnealingLR"
    package static let summary = "half a cosine wave down to a least learning rate"
    package static let hyperparameters: [Hyperparameter] = [
        .required("total", .count(1), "how many steps it takes", torch: "T_max"),
        .number("min", 0, .atLeast(0), "the learning rate at the end", torch: "eta_min"),
    ]

    private let total: Int
    private let least: Double

    package init(_ values: HyperparameterValues) {
        total = values.count("total")
        least = values.number("min")
    }

    package var length: Int? { total }

    package func learningRate(at step: Int, from base: Double) -> Double {
        cosineWave(from: base, to: least, share: Double(step) / Double(total))
    }
}

/// The value after a share of half a cosine wave, which is exactly `start` at 0 and `end` at 1.
func cosineWave(from start: Double, to end: Double, share: Double) -> Double {
    let weight = (1 + cos(.pi * share)) / 2
    return start * weight + end * (1 - weight)
}
