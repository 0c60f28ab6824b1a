import Statistics
import Theory
import Tracking

/// A run with everything the report says of it; its steps were read once and are not kept.
struct ReportedRun: Sendable {
    let run: Run
    /// Whether its state is running although its process is gone.
    let isInterrupted: Bool
    /// Without the seed, which is `seed`.
    let configuration: ConfigurationFields
    let problem: OptimizationProblem
    let method: Method
    /// The names of its parameters, in the order of its steps' columns.
    let parameters: [String]
    /// Before the first and after the last update, in that order; nil until the run has ended.
    let initialValues: [Double]?
    let finalValues: [Double]?
    /// How many steps are recorded.
    let stepCount: Int
    let firstLoss: Double?
    let curve: [Double?]
    /// Steps until it holds the target, in which only a run that is done and not unstable can succeed; nil without a
    /// target.
    let time: RunningTime?
    /// Steps until it first touched the target, and whether it was there at its end; nil without a target.
    let holding: HoldingTime?
    /// Whether it ended higher than it began, by ``Instability``: a failure, though with finite numbers.
    let isUnstable: Bool
    /// What the way it ended means to a comparison.
    let standing: RunStanding
    /// The excess at which it had settled by its end; nil where it had not.
    let settledExcess: Double?
    private let cuts: StepSampler
    /// The excess from which on it has succeeded; nil without a target.
    let success: Double?
    let hits: TargetHits
    let budgets: StepSampler
    let figure: StepSampler
    /// The loss of the step's batch at the places of `figure`, and over all data at the end.
    let losses: StepSampler
    let extent: ParameterExtent?
    let probe: TheoryProbe
    /// The first step whose loss is more than ten times that of the first one.
    let firstGrowth: Int?
    /// Equal ones have the same numbers in every step; nil without steps.
    let trajectoryHash: String?
    /// From the run's first step to its last.
    let elapsedNanoseconds: Int?

    init(
        _ run: Run, isInterrupted: Bool, configuration: ConfigurationFields, on problem: OptimizationProblem,
        by method: Method, success: Double?, isUnstable: Bool, isStoppedByHalving: Bool, parameters: [String],
        values: [ParameterValues],
        trajectory: consuming Trajectory,
        probe: consuming TheoryProbe
    ) {
        self.run = run
        self.isInterrupted = isInterrupted
        self.problem = problem
        self.method = method
        self.configuration = configuration
        self.parameters = parameters
        let ordered = parameters.compactMap { name in values.first { $0.name == name } }
        let isComplete = !ordered.isEmpty && ordered.count == parameters.count
        initialValues = isComplete ? ordered.map(\.initial) : nil
        finalValues = isComplete ? ordered.map(\.final) : nil
        if run.state == .done, let finalValues {
            trajectory.finish(problem.excess(at: finalValues), loss: run.finalLoss, after: run.stepsDone)
            probe.finish(finalValues)
        }
        self.probe = probe
        self.isUnstable = isUnstable
        standing = RunStanding(
            run, isInterrupted: isInterrupted, isUnstable: isUnstable, isStoppedByHalving: isStoppedByHalving)
        let reached = run.state == .done && !isUnstable ? trajectory.holding.held : nil
        self.success = success
        holding = success.map { _ in trajectory.holding }
        time = success.map { _ in RunningTime(reached: reached, budget: run.plan.steps) }
        cuts = trajectory.cuts
        settledExcess = trajectory.settledExcess
        hits = trajectory.hits
        budgets = trajectory.budgets
        figure = trajectory.figure
        losses = trajectory.losses
        extent = trajectory.extent
        firstGrowth = trajectory.firstGrowth
        stepCount = trajectory.stepCount
        firstLoss = trajectory.firstLoss
        curve = trajectory.curve
        elapsedNanoseconds = trajectory.elapsedNanoseconds
        trajectoryHash = trajectory.sha256()
    }

    var seed: Int64 { run.plan.seed }
    var isDone: Bool { run.state == .done }
    /// Whether it ended with a number that can be compared.
    var hasValue: Bool { standing == .ended }
    /// Whether it came to an end that says something of its configuration: not so a run that is queued, running,
    /// interrupted, cancelled, pruned, or in a lower rung.
    var hasResult: Bool {
        if case .noResult = standing { false } else { true }
    }
    /// Whether it ended in a rung below the last one of a halving sweep.
    var isUnpromoted: Bool { standing == .noResult(.notPromoted) }
    /// Where it stands, in the word of the notebook, or `interrupted`.
    var stateName: String { isInterrupted ? "interrupted" : run.state.rawValue }

    /// What became of it: `unstable` or `not promoted` where its state says less.
    var resultName: String { isUnstable ? "unstable" : isUnpromoted ? "not promoted" : stateName }

    /// The loss over all data at the end; infinity for a failure, so that it ranks behind all others.
    var rankedLoss: Double {
        guard hasValue, let loss = run.finalLoss, !loss.isNaN else { return .infinity }
        return loss
    }

    /// log10 of the final excess, ranked likewise; nil where the minimum is not unique.
    var rankedLogExcess: Double? {
        guard problem.optimum != nil else { return nil }
        guard hasValue, let excess = finalExcess, !excess.isNaN else { return .infinity }
        return Log10.of(excess)
    }

    /// What it came to by a measure, after at most `cut` steps.
    func outcome(_ quantity: ReportMeasure.Quantity, after cut: Int?) -> Outcome {
        standing.outcome(hasValue ? value(of: quantity, after: cut) : nil)
    }

    /// Its number by a measure; nil where it has none, or never holds the target within `cut` steps.
    ///
    /// A run that stopped early keeps its last value from there on. A start that holds the target already counts as one
    /// step, so that there is a ratio.
    func value(of quantity: ReportMeasure.Quantity, after cut: Int?) -> Double? {
        switch quantity {
        case .time:
            guard let reached = time?.reached else { return nil }
            if let cut, cut < run.stepsDone, reached + (holding?.window ?? 0) > cut { return nil }
            return Double(max(1, reached))
        case .excess:
            let excess =
                if let cut, cut < run.stepsDone { cuts.steps.firstIndex(of: cut).flatMap { cuts[$0] } } else {
                    finalExcess
                }
            return excess.map(problem.comparableExcess)
        case .loss: return run.finalLoss
        }
    }

    var finalExcess: Double? { finalValues.flatMap(problem.excess) }

    /// The final parameters in the units of the data's own file.
    var originalUnits: [Double]? { finalValues.flatMap(problem.originalUnits) }

    /// The place of a parameter among this run's; nil for one that it does not have.
    func place(of parameter: String) -> Int? { parameters.firstIndex(of: parameter) }

    /// Whether it ended with finite numbers, but a loss more than ten times as high as it began with.
    var hasGrown: Bool {
        guard isDone, let firstLoss, let finalLoss = run.finalLoss else { return false }
        return finalLoss > 10 * firstLoss
    }

    /// The learning rate from which on the run's method diverges on full batches; nil where that is not known.
    var theoreticalEdge: Double? {
        guard let edge = method.fullBatchEdge, let curvature = problem.curvature else { return nil }
        return edge / curvature.largest
    }

    /// Why it went as it went, as `why` says it; nil where no exact surface is known.
    var classification: Classification? {
        guard let objective = problem.objective, let steps = probe.steps else { return nil }
        return Evidence(
            ending: Ending(run.state), objective: objective, analysis: StabilityAnalysis(method, on: objective),
            steps: steps, outlier: OutlierSample(in: objective), finalExcess: finalExcess ?? steps.lastExcess
        ).classification
    }

    /// How many times a sample's gradient was computed: an epoch's last batch may be smaller than the others.
    ///
    /// Of an optimizer that searches, its evaluations count. Nil where they were not recorded, and where the batches they were of
    /// differ in size.
    var samplesUsed: Int? {
        guard isSearching else { return samples(in: run.stepsDone) }
        let isEven = problem.dataset.x.count.isMultiple(of: run.plan.batchSize)
        guard let evaluations = run.evaluations, !isShuffled || isEven else { return nil }
        return evaluations * run.plan.batchSize
    }

    /// How many gradients of samples a run of all its steps computes; of an optimizer that searches, how many it did.
    var samplesPlanned: Int? { isSearching ? samplesUsed : samples(in: run.plan.steps) }

    /// Whether its optimizer evaluates the loss more than once per step.
    var isSearching: Bool { run.plan.optimizer == "lbfgs" }

    private var isShuffled: Bool {
        configuration["sampling"] == "shuffled" && run.plan.batchSize < problem.dataset.x.count
    }

    private func samples(in steps: Int) -> Int {
        let (count, batch) = (problem.dataset.x.count, run.plan.batchSize)
        guard isShuffled else { return steps * batch }
        let (epochs, rest) = steps.quotientAndRemainder(dividingBy: (count + batch - 1) / batch)
        return epochs * count + rest * batch
    }

    /// log10 of the excess at a place of `figure`; infinite where a run that is not done has none, and from there on.
    ///
    /// A run that stopped early keeps its last value.
    func decades(at place: Int) -> Double {
        let ended = isDone && figure.steps[place] > run.stepsDone ? finalExcess : nil
        return (figure[place] ?? ended).map(Log10.of) ?? .infinity
    }

    /// log10 of the excess after a number of updates that optimizers are compared at; infinite for a failure that has no
    /// number there; nil for a run without a result, or without a known minimum.
    func rankedLogExcess(atBudget index: Int) -> Double? {
        guard hasResult, problem.optimum != nil else { return nil }
        let ended = isDone && budgets.steps[index] > run.stepsDone ? finalExcess : nil
        return (budgets[index] ?? ended).map(Log10.of) ?? .infinity
    }

    /// Hands out its two parameters before each step and, if it is done, at the end.
    ///
    /// What was recorded since its steps were read the first time is left out.
    func readPath(from store: Store, _ body: (Mark.Point) -> Void) throws {
        let schema = try store.steps.schema(ofRun: run.id)
        let places = schema.indices(of: .parameter)
        guard places.count == 2 else { return }
        var rest = stepCount
        try store.steps.forEach(ofRun: run.id) { row in
            guard rest > 0 else { return }
            rest -= 1
            body(Mark.Point(x: row.values[places[0]], y: row.values[places[1]]))
        }
        if isDone, let finalValues, finalValues.count == 2 { body(Mark.Point(x: finalValues[0], y: finalValues[1])) }
    }

    /// The cell of this run's curve.
    func cell(_ index: Int) -> Sparkline.Cell {
        if index < curve.count, let value = curve[index] { return .value(value) }
        return run.state == .diverged ? .diverged : .missing
    }
}
