package import Autograd
package import Learning

/// A polynomial: its number of parameters is an argument, and every gradient method supports it.
package struct Series: LinearModel, HandDifferentiatedModel {
    package static let name = "series"
    package static let summary = "y = c0 + c1*x + ... + cd*x^d"
    package static let arguments: [Hyperparameter] = [.number("degree", 1, .count(0), "the highest power of x")]

    package let layout: ParameterLayout

    package init(_ arguments: HyperparameterValues) {
        layout = ParameterLayout(scalars: (0...arguments.count("degree")).map { "c\($0)" })
    }

    package func derivatives(of x: Double) -> [Double] { powers(of: x) }

    package func prediction<Scalar: TensorScalar>(
        at parameters: [Tensor<Scalar>], from features: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        parameters.dropLast().reversed().reduce(features * 0 + parameters[parameters.count - 1]) { sum, parameter in
            sum * features + parameter
        }
    }

    package func predict<Scalar: TensorScalar>(
        at parameters: [Scalar], from features: [Scalar], into predictions: inout [Scalar]
    ) {
        for (index, x) in features.enumerated() {
            predictions[index] = parameters.reversed().reduce(0) { $0 * x + $1 }
        }
    }

    package func differentiate<Scalar: TensorScalar>(
        at parameters: [Scalar], from features: [Scalar], residuals: [Scalar], terms: inout [Scalar],
        into gradients: inout [Scalar]
    ) {
        terms = residuals
        for position in gradients.indices {
            gradients[position] = SummationOrder.numPy.sum(terms)
            for index in terms.indices { terms[index] *= features[index] }
        }
    }

    private func powers(of x: Double) -> [Double] {
        layout.names.indices.dropFirst().reduce(into: [1]) { powers, index in powers.append(powers[index - 1] * x) }
    }
}
