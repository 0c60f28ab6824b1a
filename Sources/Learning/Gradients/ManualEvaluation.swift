import Autograd
import Theory

/// Loss and gradients written out by hand, in NumPy's order of operations and without fused multiply-add.
///
/// With d = w*x^2 + b - y: half-sum loss Σ 0.5 d^2, gradients Σ d x^2 and Σ d, as in the chapter's section 2.6.
/// The mean losses scale the residuals first: mse by 2/n, half-mean by 1/n.
struct ManualEvaluation<Scalar: TrainingScalar>: LossEvaluation {
    struct Batch {
        let features: [Scalar]
        let targets: [Scalar]
    }

    private let loss: LossKind
    private var residuals: [Scalar] = []
    private var terms: [Scalar] = []

    init(loss: LossKind) {
        self.loss = loss
    }

    func makeBatch(features: [Scalar], targets: [Scalar], at indices: ArraySlice<Int>) -> Batch {
        Batch(features: indices.map { features[$0] }, targets: indices.map { targets[$0] })
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    mutating func evaluate(at parameters: [Scalar], on batch: Batch, gradients: inout [Scalar]) -> Scalar {
        let (w, b) = (parameters[0], parameters[1])
        let count = batch.features.count
        resize(to: count)
        for i in 0..<count {
            residuals[i] = (batch.features[i] * w + b) - batch.targets[i]
        }
        let value = lossValue()
        scaleResiduals(by: Scalar(count))
        for i in 0..<count {
            terms[i] = residuals[i] * batch.features[i]
        }
        gradients[0] = SummationOrder.numPy.sum(terms)
        gradients[1] = SummationOrder.numPy.sum(residuals)
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
