package import Autograd
package import Learning

/// y = a*exp(k*x): a model that is not linear in its parameters, so that its optimum is not known.
package struct Exponential: Model {
    package static let name = "exponential"
    package static let summary = "y = a*exp(k*x)"

    package let layout = ParameterLayout(scalars: ["a", "k"])
    package let initialization: Initialization = ["a": .value(1), "k": .value(0)]
    package let platformFunctions = ["exp"]

    package init(_ arguments: HyperparameterValues) {}

    package func prediction<Scalar: TensorScalar>(
        at parameters: [Tensor<Scalar>], from features: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        (features * parameters[1]).exp() * parameters[0]
    }
}
