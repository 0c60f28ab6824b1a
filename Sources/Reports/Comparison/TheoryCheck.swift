import Statistics
import TextFormats
import Theory
import Tracking

/// One number of theory beside what was measured.
struct TheoryCheck: Sendable, Equatable {
    /// A configuration's id, or the name of a series of learning rates.
    let subject: String
    let quantity: String
    let theory: Double
    let measured: Double
    /// How far measured / theory may be from 1; for a bound, from below it.
    let tolerance: Double
    let passes: Bool

    var ratio: Double { measured == theory ? 1 : measured / theory }

    /// That the two are equal but for `tolerance`.
    static func equal(
        _ subject: String, _ quantity: String, theory: Double, measured: Double, within tolerance: Double
    ) -> TheoryCheck {
        let ratio = measured == theory ? 1 : measured / theory
        return TheoryCheck(
            subject: subject, quantity: quantity, theory: theory, measured: measured, tolerance: tolerance,
            passes: abs(ratio - 1) <= tolerance)
    }

    /// Everything that theory says of the runs of a report, per configuration and worst seed.
    static func all(_ data: ReportData, _ series: [RateSeries]) -> [TheoryCheck] {
        data.groups.sorted { ($0.runs.map(\.run.id).min() ?? 0) < ($1.runs.map(\.run.id).min() ?? 0) }
            .flatMap { group in
                [gradient(group), firstStep(group), finalExcess(group), rate(group), floor(group)].compactMap { $0 }
            } + series.compactMap(edge)
    }

    // MARK: - Internals

    /// Rounding in a number type, relative to a value of about 1.
    private static func unit(_ group: ConfigurationGroup) -> Double {
        group.best.run.plan.dtype == "float32" ? 0x1p-24 : 0x1p-53
    }

    /// Of full batches, every row's gradient is the gradient over all data.
    private static func gradient(_ group: ConfigurationGroup) -> TheoryCheck? {
        guard let deviation = group.runs.compactMap(\.probe.gradientDeviation).max() else { return nil }
        let tolerance = 256 * unit(group)
        return TheoryCheck(
            subject: group.id, quantity: "largest error of a gradient", theory: 0, measured: deviation,
            tolerance: tolerance, passes: deviation <= tolerance)
    }

    private static func firstStep(_ group: ConfigurationGroup) -> TheoryCheck? {
        let checks = group.runs.compactMap { run -> TheoryCheck? in
            guard let objective = run.problem.objective, let first = run.probe.first, let second = run.probe.second,
                // A stopping rule ends a run before its last step's update.
                run.run.stopReason == nil || run.stepCount > 1
            else { return nil }
            let gradient = run.method.isFullBatch ? objective.gradient(at: first.parameters) : first.gradient
            guard let exact = gradient?[0], let length = run.method.firstStepLength(gradient: exact) else { return nil }
            // Near the minimum a gradient over all data is a small difference of large terms.
            let slack =
                run.method.isFullBatch
                ? objective.rounding(ofGradientAt: first.parameters.reduce(0) { $0 + abs($1) }) / abs(exact) : 0
            let (before, after) = (first.parameters[0], second[0])
            // The step is a difference of parameters, and has their rounding; where that is much of it, the row says nothing.
            let rounding = 64 * unit(group) * (1 + (abs(before) + abs(after)) / length) + slack
            guard rounding < 0.01, objective.holdsSquare(of: exact) else { return nil }
            return equal(
                group.id, "length of the first step of \(objective.surface.parameters[0])", theory: length,
                measured: abs(after - before),
                within: max(rounding, 1e-9))
        }
        return worst(checks)
    }

    /// Of plain descent, the excess at the last place where rounding does not yet decide.
    private static func finalExcess(_ group: ConfigurationGroup) -> TheoryCheck? {
        // The later the place, the more of a mistake is seen, and the more rounding: up to this much of it.
        let limit = 16 * unit(group).squareRoot()
        let checks = group.runs.compactMap { run -> TheoryCheck? in
            guard let place = places(of: run).last(where: { $0.exact.rounding <= limit }), place.updates > 0
            else { return nil }
            return equal(
                group.id, "excess after \(place.updates.counted("step"))", theory: place.exact.value,
                measured: place.measured, within: place.exact.rounding + 1e-12)
        }
        return worst(checks)
    }

    /// Of descent without momentum, the factor by which the distance shrinks per step in the end, where the slowest mode alone is
    /// left: up to the last place above rounding.
    private static func rate(_ group: ConfigurationGroup) -> TheoryCheck? {
        let limit = group.best.run.plan.dtype == "float32" ? 1e-2 : 1e-3
        let checks = group.runs.compactMap { run -> TheoryCheck? in
            guard let descent = Descent(run.method), let objective = run.problem.objective,
                let rate = descent.rate(on: objective), rate > 0, rate != 1
            else { return nil }
            let theory = Log10.of(rate)
            let places = places(of: run).filter { $0.exact.rounding <= limit }
            guard let late = places.last else { return nil }
            return places.dropLast().map { early in
                let steps = Double(2 * (late.updates - early.updates))
                let exact = Log10.of(late.exact.value / early.exact.value) / steps
                // What the other modes still add, and rounding at both ends, in decades per step.
                let others = abs(exact - theory)
                let rounding = Log10.of((1 + late.exact.rounding) * (1 + early.exact.rounding)) / steps
                return equal(
                    group.id, "decades per step", theory: theory,
                    measured: Log10.of(late.measured / early.measured) / steps,
                    within: (others + rounding) / abs(theory) + 1e-9)
            }.filter { $0.tolerance <= limit }.min { $0.tolerance < $1.tolerance }
        }
        return worst(checks)
    }

    /// Where a run of plain descent can be compared with its exact excess: above what its number type can tell from 0.
    private static func places(
        of run: ReportedRun
    ) -> [(updates: Int, exact: Descent.ExactExcess, measured: Double)] {
        guard let descent = Descent(run.method), let objective = run.problem.objective, let first = run.probe.first,
            let exact = descent.excesses(on: objective, from: first.parameters, after: run.figure.steps)
        else { return [] }
        // A stopping rule ends a run before its last step's update.
        let last = run.run.stopReason == nil ? run.run.stepsDone : run.run.stepsDone - 1
        return exact.indices.compactMap { index in
            let updates = run.figure.steps[index]
            guard updates <= last, exact[index].value > objective.smallestMeaningfulExcess,
                exact[index].value.isFinite, let measured = run.figure[index]
            else { return nil }
            return (updates, exact[index], measured)
        }
    }

    /// Of descent on batches, the mean excess over seeds in the second half of the steps: equal to the floor for
    /// independent batches, and at most that for shuffled ones.
    private static func floor(_ group: ConfigurationGroup) -> TheoryCheck? {
        let method = group.best.method
        let isPlain =
            method.isPlainDescent && method.momentum == 0 && !method.isFork && !method.isFullBatch
            && !group.configuration.values.keys.contains { $0.hasPrefix("stopping") }
        guard isPlain, let objective = group.best.problem.objective, method.batchSize < method.sampleCount,
            group.doneCount == group.plannedCount,
            let floor = NoiseFloor(
                on: objective, learningRate: method.learningRate, batchSize: method.batchSize,
                hasShortBatches: method.hasShortBatches)
        else { return nil }
        let steps = group.best.run.plan.steps
        let means = group.runs.compactMap(\.probe.lateExcess)
        let starts = group.runs.compactMap(\.probe.first?.parameters)
        guard means.count == group.plannedCount, starts.count == group.plannedCount else { return nil }
        // Beyond four times its scatter a mean is by chance once in 1e5 times; half as much again for what is not normal.
        let trajectories = Set(group.runs.map(\.trajectoryHash)).count
        let tolerance = max(0.02, 6 * floor.scatter(ofMeanOver: trajectories * (steps - steps / 2)))
        // Too few steps say nothing, and where samples' curvatures differ much rare excesses make the mean.
        guard tolerance <= 0.5, floor.multiplicativeShare <= 0.25 else { return nil }
        let remainders = starts.map { floor.remainder(ofStart: $0, over: steps / 2..<steps) }
        let remainder = remainders.reduce(0, +) / Double(remainders.count)
        guard floor.excess > objective.smallestMeaningfulExcess,
            abs(remainder) + floor.rounding <= 0.1 * tolerance * floor.excess
        else { return nil }
        let measured = means.reduce(0, +) / Double(means.count)
        if method.drawsIndependently {
            return equal(group.id, "noise floor", theory: floor.excess, measured: measured, within: tolerance)
        }
        let bound = tolerance + 1 / Double(method.sampleCount - 1)
        guard bound <= 1 else { return nil }
        return TheoryCheck(
            subject: group.id, quantity: "noise floor (upper bound: batches are shuffled)", theory: floor.excess,
            measured: measured, tolerance: bound, passes: measured <= floor.excess * (1 + bound))
    }

    /// The learning rate from which on runs diverge, between the last stable and the first unstable one that was tried.
    private static func edge(_ series: RateSeries) -> TheoryCheck? {
        guard let theory = series.theoreticalEdge else { return nil }
        let tried = series.filter { isDecisive($0, edge: theory) }
        guard let stable = tried.lastStable, let unstable = tried.firstUnstable else { return nil }
        let measured = (stable * unstable).squareRoot()
        let tolerance = unstable / measured - 1
        // Rates further apart than fourfold say next to nothing of what is between them.
        guard tolerance <= 1 else { return nil }
        return TheoryCheck(
            subject: series.name, quantity: "largest stable lr", theory: theory, measured: measured,
            tolerance: tolerance, passes: (stable...unstable).contains(theory))
    }

    /// Whether so many steps from such a start show on which side of the edge a learning rate is: above it the loss must have
    /// grown a hundredfold, below it, whatever momentum made of it on the way, it must not be higher in the end.
    private static func isDecisive(_ group: ConfigurationGroup, edge: Double) -> Bool {
        group.runs.allSatisfy { run in
            guard let descent = Descent(run.method), let objective = run.problem.objective,
                let minimum = objective.minimumLoss, let first = run.probe.first
            else { return false }
            let end = run.isDone ? run.run.stepsDone : run.run.plan.steps
            let excesses = descent.excesses(on: objective, from: first.parameters, after: [0, end - end / 10, end])
            guard let losses = excesses?.map({ $0.value + minimum }), losses[0].isFinite else { return false }
            return RateSeries.rate(group) > edge
                ? !(losses[2] < 100 * losses[0]) : max(losses[1], losses[2]) <= 1.5 * losses[0]
        }
    }

    private static func worst(_ checks: [TheoryCheck]) -> TheoryCheck? {
        let failed = checks.filter { !$0.passes }
        return (failed.isEmpty ? checks : failed).max { abs($0.ratio - 1) < abs($1.ratio - 1) }
    }
}

/// What theory is compared with, gathered from a run's steps on the way.
struct TheoryProbe: Sendable {
    /// The first step's parameters and gradient, and the parameters that its update led to.
    private(set) var first: (parameters: [Double], gradient: [Double])?
    private(set) var second: [Double]?
    /// What the steps show of the run's course; nil where no exact surface is known.
    private(set) var steps: StepStatistics?
    /// The mean excess over the second half of the planned steps.
    var lateExcess: Double? { lateCount > 0 ? lateSum / Double(lateCount) : nil }

    private let lateStart: Int
    private var lateSum = 0.0
    private var lateCount = 0

    init(of run: Run, on objective: Objective?, by method: Method) {
        let begin = run.plan.parentStep ?? 0
        steps = objective.map { StepStatistics(of: begin..<max(begin, run.stepsDone), on: $0, by: method) }
        lateStart = run.plan.steps / 2
    }

    /// The largest distance of a gradient row from the gradient over all data, in units of the size of its terms; nil
    /// where the rows are of batches.
    var gradientDeviation: Double? { steps?.gradientDeviation?.value }

    mutating func append(_ step: borrowing RecordedStep) {
        if first == nil {
            first = (step.parameters, step.gradient)
        } else if second == nil {
            second = step.parameters
        }
        if let excess = step.excess, step.step >= lateStart {
            lateSum += excess
            lateCount += 1
        }
        steps?.append(
            step: step.step, parameters: step.parameters.span, gradient: step.gradient.span, excess: step.excess)
    }

    /// Takes the parameters after the last update, for a run of one step.
    mutating func finish(_ parameters: [Double]) {
        if first != nil, second == nil { second = parameters }
    }
}
