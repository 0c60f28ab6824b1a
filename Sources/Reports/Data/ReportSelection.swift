import TextFormats
import Tracking

/// The runs that a report is on, found in the notebook.
struct ReportSelection: Sendable {
    let title: String
    /// Nil if the runs were named one by one.
    let sweep: Sweep?
    /// At least one.
    let runs: [Run]
    /// Those among them that are called running although their process is gone.
    let interrupted: Set<Int64>
    /// What names the sweep on a command line; nil without one.
    let sweepReference: String?
    /// Whether these are all runs of the subject.
    let isWhole: Bool
    /// The step tables of the runs' models.
    let schemas: [String: StepSchema]

    init(
        _ subject: ReportSubject, matching condition: String? = nil,
        names: DefaultSettings = DefaultSettings(optimizers: [:]), in store: Store,
        isAlive: @escaping (ProcessIdentity) -> Bool?
    ) throws {
        let finder = RunFinder(
            store, settingPaths: names.settingPaths, settingWords: names.settingWords, isAlive: isAlive)
        let title: String
        let runs: [Run]
        switch subject {
        case .sweep(let name):
            let sweep = try store.sweeps.find(named: name)
            self.sweep = sweep
            title = name
            runs = try store.runs.all(ofSweep: sweep.id)
            guard !runs.isEmpty else {
                let error = try TrackingError(noRunsOf: sweep, in: store)
                throw ReportError(.nothingToReport, error.message, advice: error.advice)
            }
        case .all:
            sweep = nil
            let all = try store.runs.all()
            runs = all.filter { $0.kind == .trained }
            title = runs.count < all.count ? "all runs of built-in models" : "all runs"
            guard !runs.isEmpty else { throw ReportError(.nothingToReport, "there is no run to report") }
        case .runs(let ids):
            sweep = nil
            var known: Set<Int64> = []
            let ids = ids.filter { known.insert($0).inserted }
            guard !ids.isEmpty else {
                throw ReportError(
                    .nothingToReport, "there is no run to report", advice: "name a sweep, or runs by their numbers")
            }
            title = ids.runsInWords
            runs = try store.runs.find(ids: ids)
            for run in runs { _ = try run.trainingData }
        }
        sweepReference = try sweep.map { try RunReference.word(for: $0, in: store) }
        let found = try condition.map { try finder.found(matching: Self.filter($0), among: runs) }
        let matching = found?.among(runs) ?? runs
        guard !matching.isEmpty else {
            throw ReportError(.nothingToReport, "no run matches '\(condition ?? "")'\(found?.causes ?? "")")
        }
        isWhole = matching.count == runs.count
        self.title = condition.map { "\(title): \($0)" } ?? title
        self.runs = matching
        var schemas: [String: StepSchema] = [:]
        for run in matching where schemas[run.plan.model] == nil {
            schemas[run.plan.model] = try store.steps.schema(ofRun: run.id)
        }
        self.schemas = schemas
        interrupted = runs.contains { $0.state == .running } ? try finder.interrupted() : []
    }

    var isHalving: Bool { sweep?.isHalving ?? false }

    /// How many of these configurations are different: one that halving trained in several rungs counts once.
    func triedCount(_ configurations: [ConfigurationFields]) -> Int {
        sweep?.triedCount(configurations) ?? Set(configurations.map(\.values)).count
    }

    /// Whether a run of a halving sweep was given fewer steps than the last rung.
    func isUnpromoted(_ run: Run) -> Bool { sweep?.isUnpromoted(run) ?? false }

    /// The names of all runs' parameters, those of the first run first.
    var parameters: [String] {
        var names: [String] = []
        for run in runs {
            for name in schemas[run.plan.model]?.parameters ?? [] where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The conditions, of which none may depend on the day on which they are asked.
    private static func filter(_ condition: String) throws -> RunFilter {
        let filter = try RunFilter(condition)
        if let time = filter.relativeTime {
            throw ReportError(
                .nothingToReport, "'\(time)' is another time tomorrow, and a report is to be the same then",
                advice: "write the date, such as created>=2026-11-01")
        }
        return filter
    }
}

extension Sweep {
    var isHalving: Bool { plan.sampler == "halving" }

    /// How many of these configurations are different: one that halving trained in several rungs counts once.
    func triedCount(_ configurations: [ConfigurationFields]) -> Int {
        Set(configurations.map { fields in isHalving ? fields.values.filter { $0.key != "steps" } : fields.values })
            .count
    }
}
