import TextFormats
import Theory

/// Decides, step by step, whether a run's stopping rules end it.
struct EarlyStopping {
    private let rules: StoppingRules
    private let layout: TrainingStepLayout
    private let loss: LossKind
    /// What the excess is measured on, if a rule is about it.
    private let surface: LossSurface?
    private var lowestLoss = Double.infinity
    private var stepsWithoutImprovement = 0

    init(_ rules: StoppingRules, _ configuration: RunConfiguration, data: TrainingData) {
        self.rules = rules
        layout = TrainingStepLayout(configuration.model.layout)
        loss = configuration.loss
        surface = rules.excess == nil ? nil : configuration.model.lossSurface(of: data)
    }

    /// Why the run ends with the step of these numbers, as "loss 0.0009 is at most 0.001", or nil when it does not.
    mutating func reasonToStop(at step: TrainingStep, _ numbers: Span<Double>) -> String? {
        if step.loss < lowestLoss {
            lowestLoss = step.loss
            stepsWithoutImprovement = 0
        } else {
            stepsWithoutImprovement += 1
        }
        if let bound = rules.loss, step.loss <= bound {
            return "loss \(step.loss) is at most \(bound)"
        }
        if let bound = rules.excess,
            let excess = surface?.excess(at: numbers.extracting(layout.parameterRange), loss: loss), excess <= bound
        {
            return "excess \(excess) is at most \(bound)"
        }
        if let bound = rules.gradientNorm {
            var squares = 0.0
            for index in layout.gradientRange { squares += numbers[index] * numbers[index] }
            let norm = squares.squareRoot()
            if norm <= bound { return "gradient norm \(norm) is at most \(bound)" }
        }
        if let patience = rules.patience, stepsWithoutImprovement >= patience {
            return "loss has not fallen below \(lowestLoss) for \(patience.counted("step"))"
        }
        return nil
    }
}
