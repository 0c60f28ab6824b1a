import Autograd

/// y = w*x^2 + b, with w and b as leaf tensors of shape [1, 1].
final class QuadraticModel<Scalar: TrainingScalar> {
    private let w = Tensor<Scalar>([0], shape: [1, 1], requiresGrad: true)
    private let b = Tensor<Scalar>([0], shape: [1, 1], requiresGrad: true)

    /// What a drawing of the graph calls the parameters.
    var names: KeyValuePairs<String, Tensor<Scalar>> { ["w": w, "b": b] }

    /// The prediction, of shape [samples, 1], from x^2 of the same shape.
    func callAsFunction(_ features: Tensor<Scalar>) -> Tensor<Scalar> {
        features.matmul(w) + b
    }

    func assign(_ parameters: [Scalar]) {
        noGrad {
            w.fill(parameters[0])
            b.fill(parameters[1])
        }
    }

    func zeroGrad() {
        w.zeroGrad()
        b.zeroGrad()
    }

    func readGradients(into gradients: inout [Scalar]) throws {
        gradients[0] = try w.grad?.item() ?? 0
        gradients[1] = try b.grad?.item() ?? 0
    }
}
