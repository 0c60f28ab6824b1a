import TextFormats
import Theory

/// Decides, step by step, whether a run's stopping rules end it.
struct StoppingWatch {
    private let rules: StoppingRules
    /// The excess of parameters over the optimum of all data.
    private let excess: (_ w: Double, _ b: Double) -> Double?
    private var lowestLoss = Double.infinity
    private var stepsWithoutImprovement = 0

    init(_ rules: StoppingRules, loss: LossKind, data: TrainingData) {
        self.rules = rules
        let surface = rules.excess == nil ? nil : LeastSquares.surface(of: data)
        excess = { w, b in surface?.excess(at: [w, b], loss: loss) }
    }

    /// Why the run ends with `step`, as "loss 0.0009 is at most 0.001", or nil when it goes on.
    mutating func reasonToStop(at step: TrainingStep) -> String? {
        if step.loss < lowestLoss {
            lowestLoss = step.loss
            stepsWithoutImprovement = 0
        } else {
            stepsWithoutImprovement += 1
        }
        if let bound = rules.loss, step.loss <= bound {
            return "loss \(step.loss) is at most \(bound)"
        }
        if let bound = rules.excess, let excess = excess(step.w, step.b), excess <= bound {
            return "excess \(excess) is at most \(bound)"
        }
        if let bound = rules.gradientNorm {
            let norm = (step.gradW * step.gradW + step.gradB * step.gradB).squareRoot()
            if norm <= bound { return "gradient norm \(norm) is at most \(bound)" }
        }
        if let patience = rules.patience, stepsWithoutImprovement >= patience {
            return "loss has not fallen below \(lowestLoss) for \(patience.counted("step"))"
        }
        return nil
    }
}
