/// One row of `quadratic_steps`: w and b before the step's update, and the batch's loss and gradients at them.
///
package struct QuadraticStep: Sendable, Equatable {
    package let step: Int
    package let epoch: Int
    package let loss: Double
    package let learningRate: Double
    package let w: Double
    package let b: Double
    package let gradW: Double
    package let gradB: Double
    /// Counted from the run's first step.
    package let elapsedNanoseconds: Int

    package init(
        step: Int, epoch: Int, loss: Double, learningRate: Double, w: Double, b: Double, gradW: Double, gradB: Double,
        elapsedNanoseconds: Int
    ) {
        self.step = step
        self.epoch = epoch
        self.loss = loss
        self.learningRate = learningRate
        self.w = w
        self.b = b
        self.gradW = gradW
        self.gradB = gradB
        self.elapsedNanoseconds = elapsedNanoseconds
    }
}
