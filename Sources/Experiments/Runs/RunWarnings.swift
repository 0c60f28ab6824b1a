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
            if known.isAboveEdge, let edge = known.analysis.edgeRate { unstable.append(edge) }
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
    let analysis: StabilityAnalysis

    /// Nil for a model without a known loss.
    init?(_ run: PreparedRun) {
        guard let surface = run.recordedData.dataset.lossSurfaces[run.configuration.model.text],
            let json = try? run.configuration.canonicalJSON()
        else { return nil }
        self.run = run
        objective = Self.objective(surface, of: run.configuration, on: run.data)
        let method = Method(
            configuration: ConfigurationFields(json: json).values, optimizer: run.configuration.optimizer.name,
            learningRate: run.configuration.optimizer.learningRate,
            batchSize: run.configuration.batchSize.resolved(of: run.data.count), sampleCount: run.data.count)
        analysis = StabilityAnalysis(method, on: objective)
    }

    var isAboveEdge: Bool { analysis.distance ?? 0 > 0 }

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
        guard isAboveEdge, let edge = analysis.edgeRate else { return nil }
        let rate = analysis.method.learningRate
        var remedies: [MessageText] = []
        if isStableNormalized { remedies.append("\(option: RunSetting.scale.name) normalize") }
        if let stable = analysis.method.stableRate(on: objective) {
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
        return StabilityAnalysis(analysis.method, on: Self.objective(surface, of: run.configuration, on: data)).isStable
    }

    private static func objective(
        _ surface: LossSurface, of configuration: RunConfiguration, on data: TrainingData
    ) -> Objective {
        Objective(
            surface, loss: configuration.loss, isSinglePrecision: configuration.dtype == .float32,
            samples: Objective.Samples(features: PowerFeatures(model: configuration.model.text), x: data.x, y: data.y))
    }
}
