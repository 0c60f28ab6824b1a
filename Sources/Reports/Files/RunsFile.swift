import Tracking

/// `data/runs.csv`: one row per planned run, also those without a result.
struct RunsFile {
    static let columns = [
        "sweep", "run_id", "config_id", "optimizer", "lr", "momentum", "beta1", "beta2", "eps", "batch_size", "seed",
        "role", "budget_steps", "state", "attempt", "first_bad_step", "bad_kind", "steps_done", "samples_used",
        "loss_final", "excess_final", "log10_excess", "t_target", "censored", "trajectory_sha256", "wall_s",
        "code_version",
    ]

    private(set) var csv = CSVText(columns: columns)

    init(_ data: ReportData, options: ReportOptions, times: [Int64: Double]) {
        for run in data.runs {
            csv.append(Self.row(run, data, seconds: options.isReproducible ? nil : times[run.run.id]))
        }
    }

    private static func row(_ reported: ReportedRun, _ data: ReportData, seconds: Double?) -> [String] {
        let run = reported.run
        let plan = run.plan
        let hyperparameter = { (name: String) in reported.configuration["optimizer.hyperparameters." + name] ?? "" }
        let excess = reported.finalExcess
        let logExcess = excess.map { $0.isFinite ? CSVText.number(Decades.of($0)) : "" } ?? ""
        return [
            data.sweep?.plan.name ?? "", String(run.id), plan.configID, plan.optimizer,
            CSVText.number(plan.learningRate), hyperparameter("momentum"), hyperparameter("beta1"),
            hyperparameter("beta2"), hyperparameter("eps"), String(plan.batchSize), String(plan.seed), "eval",
            String(plan.steps), run.state.rawValue, String(run.attempt), CSVText.number(run.firstBadStep),
            run.reason ?? "", String(run.stepsDone), String(run.stepsDone * plan.batchSize),
            CSVText.number(run.finalLoss), CSVText.number(excess), logExcess, "", "", reported.trajectoryHash,
            CSVText.number(seconds), run.version,
        ]
    }
}
