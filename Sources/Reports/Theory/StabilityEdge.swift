package import Tracking

/// The learning rate times largest curvature from which on an optimizer diverges on a parabola.
package struct StabilityEdge {
    /// Nil where there is no such theory.
    package let bound: Double?

    /// For gradient descent 2, heavy ball 2(1 + μ) (Polyak 1964), Nesterov 2(1 + μ)/(1 + 2μ) (Lessard, Recht and
    /// Packard 2016).
    ///
    /// On full batches, and without a schedule, clipped gradients or settings of single parameters.
    /// With `onBatches`, also on smaller ones, whose mean behaves so; with `ofForks`, also where another run began.
    package init(
        _ run: PlannedRun, _ configuration: ConfigurationFields, onBatches: Bool = false, ofForks: Bool = false
    ) {
        let isPlain =
            run.optimizer == "sgd" && (configuration["batch_size"] == "full" || onBatches)
            && Self.isSteady(configuration, ofForks: ofForks)
            && !configuration.isOn("maximize")
            && (configuration.hyperparameter("dampening") ?? 0) == 0
            && (configuration.hyperparameter("weight_decay") ?? 0) == 0
        guard isPlain else {
            bound = nil
            return
        }
        let momentum = configuration.hyperparameter("momentum") ?? 0
        let heavyBall = 2 * (1 + momentum)
        bound = configuration.isOn("nesterov") ? heavyBall / (1 + 2 * momentum) : heavyBall
    }

    init(_ run: ReportedRun, onBatches: Bool = false) {
        self.init(run.run.plan, run.configuration, onBatches: onBatches)
    }

    /// Whether every step is made with the same settings: no schedule, clipped gradients, settings of single parameters
    /// or, but for `ofForks`, another run's beginning.
    static func isSteady(_ configuration: ConfigurationFields, ofForks: Bool = false) -> Bool {
        let changing = ["schedule", "clipping", "optimizer.parameters"] + (ofForks ? [] : ["fork"])
        return configuration.values.keys.allSatisfy { name in
            !changing.contains { name == $0 || name.hasPrefix($0 + ".") }
        }
    }
}
