import Statistics
import TextFormats
import Tracking

/// `data/runs.csv`: one row per planned run, also those without a result.
struct RunsFile {
    static let columns = [
        "sweep", "run_id", "config_id", "optimizer", "lr", "momentum", "beta1", "beta2", "eps", "batch_size", "seed",
        "role", "budget_steps", "state", "attempt", "first_bad_step", "bad_kind", "steps_done", "samples_used",
        "loss_final", "excess_final", "log10_excess", "t_target", "censored", "trajectory_sha256", "wall_s",
        "code_version", "w_final", "b_final", "w_original_units", "b_original_units", "first_tenfold_step",
    ]

    private var csv = CSVText(columns: columns)

    init(_ data: ReportData, options: ReportOptions) {
        for run in data.runs { append(run, sweep: data.sweep?.plan.name ?? "", options) }
    }

    var bytes: [UInt8] { csv.bytes }

    private mutating func append(_ reported: ReportedRun, sweep: String, _ options: ReportOptions) {
        let run = reported.run
        let plan = run.plan
        csv.append(sweep)
        csv.append(Int(run.id))
        csv.append(plan.configID)
        csv.append(plan.optimizer)
        csv.append(plan.learningRate)
        for name in ["momentum", "beta1", "beta2", "eps"] { csv.append(reported.configuration.hyperparameter(name)) }
        csv.append(plan.batchSize)
        csv.append(Int(plan.seed))
        csv.append(options.tuningSeeds.contains(plan.seed) ? "tune" : "eval")
        csv.append(plan.steps)
        csv.append(reported.stateName)
        csv.append(run.attempt)
        csv.append(run.firstBadStep)
        csv.append(reported.isDone ? "" : run.reason ?? "")
        csv.append(run.stepsDone)
        csv.append(reported.samplesUsed)
        csv.append(run.finalLoss)
        csv.append(reported.finalExcess)
        csv.append(reported.finalExcess.map(Log10.of))
        csv.append(reported.time?.reached)
        csv.append(reported.time.map { $0.isCensored ? 1 : 0 })
        csv.append(reported.trajectoryHash ?? "")
        csv.append(options.isReproducible ? nil : reported.elapsedNanoseconds.map { Double($0) / 1e9 })
        csv.append(run.version)
        csv.append(reported.w?.final)
        csv.append(reported.b?.final)
        csv.append(reported.originalUnits?[0])
        csv.append(reported.originalUnits?[1])
        csv.append(reported.firstGrowth)
        csv.endRow()
    }
}
