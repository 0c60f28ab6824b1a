/// Cosine waves that start again, each longer than the one before (Loshchilov and Hutter, "SGDR: stochastic gradient
/// descent with warm restarts", 2017), as `CosineAnnealingWarmRestarts`.
///
/// With T the length of the current wave and t the steps since its start: min + (η - min)(1 + cos(π t / T)) / 2.
package struct CosineRestartsSchedule: ScheduleRule {
    package static let name = "cosine-restarts"
    package static let torchName: String? = "CosineAnnealingWarmRestarts"
    package static let summary = "cosine waves that jump back to the start"
    package static let hyperparameters: [Hyperparameter] = [
        .required("period", .count(1), "steps of the first wave", torch: "T_0"),
        .number("growth", 1, .count(1), "how many times longer each next wave is", torch: "T_mult"),
        .number("min", 0, .atLeast(0), "the learning rate at the end of a wave", torch: "eta_min"),
    ]

    private let period: Int
    private let growth: Int
    private let least: Double

    package init(_ values: HyperparameterValues) {
        period = values.count("period")
        growth = values.count("growth")
        least = values.number("min")
    }

    package func learningRate(at step: Int, from base: Double) -> Double {
        var (position, wave) = (step, period)
        if growth == 1 {
            position %= wave
        } else {
            while position >= wave {
                position -= wave
                wave *= growth
            }
        }
        return cosineWave(from: base, to: least, share: Double(position) / Double(wave))
    }
}
