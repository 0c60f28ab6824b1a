import Tracking

/// Why a run left the finite numbers, as far as its recorded steps and theory can tell.
enum DivergenceCause: String, Sendable {
    /// A recorded gradient is not that of the data: the program is wrong.
    case wrongGradient = "wrong gradient"
    /// The learning rate is above the edge from which on descent must diverge; on batches, too, because their mean does.
    case aboveEdge = "lr above the edge"
    /// Descent on full batches would be stable, but the noise of such small ones adds up.
    case batchNoise = "noise of the batches"
    /// Theory says that it cannot diverge.
    case againstTheory = "against theory"
    case unknown = "no theory here"

    init(_ run: ReportedRun) {
        let isSingle = run.run.plan.dtype == "float32"
        // Near overflow the sum of squares rounds away what the check looks at.
        if let deviation = run.probe.gradientDeviation, deviation > (isSingle ? 1e-3 : 1e-9) {
            self = .wrongGradient
            return
        }
        let product = run.run.plan.learningRate * run.problem.curvature.largest
        if let edge = StabilityEdge(run).bound {
            self = product > edge ? .aboveEdge : .againstTheory
            return
        }
        guard StabilityEdge(run, onBatches: true).bound != nil, run.problem.loss != "half-sum" else {
            self = .unknown
            return
        }
        let momentum = run.configuration.hyperparameter("momentum") ?? 0
        if product > (StabilityEdge(run, onBatches: true).bound ?? .infinity) {
            self = .aboveEdge
        } else if momentum == 0,
            NoiseFloor.excess(
                on: run.problem, learningRate: run.run.plan.learningRate, batchSize: run.run.plan.batchSize) == nil
        {
            self = .batchNoise
        } else {
            self = .unknown
        }
    }
}
