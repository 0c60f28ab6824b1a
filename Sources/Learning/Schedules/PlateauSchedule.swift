/// A learning rate that falls when the loss does not, as `ReduceLROnPlateau`.
///
/// It watches the loss of every step's batch. After more than `patience` steps without one that is better than the best so
/// far by the threshold, the learning rate is multiplied by the factor, but not below `min`, and not by less than `eps`;
/// the `cooldown` steps after that do not count.
package struct PlateauSchedule: ScheduleRule {
    package static let name = "plateau"
    package static let torchName: String? = "ReduceLROnPlateau"
    package static let summary = "falls by a factor when the loss of the steps' batches stops falling"
    package static let hyperparameters: [Hyperparameter] = [
        .choice("mode", ["min", "max"], "which loss is better"),
        .number("factor", 0.1, .halfOpen(0, 1), "factor of the learning rate"),
        .number("patience", 10, .count(0), "steps without improvement that are accepted"),
        .number("threshold", 1e-4, .atLeast(0), "how much better counts as better"),
        .choice("threshold_mode", ["rel", "abs"], "whether the threshold is a share of the best or a difference"),
        .number("cooldown", 0, .count(0), "steps after a change that do not count"),
        .number("min", 0, .atLeast(0), "the least learning rate", torch: "min_lr"),
        .number("eps", 1e-8, .atLeast(0), "the smallest change that is made"),
    ]

    private let rises: Bool
    private let factor: Double
    private let patience: Int
    private let threshold: Double
    private let isRelative: Bool
    private let cooldown: Int
    private let least: Double
    private let epsilon: Double

    /// The product of all factors so far.
    private var scale = 1.0
    private var best: Double
    private var badSteps = 0
    private var cooldownLeft = 0

    package init(_ values: HyperparameterValues) {
        rises = values.word("mode") == "max"
        factor = values.number("factor")
        patience = values.count("patience")
        threshold = values.number("threshold")
        isRelative = values.word("threshold_mode") == "rel"
        cooldown = values.count("cooldown")
        least = values.number("min")
        epsilon = values.number("eps")
        best = rises ? -.infinity : .infinity
    }

    package func learningRate(at step: Int, from base: Double) -> Double {
        scale == 1 ? base : max(base * scale, least)
    }

    package mutating func observe(_ loss: Double, at step: Int, learningRate: Double) {
        if isBetter(loss) {
            best = loss
            badSteps = 0
        } else {
            badSteps += 1
        }
        if cooldownLeft > 0 {
            cooldownLeft -= 1
            badSteps = 0
        }
        guard badSteps > patience else { return }
        if learningRate - max(learningRate * factor, least) > epsilon { scale *= factor }
        cooldownLeft = cooldown
        badSteps = 0
    }

    private func isBetter(_ loss: Double) -> Bool {
        switch (rises, isRelative) {
        case (false, true): loss < best * (1 - threshold)
        case (false, false): loss < best - threshold
        case (true, true): loss > best * (1 + threshold)
        case (true, false): loss > best + threshold
        }
    }
}
