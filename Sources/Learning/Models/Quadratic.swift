package import Autograd

/// y = w*x^2 + b, the curve of the textbook chapter.
package struct Quadratic: LinearModel, HandDifferentiatedModel {
    package static let name = "quadratic"
    package static let summary = "y = w*x^2 + b"

    package let layout = ParameterLayout(scalars: ["w", "b"])

    package init(_ arguments: HyperparameterValues) {}

    package func features(of x: Double) -> [Double] { [x * x] }

    package func derivatives(of x: Double) -> [Double] { [x * x, 1] }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func prediction<Scalar: TensorScalar>(
        at parameters: [Tensor<Scalar>], from features: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        features.matmul(parameters[0]) + parameters[1]
    }

    /// The parameters are scalars that broadcast over the samples.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func tapePrediction<Scalar: TensorScalar>(
        at parameters: [Tensor<Scalar>], from features: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        features * parameters[0] + parameters[1]
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func predict<Scalar: TensorScalar>(
        at parameters: [Scalar], from features: [Scalar], into predictions: inout [Scalar]
    ) {
        let (w, b) = (parameters[0], parameters[1])
        for i in predictions.indices { predictions[i] = features[i] * w + b }
    }

    /// With r = w*x^2 + b - y: Σ r x^2 and Σ r, as in the chapter's section 2.6.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func differentiate<Scalar: TensorScalar>(
        at parameters: [Scalar], from features: [Scalar], residuals: [Scalar], terms: inout [Scalar],
        into gradients: inout [Scalar]
    ) {
        for i in residuals.indices { terms[i] = residuals[i] * features[i] }
        gradients[0] = SummationOrder.numPy.sum(terms)
        gradients[1] = SummationOrder.numPy.sum(residuals)
    }
}
