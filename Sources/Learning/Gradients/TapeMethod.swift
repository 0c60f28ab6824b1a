import Autograd
import Theory

/// Loss and gradients by a gradient tape, in TensorFlow's order of operations: sums run in TensorFlow's lanes.
struct TapeMethod<Scalar: TrainingScalar>: DifferentiationMethod {
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
        let tape = GradientTape<Scalar>()
        let value = tape.record {
            let prediction = model.tapePrediction(at: leaves.tensors, from: batch.features)
            precondition(
                prediction.hasShape(of: batch.targets),
                "predictions of shape \(prediction.shape) for targets of shape \(batch.targets.shape)")
            return loss(of: (batch.targets - prediction).pow(2))
        }
        let found = try tape.gradient(of: value, withRespectTo: leaves.tensors)
        for (index, gradient) in found.enumerated() {
            try leaves.read(gradient, of: index, into: &gradients)
        }
        return try value.item()
    }

    private func loss(of squares: Tensor<Scalar>) -> Tensor<Scalar> {
        switch loss {
        case .mse: squares.mean()
        case .halfSum: (squares / 2).sum()
        case .halfMean: (squares / 2).mean()
        }
    }
}
