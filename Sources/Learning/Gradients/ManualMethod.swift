import Autograd
import Theory

/// Loss and gradients by the model's own formulas, in NumPy's order of operations and without fused multiply-add.
///
/// With residuals d = prediction - y: half-sum loss Σ 0.5 d^2, and the gradient of a parameter is Σ d times the
/// derivative of the prediction. The mean losses scale the residuals first: mse by 2/n, half-mean by 1/n.
struct ManualMethod<Scalar: TrainingScalar>: DifferentiationMethod {
    struct Batch {
        let features: [Scalar]
        let targets: [Scalar]
    }

    private let model: any HandDifferentiatedModel
    private let loss: LossKind
    private var residuals: [Scalar] = []
    private var terms: [Scalar] = []

    init(_ model: ModelConfiguration, loss: LossKind) throws(LearningError) {
        self.model = try model.handDifferentiated()
        self.loss = loss
    }

    func makeBatch(of samples: Samples<Scalar>, at indices: ArraySlice<Int>) -> Batch {
        Batch(features: samples.features(at: indices), targets: indices.map { samples.targets[$0] })
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    mutating func evaluate(at parameters: [Scalar], on batch: Batch, gradients: inout [Scalar]) -> Scalar {
        resize(to: batch.targets.count)
        model.predict(at: parameters, from: batch.features, into: &residuals)
        for i in residuals.indices { residuals[i] -= batch.targets[i] }
        let value = lossValue()
        scaleResiduals(by: Scalar(batch.targets.count))
        model.differentiate(
            at: parameters, from: batch.features, residuals: residuals, terms: &terms, into: &gradients)
        return value
    }

    private mutating func resize(to count: Int) {
        guard residuals.count != count else { return }
        residuals = Array(repeating: 0, count: count)
        terms = residuals
    }

    private mutating func lossValue() -> Scalar {
        let half: Scalar = loss == .mse ? 1 : 0.5
        for i in residuals.indices {
            terms[i] = half * (residuals[i] * residuals[i])
        }
        let sum = SummationOrder.numPy.sum(terms)
        return loss == .halfSum ? sum : sum / Scalar(residuals.count)
    }

    private mutating func scaleResiduals(by count: Scalar) {
        let factor: Scalar
        switch loss {
        case .halfSum: return
        case .mse: factor = 2 / count
        case .halfMean: factor = 1 / count
        }
        for i in residuals.indices { residuals[i] = factor * residuals[i] }
    }
}
