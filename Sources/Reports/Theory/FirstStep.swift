import Tracking

/// How far an optimizer's first step goes, which follows from one gradient.
enum FirstStep {
    /// The length of the step in one parameter with this gradient; nil for an optimizer or a setting without such a
    /// formula.
    ///
    /// η|g| for sgd, (1 + μ)η|g| for Nesterov; η|g|/(|g| + ε) for adam, adamw and adagrad;
    /// η|g|/(√(1 - α)|g| + ε) for rmsprop; η for lion.
    static func length(_ run: ReportedRun, gradient: Double) -> Double? {
        let configuration = run.configuration
        let rate = run.run.plan.learningRate
        let size = abs(gradient)
        guard StabilityEdge.isSteady(configuration), (configuration.hyperparameter("weight_decay") ?? 0) == 0,
            !configuration.isOn("maximize"), size > 0
        else { return nil }
        let eps = configuration.hyperparameter("eps") ?? 0
        let momentum = configuration.hyperparameter("momentum") ?? 0
        switch run.run.plan.optimizer {
        case "sgd": return rate * size * (configuration.isOn("nesterov") ? 1 + momentum : 1)
        case "adam", "adamw": return rate * size / (size + eps)
        case "adagrad":
            let start = configuration.hyperparameter("initial_accumulator_value") ?? 0
            return start == 0 ? rate * size / (size + eps) : nil
        case "rmsprop":
            guard let alpha = configuration.hyperparameter("alpha"), !configuration.isOn("centered") else { return nil }
            return rate * size / ((1 - alpha).squareRoot() * size + eps)
        case "lion": return rate
        default: return nil
        }
    }
}
