import Statistics
import TextFormats
import Theory
import Tracking

/// A run with what was measured of it.
struct JudgedRun: Sendable {
    let run: Run
    let standing: RunStanding
    /// Nil where it never came to one.
    let value: Double?
    /// The same for runs that did exactly the same, as far as their results tell.
    let trajectory: String?

    var seed: Int64 { run.plan.seed }
    var outcome: Outcome { standing.outcome(value) }
}

extension [JudgedRun] {
    /// Those with a result, of several that did exactly the same the first.
    var distinctResults: [JudgedRun] { filter(\.outcome.hasResult).distinct(by: \.trajectory) }

    /// "7 runs that did exactly what another one did"; nil where each did its own.
    var repeated: String? {
        let count = count(where: \.outcome.hasResult) - distinctResults.count
        return count > 0 ? "\(count.counted("run")) that did exactly what another one did" : nil
    }
}

/// Reads what a comparison needs of runs, and no more of their steps than that.
struct MeasureReader {
    private let store: Store
    private let interrupted: Set<Int64>
    /// Whether somebody named the target now, so that one out of reach is a mistake.
    private let isTargetDemanded: Bool
    private var problems: ProblemReader
    private var sweeps: [Int64: Sweep] = [:]
    private var standings: [Int64: RunStanding] = [:]

    init(_ store: Store, interrupted: Set<Int64> = [], isTargetDemanded: Bool = true) {
        (self.store, self.interrupted, self.isTargetDemanded) = (store, interrupted, isTargetDemanded)
        problems = ProblemReader(store)
    }

    /// The arm that is meant, with the configuration that is compared chosen by `measure` where it has several.
    mutating func arm(
        _ reference: ArmReference, seeds: TuningSeeds,
        measure: (_ runs: [Run], _ reader: inout MeasureReader) throws -> (runs: [JudgedRun], measure: Measure)
    ) throws -> JudgedArm {
        if reference.isBest, let sweep = reference.sweep {
            return try JudgedArm(bestOf: reference, sweep, seeds: seeds, in: store)
        }
        return try JudgedArm(reference, seeds: seeds, &self, measure: measure)
    }

    /// What a run minimizes.
    mutating func problem(of run: Run) throws -> OptimizationProblem { try problems.problem(of: run) }

    /// The excess from which on a run has met a target; nil where its problem has no such.
    mutating func excess(of target: ReportTarget, for run: Run) throws -> Double? {
        let problem = try problem(of: run)
        return isTargetDemanded ? try target.excess(on: problem) : (try? target.excess(on: problem)) ?? nil
    }

    /// How these runs ended.
    mutating func standings(of runs: [Run]) throws -> [RunStanding] {
        let unknown = runs.filter { standings[$0.id] == nil }
        let unstable = try store.runs.unstable(among: unknown)
        for run in unknown {
            standings[run.id] = RunStanding(
                run, isInterrupted: interrupted.contains(run.id), isUnstable: unstable.contains(run.id),
                isStoppedByHalving: try isUnpromoted(run))
        }
        return runs.map { standings[$0.id] ?? .noResult(.queued) }
    }

    /// The runs with their values at `place`, or after `cut` steps at the latest.
    mutating func measure(
        _ runs: [Run], _ quantity: RunQuantity, at place: JudgedQuantity.Place, cut: Int?, goal: Measure.Goal
    ) throws -> [JudgedRun] {
        let standings = try standings(of: runs)
        return try zip(runs, standings).map { run, standing in
            if case .noResult = standing {
                return JudgedRun(run: run, standing: standing, value: nil, trajectory: nil)
            }
            let end = RunEnd(run, try store.runs.parameters(ofRun: run.id))
            // Also of those that failed: the same failure is no second sample.
            guard standing == .ended else {
                return JudgedRun(run: run, standing: standing, value: nil, trajectory: end.fingerprint)
            }
            let value =
                switch quantity {
                case .time(let condition): try time(of: run, end, until: condition, cut: cut)
                default: try self.value(of: run, end, quantity, at: place, cut: cut, goal: goal)
                }
            return JudgedRun(run: run, standing: standing, value: value, trajectory: end.fingerprint)
        }
    }

    // MARK: - Noise

    /// The excess around which runs of one configuration scatter in the end; nil where that is not known.
    mutating func noiseFloor(of runs: [Run]) throws -> Double? {
        guard let run = runs.first, let objective = try problem(of: run).objective else { return nil }
        let fields = ConfigurationFields(json: run.plan.config, without: "seed")
        let method = Method(of: run.plan, fields, sampleCount: objective.samples.count)
        return try NoiseLevel.of(run, by: method, on: objective, count: runs.count) {
            try runs.filter { $0.state == .done }.compactMap { try settledExcess(of: $0, objective) }
        }
    }

    private func settledExcess(of run: Run, _ objective: Objective) throws -> Double? {
        let windows = SettledExcess(steps: (run.plan.parentStep ?? 0)..<run.stepsDone)
        return SettledExcess.of(
            late: try excesses(of: run, in: windows.late, objective),
            middle: try excesses(of: run, in: windows.middle, objective))
    }

    private func excesses(of run: Run, in steps: Range<Int>, _ objective: Objective) throws -> [Double] {
        var excesses: [Double] = []
        try store.steps.forEachParameters(ofRun: run.id, in: steps) { _, parameters in
            if let excess = objective.excess(at: parameters) { excesses.append(excess) }
            return true
        }
        return excesses
    }

    // MARK: - Values

    private mutating func value(
        of run: Run, _ end: RunEnd, _ quantity: RunQuantity, at place: JudgedQuantity.Place, cut: Int?,
        goal: Measure.Goal
    ) throws -> Double? {
        switch place {
        case .final:
            guard let cut, cut < run.stepsDone else { return try finalValue(of: run, end, quantity) }
            return try value(of: run, quantity, after: cut)
        case .step(let step):
            // A run that stopped early keeps its last value from there on.
            guard step < run.stepsDone else { return try finalValue(of: run, end, quantity) }
            return try value(of: run, quantity, after: step)
        case .best, .earliest:
            var values = try curve(of: run, quantity).map(\.value)
            if let last = try finalValue(of: run, end, quantity) { values.append(last) }
            let finite = values.filter { !$0.isNaN }
            return goal == .min ? finite.min() : finite.max()
        }
    }

    private mutating func finalValue(of run: Run, _ end: RunEnd, _ quantity: RunQuantity) throws -> Double? {
        switch quantity {
        case .loss: return run.finalLoss
        case .excess:
            let problem = try problem(of: run)
            return end.values(of: problem.objective?.surface.parameters ?? []).flatMap(problem.excess)
                .map(problem.comparableExcess)
        case .column(let name):
            guard let column = run.plan.stepSchema.columns.first(where: { $0.name == name }) else { return nil }
            if column.role == .parameter, let parameter = column.parameter { return end.values(of: [parameter])?.first }
            return try value(of: run, quantity, after: run.stepsDone - 1)
        case .time: return nil
        }
    }

    /// What the row of a step says: of the parameters after so many updates, and of that step's batch.
    private mutating func value(of run: Run, _ quantity: RunQuantity, after step: Int) throws -> Double? {
        guard step >= 0, let holder = try store.runs.holders(ofStepsOf: run).first(where: { $0.steps.contains(step) }),
            let row = try store.steps.all(ofRun: holder.run, in: step..<step + 1).first
        else { return nil }
        return try value(of: row, run, quantity)
    }

    private mutating func value(of row: StepRow, _ run: Run, _ quantity: RunQuantity) throws -> Double? {
        let schema = run.plan.stepSchema
        if case .column(let name) = quantity {
            return schema.columns.firstIndex { $0.name == name }.map { row.values[$0] }
        }
        let problem = try problem(of: run)
        let parameters = schema.indices(of: .parameter).map { row.values[$0] }
        guard let excess = problem.excess(at: parameters) else { return nil }
        return quantity == .excess ? problem.comparableExcess(excess) : problem.minimumLoss.map { $0 + excess }
    }

    /// Of every recorded step since the run's first start.
    mutating func curve(of run: Run, _ quantity: RunQuantity) throws -> [(step: Int, value: Double)] {
        var curve: [(step: Int, value: Double)] = []
        for (holder, steps) in try store.runs.holders(ofStepsOf: run) {
            for row in try store.steps.all(ofRun: holder, in: steps) {
                try curve.append((row.step, value(of: row, run, quantity) ?? .nan))
            }
        }
        return curve
    }

    /// After how many steps the condition is held; nil if it never is, within `cut` steps.
    ///
    /// At least one, so that there is a ratio.
    private mutating func time(
        of run: Run, _ end: RunEnd, until condition: JudgedQuantity.Condition, cut: Int?
    ) throws -> Double? {
        guard let target = try excess(of: condition.target, for: run), let objective = try problem(of: run).objective
        else { return nil }
        let holding = try HoldingTime(
            of: run, at: target, on: objective, final: end.values(of: objective.surface.parameters),
            window: condition.window, cut: cut, in: store)
        return holding.held.map { Double(max(1, $0)) }
    }

    /// Whether halving gave its configuration no more steps, or gave them to another run.
    private mutating func isUnpromoted(_ run: Run) throws -> Bool {
        guard let id = run.sweepID else { return false }
        let sweep = try sweeps[id] ?? store.sweeps.find(id: id)
        sweeps[id] = sweep
        return sweep.isUnpromoted(run)
    }
}

/// A run's parameters at its end.
private struct RunEnd {
    private let final: [String: Double]
    let fingerprint: String

    init(_ run: Run, _ parameters: [ParameterValues]) {
        final = Dictionary(parameters.map { ($0.name, $0.final) }) { first, _ in first }
        let numbers = parameters.flatMap { [$0.initial, $0.final] } + [run.finalLoss ?? .nan, run.bestLoss ?? .nan]
        fingerprint =
            "\(run.stepsDone) \(run.bestStep ?? -1) "
            + numbers.map { String($0.bitPattern, radix: 16) }.joined(separator: " ")
    }

    /// In this order; nil where one is missing.
    func values(of names: [String]) -> [Double]? {
        let values = names.compactMap { final[$0] }
        return values.count == names.count && !names.isEmpty ? values : nil
    }
}
