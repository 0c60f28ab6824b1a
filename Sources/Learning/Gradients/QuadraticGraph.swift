package import Autograd
package import Theory

/// The graph that one training step of y = w*x^2 + b records, drawn for people.
package enum QuadraticGraph {
    /// The graph behind `loss` over `samples` samples, drawn from the loss back to w and b.
    ///
    /// - Precondition: at least one sample.
    package static func description(loss: LossKind, samples: Int, format: GraphFormat) -> String {
        precondition(samples > 0, "a graph over \(samples) samples")
        let model = QuadraticModel<Double>()
        let column = Tensor<Double>.zeros(shape: [samples, 1])
        let loss = AutogradEvaluation<Double>.loss(loss, of: model(column), to: column)
        return loss.graphDescription(format: format, names: model.names)
    }
}
