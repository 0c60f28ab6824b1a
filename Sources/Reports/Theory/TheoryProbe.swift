import Theory
import Tracking

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

    init(of run: StoredRun, on objective: Objective?, by method: Method) {
        let begin = run.plan.parentStep ?? 0
        steps = objective.map { StepStatistics(of: begin..<max(begin, run.stepsDone), on: $0, by: method) }
        lateStart = run.plan.steps / 2
    }

    /// The largest distance of a gradient row from the gradient over all data, in units of the size of its terms; nil
    /// where the rows are of batches.
    var gradientDeviation: Double? { steps?.gradientDeviation?.value }

    mutating func append(_ step: RecordedStep) {
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
