import Statistics
import TextFormats
import Tracking

/// What of a run is compared, as a person asks for it.
package struct JudgedQuantity: Sendable, Equatable {
    /// At which of a run's steps.
    package enum Place: Sendable, Equatable {
        /// After the last update, or the smaller budget where budgets differ.
        case final
        /// After so many updates.
        case step(Int)
        /// At the first step at which all runs of an arm together pass a bound.
        case earliest
        /// At the best step: the extreme of a noisy curve.
        case best
    }

    /// When a run holds a condition, instead of its value.
    package struct Condition: Sendable, Equatable {
        let target: ReportTarget
        let window: Int

        package init(_ target: ReportTarget, window: Int = HoldingTime.defaultWindow) {
            (self.target, self.window) = (target, window)
        }
    }

    /// `loss`, `excess` or a column of the step table; nil for what the runs minimize.
    let metric: String?
    let place: Place
    /// The steps until it is held are compared.
    let condition: Condition?

    package init(metric: String? = nil, place: Place = .final, condition: Condition? = nil) {
        (self.metric, self.place, self.condition) = (metric, place, condition)
    }
}

/// What is read of each run.
enum RunQuantity: Sendable, Equatable {
    /// The loss over all data above its minimum.
    case excess
    /// The loss over all data.
    case loss
    case column(String)
    case time(JudgedQuantity.Condition)

    /// What `asked` means for these runs; `isAbsolute` where the loss itself is wanted, not what it is above its minimum.
    init(_ asked: JudgedQuantity, of runs: [Run], isAbsolute: Bool, _ reader: inout MeasureReader) throws {
        if let condition = asked.condition {
            self = .time(condition)
            return
        }
        let hasOptimum = try runs.allSatisfy { try reader.problem(of: $0).optimum != nil }
        switch asked.metric {
        case nil, "loss": self = hasOptimum && !isAbsolute ? .excess : .loss
        case "excess":
            guard hasOptimum else {
                throw ReportError(
                    .badMeasure, "the excess is not known: \(OptimizationProblem.absence(runs.map(\.plan.model)))",
                    advice: "compare the loss")
            }
            self = .excess
        case .some(let name):
            let schemas = runs.map(\.plan.stepSchema)
            guard schemas.allSatisfy({ $0.columns.contains { $0.name == name } }) else {
                let names = schemas.flatMap(\.columns).map(\.name).filter { $0 != "loss" }
                var known: Set<String> = ["loss", "excess"]
                let all = ["loss", "excess"] + names.filter { known.insert($0).inserted }
                throw ReportError(
                    .badMeasure, "no run has a metric '\(name)'\(NearestName.hint(for: name, among: all))",
                    advice: "there are \(all.joined(separator: ", "))")
            }
            self = .column(name)
        }
    }

    /// Which values are better where that is known; nil for what a person has to say.
    var goal: Measure.Goal? {
        switch self {
        case .excess, .loss, .time: .min
        case .column: nil
        }
    }

    /// In words; `cut` is the number of steps after which all are compared, if that is not their end.
    func name(at place: JudgedQuantity.Place, cut: Int?) -> String {
        let noun: String
        switch self {
        case .excess: noun = "excess"
        case .loss: noun = "loss"
        case .column(let name): noun = name
        case .time(let condition):
            return "steps until \(condition.target.text) holds" + (cut.map { " within \($0) steps" } ?? "")
        }
        return switch place {
        case .earliest: "\(noun) at the earliest step"
        case .final: cut.map { "\(noun) after \($0) steps" } ?? "\(noun) at the end"
        case .step(let step): "\(noun) after \(step.counted("step"))"
        case .best: "best \(noun) of any step (biased: the extreme of a noisy curve)"
        }
    }

    /// What is to be held, where times are compared.
    var condition: JudgedQuantity.Condition? {
        if case .time(let condition) = self { condition } else { nil }
    }

    /// What "holds" means; nil where nothing is to hold.
    var explanation: String? {
        guard let condition else { return nil }
        let window = condition.window
        let needed = window - HoldingTime(window: window).allowedMisses
        return "\(condition.target.text) holds from the first recorded step that meets it and after which "
            + "\(needed) of the next \(window) do."
    }
}

extension Measure.Goal {
    /// Of what everybody calls the same and wants the same of; nil for any other metric.
    static func known(ofMetric name: String) -> Measure.Goal? {
        switch name {
        case "loss", "error", "perplexity", "nll", "bpb", "mse": .min
        case "accuracy", "reward", "score", "auc", "f1", "bleu": .max
        default: nil
        }
    }
}
