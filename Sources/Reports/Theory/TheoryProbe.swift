import Tracking

/// What theory can be held against, gathered from a run's steps on the way.
struct TheoryProbe: Sendable {
    /// The first step's row, and the parameters that its update led to.
    private(set) var first: QuadraticStep?
    private(set) var second: (w: Double, b: Double)?
    /// The largest distance of a gradient row from the gradient over all data, in units of the size of its terms; nil
    /// where the rows are of batches.
    private(set) var gradientDeviation: Double?
    /// The mean excess over the second half of the planned steps.
    var lateExcess: Double? { lateCount > 0 ? lateSum / Double(lateCount) : nil }

    private let problem: Problem?
    private let lateStart: Int
    private var lateSum = 0.0
    private var lateCount = 0
    private let gradientScale: Double

    /// `isFullBatch` says whether each row's gradient is that over all data.
    init(of run: PlannedRun, on problem: Problem, isFullBatch: Bool) {
        self.problem = isFullBatch ? problem : nil
        lateStart = run.steps / 2
        gradientScale = problem.curvature.largest
    }

    mutating func append(_ step: QuadraticStep, _ excess: Double?) {
        if first == nil {
            first = step
        } else if second == nil {
            second = (step.w, step.b)
        }
        if let excess, step.step >= lateStart {
            lateSum += excess
            lateCount += 1
        }
        if let problem, let exact = problem.gradient(w: step.w, b: step.b), step.gradW.isFinite, step.gradB.isFinite {
            let distance = max(abs(step.gradW - exact.w), abs(step.gradB - exact.b))
            let optimum = problem.dataset.optimum
            let size = gradientScale * (abs(step.w) + abs(step.b) + abs(optimum?.w ?? 0) + abs(optimum?.b ?? 0))
            if size > 0, size.isFinite { gradientDeviation = max(gradientDeviation ?? 0, distance / size) }
        }
    }

    /// Takes the parameters after the last update, for a run of one step.
    mutating func finish(w: Double, b: Double) {
        if first != nil, second == nil { second = (w, b) }
    }
}
