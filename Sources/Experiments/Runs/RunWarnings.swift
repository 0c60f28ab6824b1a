import Learning
package import TextFormats
import Theory
import Tracking

/// What is known of runs before their first step, and worth telling.
///
/// How a data file was read, which learning rates diverge on the data, and which parameters the data do not determine.
package struct RunWarnings: Sendable {
    /// Sentences for a person.
    package let sentences: [MessageText]

    /// Of one run.
    package init(_ run: PreparedRun) {
        guard let known = KnownRun(run) else {
            sentences = run.notes
            return
        }
        sentences = run.notes + [known.flatness, known.edge].compactMap { $0 }
    }

    /// Of a sweep's configurations, in few sentences.
    package init(_ sweep: ExpandedSweep) {
        var (flat, unstable): ([MessageText], [Double]) = ([], [])
        for run in sweep.configurations {
            for note in run.notes where !flat.contains(note) { flat.append(note) }
            guard let known = KnownRun(run) else { continue }
            if let sentence = known.flatness, !flat.contains(sentence) { flat.append(sentence) }
            if known.isAboveEdge, let edge = known.standing.edgeRate { unstable.append(edge) }
        }
        guard let lowest = unstable.min(), let highest = unstable.max() else {
            sentences = flat
            return
        }
        let count = sweep.configurations.count
        let edge = NumberText.rounded(lowest, digits: 3)
        let edges = lowest == highest ? "the edge \(edge)" : "the edge of their method, from \(edge) on,"
        let subject =
            unstable.count < count
            ? "\(unstable.count) of \(count.counted("configuration")) \(unstable.count == 1 ? "has" : "have")"
            : count == 1 ? "the configuration has" : "all \(count) configurations have"
        sentences =
            flat + [
                "\(subject) a learning rate above \(edges) of these data, and will diverge if "
                    + "\(unstable.count == 1 ? "it trains" : "they train") long enough"
            ]
    }
}

/// A run whose loss is known exactly.
private struct KnownRun {
    private let run: PreparedRun
    private let objective: Objective
    let standing: EdgeStanding

    /// Nil for a model without a known loss.
    init?(_ run: PreparedRun) {
        var builder = RunRowBuilder()
        guard let plan = try? builder.plannedRun(run, datasetID: 0),
            let objective = Objective(run.recordedData.dataset, of: plan)
        else { return nil }
        (self.run, self.objective) = (run, objective)
        let method = Method(of: plan, ConfigurationFields(json: plan.config), sampleCount: run.data.count)
        standing = EdgeStanding(method, on: objective)
    }

    var isAboveEdge: Bool { standing.distance ?? 0 > 0 }

    /// Which parameters the data do not determine.
    var flatness: MessageText? {
        let names = objective.surface.indistinguishableParameters
        guard let last = names.last else { return nil }
        guard names.count > 1 else {
            return "\(last) makes no difference to the loss on these data, so they say nothing about it"
        }
        return
            "\(names.dropLast().joined(separator: ", ")) and \(last) cannot be told apart on these data: along a line of their values the "
            + "loss is the same, and where training ends depends on where it starts"
    }

    /// That the run diverges, and what does not.
    var edge: MessageText? {
        guard isAboveEdge, let edge = standing.edgeRate else { return nil }
        let rate = standing.method.learningRate
        var remedies: [MessageText] = []
        if isStableNormalized { remedies.append("\(option: RunSetting.scale.name) normalize") }
        if objective.hasNoRate(below: edge) {
            remedies.append("\(option: RunSetting.dtype.name) float64")
        } else if let stable = standing.stableRate(on: objective) {
            remedies.append("\(option: RunSetting.lr.name) \(NumberText.exact(stable))")
        }
        let sentence: MessageText =
            "lr \(NumberText.exact(rate)) is above the edge \(NumberText.rounded(edge, digits: 3)) of these data"
        guard let first = remedies.first else { return sentence }
        return remedies.dropFirst().reduce("\(sentence); try \(first)" as MessageText) { $0 + " or " + $1 }
    }

    /// Whether the same method is below its edge on the file's columns once they are normalized.
    private var isStableNormalized: Bool {
        guard case .csv(_, _, _, scale: .none, _) = run.configuration.data else { return false }
        let data = Scaling.normalizing(x: run.data.x, y: run.data.y).applied(x: run.data.x, y: run.data.y)
        guard let surface = run.configuration.model.lossSurface(of: data) else { return false }
        let normalized = Objective(
            surface, loss: objective.loss, isSinglePrecision: objective.isSinglePrecision,
            samples: Objective.Samples(features: objective.samples.features, x: data.x, y: data.y))
        return StabilityAnalysis(standing.method, on: normalized).isStable
    }
}
