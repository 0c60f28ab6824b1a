package import TextFormats
import Theory
import Tracking

/// What to do about a run, and the command that does it.
package struct Remedy: Sendable, Equatable {
    package let sentence: MessageText
    /// Nil where no command does it.
    package let command: CommandText?
}

/// The remedy that follows from a cause and its numbers.
struct DiagnosisRemedy {
    private let run: Run
    private let configuration: ConfigurationFields
    private let classification: Classification
    private let evidence: Evidence
    private var steps: StepStatistics { evidence.steps }
    private var method: Method { evidence.analysis.method }
    private var stableRate: Double? { evidence.analysis.standing.stableRate(on: evidence.objective) }

    init(_ diagnosed: DiagnosedRun) {
        (run, classification, evidence) = (diagnosed.run, diagnosed.classification, diagnosed.evidence)
        configuration = ConfigurationFields(json: diagnosed.run.plan.config)
    }

    var remedy: Remedy {
        switch classification {
        case .notFiniteSample, .outlierEdge, .outlierNoise, .outlierGrowth, .outlierResidual, .outlierLeverage: outlier
        case .failed: Remedy(sentence: "the reason says what to change", command: nil)
        case .noSteps: unfinished
        case .wrongGradient, .divergedBelowEdge:
            Remedy(sentence: "train it again and compare every bit", command: CommandText("verify", ["\(run.id)"]))
        case .aboveEdge: smallerRate(from: lastGoodStep)
        case .aboveNoiseEdge, .noiseGrowth: calmerBatches
        case .overflow, .lossOverflow:
            steps.firstOverflow ?? steps.firstLossOverflow == steps.begin ? start : smallerRate(from: steps.begin)
        case .maximizes: fork("without maximize it descends", from: steps.begin, ["maximize=false"])
        case .noExactEdge: smallerRate(from: steps.begin)
        case .transient:
            Remedy(
                sentence:
                    "nothing has to be done, because it fell again; a smaller learning rate or less momentum rises less",
                command: nil)
        case .noSingleMinimum:
            Remedy(sentence: "give data that tell the parameters apart, with more values of x", command: nil)
        case .noiseFloor:
            fullBatches(
                "larger batches, or a smaller learning rate, come closer to the minimum",
                from: steps.lastQuarter.lowerBound)
        case .converged: Remedy(sentence: "nothing has to be done", command: nil)
        case .oscillation: run.state.isFinal ? smallerRate(from: steps.begin) : unfinished
        case .plateau: run.state.isFinal ? faster : unfinished
        case .stillFalling: run.state.isFinal ? longer : unfinished
        }
    }

    // MARK: - What to do

    /// The sample in the units of the data's file, in which a person finds it.
    private var outlier: Remedy {
        let position = evidence.outlier?.position ?? 0
        return Remedy(
            sentence: "look at sample \(position), correct it in the data or leave it out, and train again",
            command: CommandText(
                "query",
                [
                    "SELECT position, x * x_divisor AS x, y * y_divisor + y_offset AS y FROM dataset_rows JOIN datasets ON datasets.id = "
                        + "dataset_id WHERE dataset_id = \(run.plan.datasetID ?? 0) AND position = \(position)"
                ]))
    }

    private var unfinished: Remedy {
        Remedy(
            sentence: "let it train to its end",
            command: run.sweepID == nil ? CommandText("run", options: [CommandText.Option("resume", "\(run.id)")]) : nil
        )
    }

    private func smallerRate(from step: Int) -> Remedy {
        if let edge = evidence.analysis.edgeRate, evidence.objective.hasNoRate(below: edge) {
            return Remedy(
                sentence: "no learning rate of float32 is below the edge; train again with \(option: "dtype") float64",
                command: nil)
        }
        if let rate = stableRate, rate < method.learningRate {
            // How the noise of batches grows with momentum has no formula here.
            if method.momentum > 0, !method.isFullBatch {
                return fork(
                    "below the edge, such as at half of it, full batches do not diverge", from: step,
                    ["lr=\(NumberText.exact(rate))", "batch_size=full"])
            }
            return fork(
                "below the edge, such as at half of it\(method.isFullBatch ? "" : " or less on batches"), it does not diverge",
                from: step,
                ["lr=\(NumberText.exact(rate))"])
        }
        return fork("try a smaller learning rate", from: step, ["lr=\(NumberText.exact(modestRate))"])
    }

    private var calmerBatches: Remedy {
        if let rate = stableRate, evidence.analysis.meanSquare != nil {
            return fork(
                "a smaller learning rate is stable with these batches, as larger batches are with this one",
                from: steps.begin,
                ["lr=\(NumberText.exact(min(rate, method.learningRate)))"])
        }
        return fullBatches("full batches have no noise", from: steps.begin)
    }

    private func fullBatches(_ sentence: MessageText, from step: Int) -> Remedy {
        var changes = ["batch_size=full"]
        // The gradient of a sum is that of all samples then.
        if evidence.objective.loss == .halfSum {
            let part = Double(method.batchSize) / Double(method.sampleCount)
            changes.append("lr=\(NumberText.exact(method.learningRate * part))")
        }
        return fork(sentence, from: step, changes)
    }

    private var start: Remedy {
        let type: MessageText = run.plan.dtype == "float32" ? ", or compute in \(option: "dtype") float64" : ""
        return Remedy(
            sentence: "start from parameters nearer to 0\(type); gradbook run \(option: "init") takes them",
            command: nil)
    }

    private var faster: Remedy {
        if configuration.values.keys.contains(where: { $0.hasPrefix("schedule") }) {
            return fork("the schedule made the learning rate too small", from: steps.begin, ["schedule=none"])
        }
        if method.hyperparameter("weight_decay") ?? 0 > 0 {
            return fork(
                "weight decay keeps the parameters away from the minimum of the loss", from: steps.begin,
                ["weight_decay=0"])
        }
        guard evidence.analysis.edge != nil else {
            // What it was forked from may have diverged with that one.
            if run.plan.parentStep != nil { return moreSteps }
            return fork(
                "try a larger learning rate", from: steps.begin, ["lr=\(NumberText.exact(10 * method.learningRate))"])
        }
        if let larger { return larger }
        guard method.momentum == 0, method.isFullBatch else { return moreSteps }
        return fork("momentum goes faster through a flat valley", from: steps.begin, ["momentum=0.9"])
    }

    /// A rule that ended the run is what kept it from going on.
    private var longer: Remedy { run.stopReason == nil ? larger ?? moreSteps : moreSteps }

    /// Nil where no learning rate is known that is stable and much larger.
    private var larger: Remedy? {
        guard let rate = stableRate, rate > 2 * method.learningRate else { return nil }
        return fork("a larger learning rate is stable, too", from: steps.begin, ["lr=\(NumberText.exact(rate))"])
    }

    private var moreSteps: Remedy {
        let end = steps.begin + steps.stepCount
        // A rule that ended the run ends it there again.
        let (step, changes) =
            run.stopReason == nil ? (end, [String]()) : (max(steps.begin, end - 1), ["stop_when=none"])
        return fork(
            "train on for as many steps again", from: step, ["steps=\(end + max(1, steps.stepCount))"] + changes)
    }

    // MARK: - Internals

    private func fork(_ sentence: MessageText, from step: Int, _ changes: [String]) -> Remedy {
        Remedy(
            sentence: sentence,
            command: CommandText("fork", ["\(run.id)"] + changes, options: [CommandText.Option("at", "\(step)")]))
    }

    /// The one before the distance from the minimum grew.
    private var lastGoodStep: Int {
        max(steps.begin, (steps.firstSteepGrowth ?? steps.firstTenfold ?? steps.begin) - 1)
    }

    /// For an optimizer without an edge: a tenth, and no more than a tenth of the way to the minimum in one step of a method whose
    /// steps are as long as its learning rate.
    private var modestRate: Double {
        let size = evidence.objective.optimum.map { $0.reduce(0) { max($0, abs($1)) } } ?? 0
        let rate = method.learningRate / 10
        return size > 0 ? min(rate, size / 10) : rate
    }
}
