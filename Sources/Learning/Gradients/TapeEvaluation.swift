import Autograd
import Randomness
import Theory

/// Loss and gradients by a gradient tape, in TensorFlow's order of operations: the parameters are scalars that
/// broadcast over the samples, and sums run in TensorFlow's lanes.
struct TapeEvaluation<Scalar: TrainingScalar>: LossEvaluation {
    /// Vectors of shape [samples, 1].
    struct Batch {
        let features: Tensor<Scalar>
        let targets: Tensor<Scalar>
    }

    private let w = Tensor<Scalar>([0], shape: [1], requiresGrad: true)
    private let b = Tensor<Scalar>([0], shape: [1], requiresGrad: true)
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
        noGrad {
            w.fill(parameters[0])
            b.fill(parameters[1])
        }
        let tape = GradientTape<Scalar>()
        let value = tape.record {
            loss(of: (batch.targets - (batch.features * w + b)).pow(2))
        }
        let found = try tape.gradient(of: value, withRespectTo: [w, b])
        for (index, gradient) in found.enumerated() {
            gradients[index] = try gradient?.item() ?? 0
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
