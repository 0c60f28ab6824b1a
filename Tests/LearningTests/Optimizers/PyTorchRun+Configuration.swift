import Learning
import TestSupport

extension PyTorchRun.Problem {
    var data: TrainingData { TrainingData(x: x, y: y) }
}

extension PyTorchRun {
    /// Columns of the trace that describe the next step.
    var laterColumns: Int { scheduler == nil ? 0 : 1 }

    /// What the trace holds besides loss, gradients and parameters.
    func extraColumns(_ outcome: TrainingOutcome) -> [Double] {
        switch optimizer {
        case "LBFGS": [Double(outcome.evaluations)]
        case "ASGD": outcome.averages ?? []
        default: []
        }
    }

    func configuration() throws -> RunConfiguration {
        var request = RunSpec()
        request.optimizer = optimizer.lowercased()
        request.data = .csv(contentHash: "", x: "x", y: "y", scale: .none)
        request.batchSize = .full
        request.initialization = ["w": .value(Self.problem.w0), "b": .value(Self.problem.b0)]
        request.length = .steps(Int(trace.last?[0] ?? 0))
        request.learningRate = learningRate
        request.hyperparameters = settings
        request.schedule = try schedule.map { text in try ScheduleRegistry.configuration(from: text) }
        return try request.configuration(sampleCount: Self.problem.x.count)
    }
}
