package import Autograd
package import Theory

/// The graph that one training step of a model records, drawn for people.
package enum ModelGraph {
    /// The graph behind `loss` over `samples` samples, drawn from the loss back to the parameters.
    ///
    /// - Precondition: at least one sample.
    package static func description(
        of model: ModelConfiguration, loss: LossKind, samples: Int, format: GraphFormat
    ) -> String {
        precondition(samples > 0, "a graph over \(samples) samples")
        let leaves = ParameterLeaves<Double>(model.layout)
        let data = Samples<Double>(TrainingData(x: [0], y: [0]), for: model.model)
        let features = Tensor<Double>.zeros(shape: [samples, data.width])
        let targets = Tensor<Double>.zeros(shape: [samples, 1])
        let prediction = model.model.prediction(at: leaves.tensors, from: features)
        let loss = AutogradMethod<Double>.loss(loss, of: prediction, to: targets)
        let names = Dictionary(
            uniqueKeysWithValues: zip(model.layout.parameters.map(\.name), leaves.tensors))
        return loss.graphDescription(format: format, names: names)
    }
}
