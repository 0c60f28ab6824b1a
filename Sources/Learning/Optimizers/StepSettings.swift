/// What a schedule may change from one step to the next.
package struct StepSettings: Sendable, Equatable {
    package var learningRate: Double
    /// Takes the place of the optimizer's `momentum` or `beta1`; nil keeps the configured one.
    package var momentum: Double?

    package init(learningRate: Double, momentum: Double? = nil) {
        self.learningRate = learningRate
        self.momentum = momentum
    }
}
