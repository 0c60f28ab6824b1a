import Statistics
import Theory
import Tracking

/// Everything a report is made of, read from the notebook once.
struct ReportData: Sendable {
    private let selection: ReportSelection
    let title: String
    /// The sweep, if the report is on one.
    let sweep: Sweep?
    /// Whether `runs` are all of the subject's.
    let isWhole: Bool
    /// In the order of the sweep's positions, or of the list.
    let runs: [ReportedRun]
    /// By median final loss, lowest first, and last where the median falls on a failure or there is no result; equals in
    /// the order of their ids.
    let groups: [ConfigurationGroup]
    let fields: FieldComparison
    /// The names of all runs' parameters.
    let parameters: [String]
    /// The step tables of the runs' models.
    let schemas: [String: StepSchema]
    /// What counts as a success.
    let target: ReportTarget
    /// The sweep's own target, if the report has another.
    let plannedTarget: String?
    /// Whether somebody named the target, now or when the sweep was planned.
    let isTargetAsked: Bool
    /// What was typed to have these runs, in its order.
    let commands: [String]
    /// What people said of these runs and their sweeps.
    let notes: ReportNotes
    /// The verdicts that were read before, by their questions.
    let looks: [String: [StoredVerdict]]

    /// Reads the runs of `selection` from `store`, and hands every step to `curves` on the way.
    ///
    /// Linear in the number of steps; none of them is kept.
    init(
        _ selection: ReportSelection, in store: Store, options: ReportOptions, curves: inout CurvesFile
    ) throws {
        self.selection = selection
        title = selection.title
        sweep = selection.sweep
        isWhole = selection.isWhole
        commands = try RecordedCommands(selection, in: store).lines
        notes = try ReportNotes(on: selection.runs, in: store)
        looks = Dictionary(grouping: try store.verdicts.all(), by: \.question)
        parameters = selection.parameters
        schemas = selection.schemas
        let planned = selection.sweep?.plan.target
        target = options.target ?? planned.flatMap { try? ReportTarget(text: $0) } ?? .standard
        plannedTarget = planned == target.text ? nil : planned
        isTargetAsked = options.target != nil || planned == target.text
        runs = try Self.read(selection, in: store, target: target, isAsked: options.target != nil, curves: &curves)
        groups = Dictionary(grouping: runs) { $0.run.plan.groupID }
            .map { ConfigurationGroup(id: $0.key, runs: $0.value) }
            .sorted { ($0.losses.median ?? .infinity, $0.id) < ($1.losses.median ?? .infinity, $1.id) }
        fields = FieldComparison(of: groups.map(\.configuration))
    }

    /// How many runs the sweep planned that the notebook does not show: deleted ones, or those that other parts of it hold.
    var absentRunCount: Int {
        guard let sweep, isWhole else { return 0 }
        return max(0, sweep.plannedRuns - runs.count)
    }

    /// The optimizers in alphabetical order, each with its runs.
    var optimizers: [(name: String, runs: [ReportedRun])] {
        Dictionary(grouping: runs) { $0.run.plan.optimizer }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    var isHalving: Bool { selection.isHalving }

    /// What names the sweep on a command line; nil without one.
    var sweepReference: String? { selection.sweepReference }

    /// How many configurations these runs tried: one that halving trained in several rungs counts once.
    func triedCount(_ runs: [ReportedRun]) -> Int { selection.triedCount(runs.map(\.configuration)) }

    /// The settings by which a configuration differs from the others, such as "lr 0.1, momentum 0.9".
    func label(of group: ConfigurationGroup) -> String {
        fields.label(of: group.configuration)
    }

    /// The different problems of the runs, in the order of their first run.
    ///
    /// Runs share one, unless data, loss or number type vary, or their data come from each run's own seed.
    var problems: [OptimizationProblem] {
        var problems: [OptimizationProblem] = []
        for run in runs where problems.last != run.problem && !problems.contains(run.problem) {
            problems.append(run.problem)
        }
        return problems
    }

    /// The models of the runs, if none of them has a known optimum.
    var unknownModels: [String] {
        runs.contains { $0.problem.objective != nil } ? [] : Set(runs.map(\.run.plan.model)).sorted()
    }

    /// Hands the steps of these configurations to `curves` once more.
    func write(_ groups: Set<String>, from store: Store, to curves: inout CurvesFile) throws {
        for reported in runs where groups.contains(reported.run.plan.groupID) {
            let schema = try store.steps.schema(ofRun: reported.run.id)
            var step = RecordedStep(of: schema, on: reported.problem.objective)
            curves.begin(reported.run.id, planned: reported.run.plan.steps, parameters: schema.parameters)
            try store.steps.forEach(ofRun: reported.run.id) { row in
                step.read(row)
                try curves.append(step)
            }
            try curves.end(reported)
        }
    }

    private static func read(
        _ selection: ReportSelection, in store: Store, target: ReportTarget, isAsked: Bool,
        curves: inout CurvesFile
    ) throws -> [ReportedRun] {
        var reader = ProblemReader(store)
        var configurations: [String: ConfigurationFields] = [:]
        let budgets = Set(selection.runs.map(\.plan.steps)).sorted()
        let unstable = try store.runs.unstable(among: selection.runs)
        var runs: [ReportedRun] = []
        runs.reserveCapacity(selection.runs.count)
        for run in selection.runs {
            let configuration =
                configurations[run.plan.groupID] ?? ConfigurationFields(json: run.plan.config, without: "seed")
            configurations[run.plan.groupID] = configuration
            let problem = try reader.problem(of: run)
            // A planned target that turns out to be out of reach must not keep the report from being made.
            let success = isAsked ? try target.excess(on: problem) : (try? target.excess(on: problem)) ?? nil
            var trajectory = Trajectory(of: run, target: success, cuts: budgets)
            let method = Method(of: run.plan, configuration, sampleCount: problem.dataset.x.count)
            var probe = TheoryProbe(of: run, on: problem.objective, by: method)
            let schema = try selection.schemas[run.plan.model] ?? store.steps.schema(ofRun: run.id)
            var step = RecordedStep(of: schema, on: problem.objective)
            curves.begin(run.id, planned: run.plan.steps, parameters: schema.parameters)
            let ancestors = run.plan.parentRunID == nil ? [] : try store.runs.holders(ofStepsOf: run).dropLast()
            for (holder, steps) in ancestors {
                try store.steps.forEachParameters(ofRun: holder, in: steps) { step, parameters in
                    trajectory.inherit(problem.excess(at: parameters), after: step)
                    return true
                }
            }
            try store.steps.forEach(ofRun: run.id) { row in
                step.read(row)
                trajectory.append(step)
                probe.append(step)
                try curves.append(step)
            }
            let reported = ReportedRun(
                run, isInterrupted: selection.interrupted.contains(run.id), configuration: configuration, on: problem,
                by: method,
                success: success, isUnstable: unstable.contains(run.id),
                isStoppedByHalving: selection.isUnpromoted(run), parameters: schema.parameters,
                values: try store.runs.parameters(ofRun: run.id), trajectory: trajectory,
                probe: probe)
            try curves.end(reported)
            runs.append(reported)
        }
        return runs
    }
}
