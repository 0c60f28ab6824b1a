import Foundation
import TestRows
import Tracking

/// A run that approaches the answer of `Dataset.line()` by a fixed factor per step, or leaves the finite numbers.
struct SampleRun {
    enum Ending: Equatable {
        case done, failed, queued, running
        /// With a loss of infinity at this step.
        case diverged(at: Int)
    }

    var optimizer = "sgd"
    var learningRate = 0.1
    var batchSize = "full"
    var momentum: Double? = 0
    var nesterov = false
    var seed: Int64 = 1
    var stepCount = 24
    var ending = Ending.done
    /// Of the distance to the answer, per step.
    var factor = 0.5
    /// Tells trajectories apart; nil means the seed.
    var start: Double?
    /// A further field of the configuration, as JSON.
    var field: String?
    /// Nil means all.
    var stoppedAfter: Int?
    /// From which step on it no longer moves; nil means never.
    var plateau: Int?
    var dtype = "float64"
    /// As the notebook has them; nil where nobody counted.
    var evaluations: Int?
    /// The rule that ended it.
    var stopReason: String?
    var sampling = "shuffled"
    var lossKind = "mse"
    /// Over all data before the first update; nil where nobody computed it.
    var initialLoss: Double?
    /// The run that it is a fork of, and the first step that is its own.
    var parent: (run: Int64, step: Int)?

    /// Configurations as the program stores them, with other fields left out.
    private func config(seed: Int64) -> String {
        let hyperparameters = momentum.map { #""momentum":\#($0),"nesterov":\#(nesterov)"# } ?? #""beta1":0.9"#
        let batch = batchSize == "full" ? #""full""# : batchSize
        return """
            {"batch_size":\(batch),"dtype":"\(dtype)","gradients":"autograd","loss":"\(lossKind)","model":"quadratic","optimizer":{"hyperparameters":{\(hyperparameters)},\
            "lr":\(learningRate),"name":"\(optimizer)"},\(field.map { $0 + "," } ?? "")"sampling":"\(sampling)","seed":\(seed),"steps":\(stepCount)}
            """
    }

    func plan(dataset: Int64) -> NewRun {
        let id = "\(optimizer)-\(learningRate)-\(batchSize)-\(momentum ?? -1)-\(nesterov)"
        return NewRun(
            datasetID: dataset, parentRunID: parent?.run, parentStep: parent?.step, stepSchema: .quadratic,
            optimizer: optimizer, learningRate: learningRate,
            batchSize: Int(batchSize) ?? 3,
            seed: seed, loss: lossKind, dtype: dtype, gradients: "autograd", steps: stepCount,
            config: config(seed: seed), configHash: "\(id)-on-\(seed)", groupID: id)
    }

    func steps(pace: Int) -> [QuadraticStep] {
        ((parent?.step ?? 0)..<recordedCount).map { step in
            let (w, b) = parameters(at: step)
            let isBad = ending == .diverged(at: step)
            return QuadraticStep(
                step: step, epoch: step / 2, loss: isBad ? .infinity : loss(w, b), learningRate: learningRate, w: w,
                b: b, gradW: isBad ? .nan : (w - 3.25) * 2, gradB: step == 0 ? -0.0 : b - 2,
                elapsedNanoseconds: step * pace)
        }
    }

    /// Nil for a run that has none yet; `last` are other final parameters than its own.
    func outcome(endingAt last: (w: Double, b: Double)? = nil) -> RunOutcome? {
        let state: RunState
        switch ending {
        case .done: state = .done
        case .failed: state = .failed
        case .diverged: state = .diverged
        case .queued, .running: return nil
        }
        let hasMoved = state != .diverged && stoppedAfter == nil
        let (w, b) = last ?? parameters(at: hasMoved ? recordedCount : recordedCount - 1)
        let bad: Int? = if case .diverged(let step) = ending { step } else { nil }
        return RunOutcome(
            state: state, stepsDone: recordedCount, divergedStep: bad,
            stateReason: state == .done ? nil : state == .failed ? "disk | full" : "loss is inf",
            stopReason: stopReason, evaluations: evaluations, initialLoss: initialLoss,
            finalLoss: state == .done ? loss(w, b) : .infinity, bestLoss: 0.125, bestStep: 0,
            parameters: [
                ParameterValues(name: "w", initial: parameters(at: 0).w, final: w),
                ParameterValues(name: "b", initial: parameters(at: 0).b, final: b),
            ])
    }

    private var recordedCount: Int {
        switch ending {
        case .done: stoppedAfter ?? stepCount
        case .failed, .running: stepCount / 2
        case .queued: 0
        case .diverged(let step): step + 1
        }
    }

    private func parameters(at step: Int) -> (w: Double, b: Double) {
        let distance = (0..<min(step, plateau ?? step)).reduce(1 + 0.1 * (start ?? Double(seed))) { distance, _ in
            distance * factor
        }
        return (3.25 - distance, 2 + distance / 4)
    }

    private func loss(_ w: Double, _ b: Double) -> Double {
        let errors = [(1.0, 5.0), (0, 2), (1, 5.5)].map { square, y in w * square + b - y }
        return errors.reduce(0) { $0 + $1 * $1 } / 3
    }
}

extension [SampleRun] {
    /// Two optimizers on a seed each.
    static var two: [SampleRun] {
        [SampleRun(), SampleRun(optimizer: "adam", momentum: nil, ending: .diverged(at: 9))]
    }

    /// Three configurations on six seeds: one that is done, one that partly diverges, one that always does.
    static var mixed: [SampleRun] {
        (1...6).flatMap { seed in
            [
                SampleRun(learningRate: 0.25, seed: seed),
                SampleRun(
                    optimizer: "adam", batchSize: "2", momentum: nil, seed: seed,
                    ending: seed > 4 ? .diverged(at: 15) : .done, factor: 0.75),
                SampleRun(
                    learningRate: 5, momentum: 0.5, nesterov: true, seed: seed, ending: .diverged(at: 7), factor: 3),
            ]
        }
    }
}
