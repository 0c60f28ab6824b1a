package import Autograd
package import Learning

/// The same function as ``Series`` with one tensor of coefficients, and no gradients by hand.
package struct TensorSeries: LinearModel {
    package static let name = "tensor-series"
    package static let summary = "y = Σ c[i] * x^i"
    package static let arguments = Series.arguments

    package let layout: ParameterLayout
    private let degree: Int

    package init(_ arguments: HyperparameterValues) {
        degree = arguments.count("degree")
        layout = ParameterLayout([("c", [degree + 1, 1])])
    }

    package func features(of x: Double) -> [Double] {
        (0..<degree).reduce(into: [1]) { powers, index in powers.append(powers[index] * x) }
    }

    package func derivatives(of x: Double) -> [Double] { features(of: x) }

    package func prediction<Scalar: TensorScalar>(
        at parameters: [Tensor<Scalar>], from features: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        features.matmul(parameters[0])
    }
}
