import TextFormats
import Theory

/// What ends a run before its last step.
///
/// Whichever holds first ends it; that step makes no update.
package struct StoppingCriteria: Sendable, Hashable, Codable {
    /// A step's loss at or below this.
    package var loss: Double?
    /// A step's excess, the distance 1/2 d'Hd of its parameters from the optimum over all data, at or below this.
    package var excess: Double?
    /// A Euclidean norm of a step's gradients at or below this.
    package var gradientNorm: Double?
    /// So many steps in a row whose loss is not below the lowest before.
    package var patience: Int?

    /// Reads `loss=1e-3`, or several with commas between: `excess=1e-6,patience=50`.
    package init(text: String) throws(LearningError) {
        for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, try set(sides[0], to: sides[1]) else {
                throw LearningError(
                    .invalidStopping, "'\(entry)' is not a rule to stop by",
                    advice: "write loss=1e-3, excess=1e-6, gradient_norm=1e-6 " + "or patience=50")
            }
        }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case loss, excess, patience
        case gradientNorm = "gradient_norm"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self, only: CodingKeys.allCases)
        loss = try container.decodeIfPresent(Double.self, forKey: .loss)
        excess = try container.decodeIfPresent(Double.self, forKey: .excess)
        gradientNorm = try container.decodeIfPresent(Double.self, forKey: .gradientNorm)
        patience = try container.wholeIfPresent(Int.self, forKey: .patience)
    }

    /// Returns whether there is such a rule and `text` is a number for it.
    private mutating func set(_ name: String, to text: String) throws(LearningError) -> Bool {
        switch name {
        case "loss": loss = Double(decimal: text)
        case "excess": excess = Double(decimal: text)
        case "gradient_norm": gradientNorm = Double(decimal: text)
        case "patience": patience = Int(text)
        default: return false
        }
        return name == "patience" ? patience != nil : Double(decimal: text) != nil
    }

    func validate(dtype: ElementType) throws(LearningError) {
        for (name, bound) in [("loss", loss), ("excess", excess), ("gradient_norm", gradientNorm)] {
            if let bound, !(bound >= 0 && bound.isFinite) {
                throw LearningError(
                    .invalidStopping, "a run stops at a \(name) of at least 0, not \(bound)",
                    advice: "give one such as 1e-6")
            }
        }
        if let patience, !(1...RunConfiguration.largestStepCount).contains(patience) {
            throw LearningError(
                .invalidStopping, "patience is a number of steps of at least 1, not \(patience)",
                advice: "give one such as 50")
        }
        let floor = LossSurface.smallestMeaningfulExcess(isSinglePrecision: dtype == .float32)
        if let excess, excess < floor {
            throw LearningError(
                .invalidStopping, "an excess of \(excess) cannot be told from rounding in \(dtype.rawValue)",
                advice: "give at least \(floor)")
        }
    }
}

/// Decides, step by step, whether a run's stopping rules end it.
struct EarlyStopping {
    private let rules: StoppingCriteria
    private let layout: TrainingStepLayout
    private let loss: LossKind
    /// What the excess is measured on, if a rule is about it.
    private let surface: LossSurface?
    private var lowestLoss = Double.infinity
    private var stepsWithoutImprovement = 0

    init(_ rules: StoppingCriteria, _ configuration: RunConfiguration, data: TrainingData) {
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
