package import Autograd
package import Theory

/// A function y = f(x; parameters) that can be fitted, with everything that depends on which function it is.
///
/// A conforming type is one set of checked arguments: `polynomial:degree=3` is a value of a type `Polynomial`. To add a
/// model, write one file with a conforming type and add the type to ``ModelRegistry``. The tests' `TestModels` are two
/// further examples.
///
/// A model that also conforms to ``LinearModel`` has a ``lossSurface(of:)`` without further ado; one that conforms to
/// ``HandDifferentiatedModel`` can be trained with gradients written out by hand.
package protocol Model: Sendable {
    /// What a configuration calls it.
    static var name: String { get }
    /// The formula, for listings: `y = w*x^2 + b`.
    static var summary: String { get }
    /// What can be set for it, in the order of the documentation; nothing by default.
    static var arguments: [Hyperparameter] { get }

    /// Takes the values of all ``arguments``, each already inside its own range.
    /// - Throws: `LearningError` when values do not go together.
    init(_ arguments: HyperparameterValues) throws(LearningError)

    /// Names and shapes of the parameters, a function of the arguments.
    var layout: ParameterLayout { get }

    /// What the parameters start from unless a configuration says otherwise; uniform by default.
    var initialization: Initialization { get }

    /// What the prediction needs of a sample, computed once in 64 bits and rounded to the run's number type; x itself by
    /// default. Every sample has equally many.
    func features(of x: Double) -> [Double]

    /// The predictions of a batch, of shape [samples, 1], in PyTorch's order of operations.
    ///
    /// `features` has the shape [samples, features]. The parameters come in the layout's order and with its shapes, but
    /// a scalar has the shape [1, 1], which broadcasts over the samples and can be a factor of `matmul`.
    ///
    /// Marked `@specialized` for `Float` and `Double` it costs no more than if the model were the only one.
    func prediction<Scalar: TensorScalar>(
        at parameters: [Tensor<Scalar>], from features: Tensor<Scalar>
    ) -> Tensor<Scalar>

    /// The same in TensorFlow's order of operations, which the gradient tape records; ``prediction(at:from:)`` by default.
    func tapePrediction<Scalar: TensorScalar>(
        at parameters: [Tensor<Scalar>], from features: Tensor<Scalar>
    ) -> Tensor<Scalar>

    /// Functions of the C library, such as `tanh`, that the prediction or its gradients use and whose last bit may differ
    /// from one platform to another; none by default.
    var platformFunctions: [String] { get }

    /// The exact shape of the mean squared error over `data`, where it is quadratic in the parameters; by default nil,
    /// whatever the data.
    func lossSurface(of data: TrainingData) -> LossSurface?
}

extension Model {
    package static var arguments: [Hyperparameter] { [] }

    package var initialization: Initialization {
        Initialization(every: .uniform, of: layout)
    }

    package func features(of x: Double) -> [Double] { [x] }

    package func tapePrediction<Scalar: TensorScalar>(
        at parameters: [Tensor<Scalar>], from features: Tensor<Scalar>
    ) -> Tensor<Scalar> {
        prediction(at: parameters, from: features)
    }

    package var platformFunctions: [String] { [] }

    package func lossSurface(of data: TrainingData) -> LossSurface? { nil }

    /// Whether ``lossSurface(of:)`` knows anything, which does not depend on the data.
    package var hasLossSurface: Bool {
        lossSurface(of: TrainingData(x: [1], y: [1])) != nil
    }

    static var table: HyperparameterTable {
        HyperparameterTable(owner: "the model \(name)", entries: arguments)
    }
}

/// A model whose gradients can be written out by hand, in NumPy's order of operations and without fused multiply-add.
package protocol HandDifferentiatedModel: Model {
    /// Writes a batch's predictions. `features` has the features of all samples, sample by sample; `parameters` is the
    /// flat list.
    func predict<Scalar: TensorScalar>(
        at parameters: [Scalar], from features: [Scalar], into predictions: inout [Scalar])

    /// Writes the gradients Σ residual * ∂prediction/∂parameter, one per parameter of the flat list.
    ///
    /// `terms` has room for one number per sample and may be used for the summands; NumPy adds them in the order of
    /// `SummationOrder.numPy`.
    func differentiate<Scalar: TensorScalar>(
        at parameters: [Scalar], from features: [Scalar], residuals: [Scalar], terms: inout [Scalar],
        into gradients: inout [Scalar])
}
