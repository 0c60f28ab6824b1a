package import Autograd
package import Theory

/// Loss and gradients by the autograd core: a new graph every step, differentiated by `backward()`.
struct AutogradMethod<Scalar: TrainingScalar>: DifferentiationMethod {
    private let model: any Model
    private let leaves: ParameterLeaves<Scalar>
    private let loss: LossKind

    init(_ model: ModelConfiguration, loss: LossKind) {
        self.model = model.model
        leaves = ParameterLeaves(model.layout)
        self.loss = loss
    }

    func makeBatch(of samples: Samples<Scalar>, at indices: ArraySlice<Int>) -> TensorBatch<Scalar> {
        TensorBatch(of: samples, at: indices)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func evaluate(at parameters: [Scalar], on batch: TensorBatch<Scalar>, gradients: inout [Scalar]) throws -> Scalar {
        leaves.assign(parameters)
        let prediction = model.prediction(at: leaves.tensors, from: batch.features)
        let loss = Self.loss(loss, of: prediction, to: batch.targets)
        try loss.backward()
        try leaves.readGradients(into: &gradients)
        return try loss.item()
    }

    /// The loss as the chapter writes it.
    ///
    /// - Precondition: there is one prediction per target.
    static func loss(
        _ kind: LossKind, of prediction: Tensor<Scalar>, to targets: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        precondition(
            prediction.hasShape(of: targets),
            "predictions of shape \(prediction.shape) for targets of shape \(targets.shape)")
        return switch kind {
        case .mse: prediction.meanSquaredError(to: targets)
        case .halfSum: (0.5 * (prediction - targets).pow(2)).sum()
        case .halfMean: (0.5 * (prediction - targets).pow(2)).mean()
        }
    }
}

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
