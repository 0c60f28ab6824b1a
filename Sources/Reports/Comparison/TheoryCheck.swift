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
            guard let objective = run.problem.objective, let first = run.probe.first, let second = run.probe.second
            else {
                return nil
            }
            let gradient = run.method.isFullBatch ? objective.gradient(at: first.parameters) : first.gradient
            guard let exact = gradient?[0], let length = run.method.firstStepLength(gradient: exact) else { return nil }
            let (before, after) = (first.parameters[0], second[0])
            // The step is a difference of parameters, and has their rounding.
            let rounding = 64 * unit(group) * (1 + (abs(before) + abs(after)) / length)
            return equal(
                group.id, "length of the first step of \(objective.surface.parameters[0])", theory: length,
                measured: abs(after - before),
                within: max(rounding, 1e-9))
        }
        return worst(checks)
    }

    /// Of plain descent, the excess at the last place where rounding does not yet decide.
    private static func finalExcess(_ group: ConfigurationGroup) -> TheoryCheck? {
        let isSingle = group.best.run.plan.dtype == "float32"
        let checks = group.runs.compactMap { run -> TheoryCheck? in
            guard let descent = Descent(run.method), let objective = run.problem.objective, let first = run.probe.first,
                let exact = descent.excesses(on: objective, from: first.parameters, after: run.figure.steps),
                let start = exact.first, start > 0
            else { return nil }
            let floor = start * (isSingle ? 1e-6 : 1e-16)
            let ceiling = start * 1e16
            let place = exact.indices.last { index in
                (floor...ceiling).contains(exact[index]) && (run.figure[index].map { $0 > 0 } ?? false)
            }
            guard let place, place > 0, let measured = run.figure[place] else { return nil }
            // A distance d from the minimum has a relative error of about u |θ| / d, and the excess twice that; every
            // step adds one.
            let steps = Double(run.figure.steps[place])
            let tolerance = 64 * unit(group) * (steps + (start / exact[place]).squareRoot() * 16) + 1e-12
            return equal(
                group.id, "excess after \(run.figure.steps[place].counted("step"))", theory: exact[place],
                measured: measured,
                within: tolerance)
        }
        return worst(checks)
    }

    /// Of descent without momentum, the factor by which the distance shrinks per step, between two late places.
    private static func rate(_ group: ConfigurationGroup) -> TheoryCheck? {
        let checks = group.runs.compactMap { run -> TheoryCheck? in
            guard let descent = Descent(run.method), let objective = run.problem.objective,
                let rate = descent.rate(on: objective), rate > 0, let first = run.probe.first,
                let exact = descent.excesses(on: objective, from: first.parameters, after: run.figure.steps)
            else { return nil }
            let floor = exact[0] * (group.best.run.plan.dtype == "float32" ? 1e-6 : 1e-16)
            let places = exact.indices.filter {
                exact[$0] > floor && exact[$0] < exact[0] * 1e16 && run.figure[$0] != nil
            }
            guard places.count > 3, let late = places.last else { return nil }
            let early = places[places.count - 2]
            let steps = Double(2 * (run.figure.steps[late] - run.figure.steps[early]))
            guard let before = run.figure[early], let after = run.figure[late], before > 0, after > 0 else {
                return nil
            }
            // Only where one of the two modes is left.
            let expected = Log10.of(exact[late] / exact[early]) / steps
            guard abs(expected - Log10.of(rate)) < 1e-4 * abs(Log10.of(rate)) + 1e-6 else { return nil }
            let measured = Log10.of(after / before) / steps
            return equal(
                group.id, "decades per step", theory: Log10.of(rate), measured: measured,
                within: group.best.run.plan.dtype == "float32" ? 1e-2 : 1e-3)
        }
        return worst(checks)
    }

    /// Of descent on batches, the mean excess over seeds in the second half of the steps: equal to the floor for
    /// independent batches, and at most that for shuffled ones.
    private static func floor(_ group: ConfigurationGroup) -> TheoryCheck? {
        let run = group.best
        let method = run.method
        let isPlain =
            method.isPlainDescent && method.momentum == 0 && !method.isFork && !method.isFullBatch
            && group.configuration["stopping"] == nil
        let rate = run.run.plan.learningRate
        guard isPlain, let objective = run.problem.objective, method.batchSize < method.sampleCount,
            group.doneCount == group.plannedCount,
            let floor = NoiseFloor.excess(
                on: objective, learningRate: rate, batchSize: run.run.plan.batchSize), floor > 0
        else { return nil }
        // By the middle of the run, what is left of the start must be gone: e^-20 of the excess.
        let settled = rate * objective.curvature.smallest * Double(run.run.plan.steps) >= 20
        let means = group.runs.compactMap(\.probe.lateExcess)
        guard settled, means.count == group.plannedCount else { return nil }
        let measured = means.reduce(0, +) / Double(means.count)
        // The excess forgets itself in 1/(ηλ) steps; a mean over so few independent values scatters.
        let independent =
            Double(group.plannedCount) * Double(run.run.plan.steps) / 2 * rate * objective.curvature.smallest
        let tolerance = max(0.02, 4 / independent.squareRoot())
        if method.drawsIndependently {
            return equal(group.id, "noise floor", theory: floor, measured: measured, within: tolerance)
        }
        return TheoryCheck(
            subject: group.id, quantity: "noise floor (upper bound: batches are shuffled)", theory: floor,
            measured: measured, tolerance: tolerance, passes: measured <= floor * (1 + tolerance))
    }

    /// The learning rate from which on runs diverge, between the last stable and the first unstable one that was tried.
    private static func edge(_ series: RateSeries) -> TheoryCheck? {
        guard let theory = series.theoreticalEdge, let stable = series.lastStable, let unstable = series.firstUnstable
        else { return nil }
        let measured = (stable * unstable).squareRoot()
        return TheoryCheck(
            subject: series.name, quantity: "largest stable lr", theory: theory, measured: measured,
            tolerance: unstable / measured - 1, passes: (stable...unstable).contains(theory))
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
