import Statistics
import TextFormats
import Tracking

/// `data/runs.csv`: one row per planned run, also those without a result.
struct RunsFile {
    private static let columns = [
        "sweep", "run_id", "group_id", "optimizer", "lr", "momentum", "beta1", "beta2", "eps", "batch_size", "seed",
        "role", "budget_steps", "state", "attempt", "diverged_step", "bad_kind", "steps_done", "samples_used",
        "loss_final", "excess_final", "log10_excess", "t_hold", "t_first_touch", "censored", "trajectory_sha256",
        "wall_s",
        "code_version",
    ]

    private let parameters: [String]
    private var csv: CSVText

    init(_ data: ReportData, _ comparison: Comparison, options: ReportOptions) {
        parameters = data.parameters
        csv = CSVText(
            columns: Self.columns + parameters.map { "\($0)_final" } + parameters.map { "\($0)_original_units" }
                + ["first_tenfold_step", "unstable", "met_at_end"])
        for run in data.runs { append(run, sweep: data.sweep?.plan.name ?? "", comparison, options) }
    }

    var bytes: [UInt8] { csv.bytes }

    private mutating func append(
        _ reported: ReportedRun, sweep: String, _ comparison: Comparison, _ options: ReportOptions
    ) {
        let run = reported.run
        let plan = run.plan
        csv.append(sweep)
        csv.append(Int(run.id))
        csv.append(plan.groupID)
        csv.append(plan.optimizer)
        csv.append(plan.learningRate)
        for name in ["momentum", "beta1", "beta2", "eps"] { csv.append(reported.configuration.hyperparameter(name)) }
        csv.append(plan.batchSize)
        csv.append(Int(plan.seed))
        csv.append(comparison.choosingSeeds.contains(plan.seed) ? "tune" : "eval")
        csv.append(plan.steps)
        csv.append(reported.stateName)
        csv.append(run.attempt)
        csv.append(run.divergedStep)
        csv.append(reported.isDone ? "" : run.stateReason ?? "")
        csv.append(run.stepsDone)
        csv.append(reported.samplesUsed)
        csv.append(run.finalLoss)
        csv.append(reported.finalExcess)
        csv.append(reported.finalExcess.map(Log10.of))
        csv.append(reported.time?.reached)
        csv.append(reported.holding?.firstTouch)
        csv.append(reported.time.map { $0.isCensored ? 1 : 0 })
        csv.append(reported.trajectoryHash ?? "")
        csv.append(options.isReproducible ? nil : reported.elapsedNanoseconds.map { Double($0) / 1e9 })
        csv.append(run.version)
        let places = parameters.map(reported.place)
        for place in places { csv.append(place.flatMap { reported.finalValues?[$0] }) }
        let original = reported.originalUnits
        for place in places { csv.append(place.flatMap { original?[$0] }) }
        csv.append(reported.firstGrowth)
        csv.append(reported.isUnstable ? 1 : 0)
        csv.append(reported.holding.map { $0.isMetAtEnd ? 1 : 0 })
        csv.endRow()
    }
}
