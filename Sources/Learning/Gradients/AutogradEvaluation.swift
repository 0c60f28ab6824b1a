import Autograd
import Theory

/// Loss and gradients by the autograd core: a new graph every step, differentiated by `backward()`.
struct AutogradEvaluation<Scalar: TrainingScalar>: LossEvaluation {
    /// Columns of shape [samples, 1].
    struct Batch {
        let features: Tensor<Scalar>
        let targets: Tensor<Scalar>
    }

    private let model = QuadraticModel<Scalar>()
    private let loss: LossKind

    init(loss: LossKind) {
        self.loss = loss
    }

    func makeBatch(features: [Scalar], targets: [Scalar], at indices: ArraySlice<Int>) -> Batch {
        Batch(features: .column(of: features, at: indices), targets: .column(of: targets, at: indices))
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func evaluate(at parameters: [Scalar], on batch: Batch, gradients: inout [Scalar]) throws -> Scalar {
        model.assign(parameters)
        model.zeroGrad()
        let loss = Self.loss(loss, of: model(batch.features), to: batch.targets)
        try loss.backward()
        try model.readGradients(into: &gradients)
        return try loss.item()
    }

    /// The loss as the chapter writes it.
    static func loss(
        _ kind: LossKind, of prediction: Tensor<Scalar>, to targets: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        switch kind {
        case .mse: prediction.meanSquaredError(to: targets)
        case .halfSum: (0.5 * (prediction - targets).pow(2)).sum()
        case .halfMean: (0.5 * (prediction - targets).pow(2)).mean()
        }
    }
}
