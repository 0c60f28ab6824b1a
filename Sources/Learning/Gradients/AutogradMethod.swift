import Autograd
import Theory

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
        leaves.zeroGrad()
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
