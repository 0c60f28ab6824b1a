import Theory
import Tracking

/// What a run minimizes: its data, its loss, and the exact shape of that where it is known.
struct OptimizationProblem: Sendable, Equatable {
    let dataset: Dataset
    /// `mse`, `half-sum` or `half-mean`.
    let loss: String
    let dtype: String
    let model: String
    /// Nil for a model whose optimum is not known: what needs it is left out.
    let objective: Objective?

    init(_ dataset: Dataset, of run: NewRun) {
        self.dataset = dataset
        (loss, dtype, model) = (run.loss, run.dtype, run.model)
        objective = Objective(dataset, of: run)
    }

    /// The loss is so many times the mean squared error, in which the notebook stores minimum and curvature.
    var scale: Double? { objective?.scale }

    /// Where the minimum is; nil where it is not known or not unique.
    var optimum: [Double]? { objective?.optimum }

    /// The loss over all data at its minimum; nil where that is not known or not unique.
    var minimumLoss: Double? { objective?.minimumLoss }

    /// The largest and the smallest curvature of the loss.
    var curvature: (largest: Double, smallest: Double)? { objective?.curvature }

    /// How far the loss over all data is above its minimum; nil where that is not known or not unique.
    func excess(at values: [Double]) -> Double? { objective?.excess(at: values) }

    /// The smallest excess that says anything in the run's number type.
    var excessFloor: Double {
        LossSurface.smallestMeaningfulExcess(isSinglePrecision: dtype == "float32")
    }

    /// An excess as it is compared: below the smallest that says anything it counts as that one.
    func comparableExcess(_ excess: Double) -> Double { excess < excessFloor ? excessFloor : excess }

    /// How the data were scaled before training.
    var units: Units { dataset.units }

    /// The parameters that give the same curve in the units of the data's own file; nil for a model without such.
    func originalUnits(_ values: [Double]) -> [Double]? {
        objective?.samples.features.map { units.original(values, of: $0) }
    }

    /// The model as a sum of powers, such as `y = a*x^2 + c`; nil for one that is none.
    var formula: String? {
        guard let objective, let features = objective.samples.features else { return nil }
        let terms = zip(objective.surface.parameters, features.powers).map { name, power in
            power == 0 ? name : power == 1 ? "\(name)*x" : "\(name)*x^\(power)"
        }
        return "y = " + terms.joined(separator: " + ")
    }

    /// What stands where something needs a surface that is not known.
    static func absence(_ models: some Sequence<String>) -> String {
        let names = Set(models).sorted()
        return "not computed: the model\(names.count == 1 ? "" : "s") \(names.joined(separator: ", ")) "
            + (names.count == 1 ? "has no known optimum" : "have no known optimum")
    }
}
