/// One step of training: the parameters before its update, and the batch's loss and gradients at them.
package struct TrainingStep: Sendable, Equatable {
    package let step: Int
    package let epoch: Int
    package let loss: Double
    package let learningRate: Double
    package let w: Double
    package let b: Double
    package let gradW: Double
    package let gradB: Double

    /// The first of its numbers that is not finite, as "loss is nan", or nil when all are.
    var firstNonFinite: String? {
        if loss.isFinite && w.isFinite && b.isFinite && gradW.isFinite && gradB.isFinite { return nil }
        let numbers = [("w", w), ("b", b), ("loss", loss), ("grad_w", gradW), ("grad_b", gradB)]
        return numbers.first { !$0.1.isFinite }.map { "\($0.0) is \($0.1)" }
    }
}
