import Tracking

/// The largest learning rate times curvature at which an optimizer stays stable on a parabola, where theory has one.
struct StabilityEdge {
    /// Bound on learning rate * largest curvature; nil where the theory does not apply.
    let bound: Double?

    /// For full batches: gradient descent 2, heavy ball 2(1 + μ), Nesterov 2(1 + μ)/(1 + 2μ) (Polyak 1964; Lessard,
    /// Recht and Packard 2016).
    init(_ run: ReportedRun) {
        let prefix = "optimizer.hyperparameters."
        let number = { (name: String) in run.configuration[prefix + name].flatMap(Double.init) ?? 0 }
        let isPlain =
            run.run.plan.optimizer == "sgd" && number("dampening") == 0 && number("weight_decay") == 0
            && run.configuration[prefix + "maximize"] != "true" && run.configuration["batch_size"] == "full"
        guard isPlain else {
            bound = nil
            return
        }
        let momentum = number("momentum")
        let isNesterov = run.configuration[prefix + "nesterov"] == "true"
        bound = isNesterov ? 2 * (1 + momentum) / (1 + 2 * momentum) : 2 * (1 + momentum)
    }
}
