/// How a run descends: its optimizer's settings, as far as theory asks for them.
package struct Method: Sendable, Equatable {
    package let optimizer: String
    package private(set) var learningRate: Double
    package let batchSize: Int
    package private(set) var sampleCount: Int
    /// Whether each batch is drawn from all samples again, with replacement.
    package let drawsIndependently: Bool
    /// Whether an epoch ends with a smaller batch where its samples do not fill the last one.
    package let hasShortBatches: Bool
    /// Whether every step's gradient is that over all samples: batches are called full, or they hold all samples once.
    package private(set) var isFullBatch: Bool
    /// Whether the run began where another one stood, with what that one's optimizer remembered.
    package let isFork: Bool
    /// Whether every step is made with the same settings: no schedule, clipped gradients or settings of single parameters.
    package let isSteady: Bool
    private let hyperparameters: [String: String]

    /// `configuration` holds a run's settings by their paths, such as `optimizer.hyperparameters.momentum` to `0.9`.
    package init(
        configuration: [String: String], optimizer: String, learningRate: Double, batchSize: Int, sampleCount: Int
    ) {
        let prefix = "optimizer.hyperparameters."
        (self.optimizer, self.learningRate) = (optimizer, learningRate)
        (self.batchSize, self.sampleCount) = (batchSize, sampleCount)
        drawsIndependently = configuration["sampling"] == "iid"
        hasShortBatches = configuration["sampling"] == "shuffled"
        isFullBatch = configuration["batch_size"] == "full" || batchSize >= sampleCount && !drawsIndependently
        let holds = { (name: String) in configuration.keys.contains { $0 == name || $0.hasPrefix(name + ".") } }
        isFork = holds("fork")
        isSteady = !["schedule", "clipping", "optimizer.parameters"].contains(where: holds)
        hyperparameters = Dictionary(
            uniqueKeysWithValues: configuration.lazy.filter { $0.key.hasPrefix(prefix) }
                .map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    }

    /// The same method on data that lack one sample.
    var withoutSample: Method {
        var method = self
        method.sampleCount -= 1
        method.isFullBatch = isFullBatch || batchSize >= method.sampleCount && !drawsIndependently
        return method
    }

    /// The same method with another learning rate.
    func with(learningRate: Double) -> Method {
        var method = self
        method.learningRate = learningRate
        return method
    }

    /// A hyperparameter as a number; nil where the optimizer has none of that name.
    package func hyperparameter(_ name: String) -> Double? { hyperparameters[name].flatMap(Double.init) }

    /// Whether a switch of the optimizer is on.
    package func isOn(_ name: String) -> Bool { hyperparameters[name] == "true" }

    package var momentum: Double { hyperparameter("momentum") ?? 0 }

    /// Whether every step is plain descent with at most momentum: sgd without schedule, clipping, dampening or decay.
    package var isPlainDescent: Bool {
        optimizer == "sgd" && isSteady && !isOn("maximize") && (hyperparameter("dampening") ?? 0) == 0
            && (hyperparameter("weight_decay") ?? 0) == 0
    }

    /// The learning rate times largest curvature from which on the method diverges on a quadratic loss; nil where there
    /// is no such theory.
    ///
    /// For gradient descent 2, heavy ball 2(1 + μ) (Polyak 1964), Nesterov 2(1 + μ)/(1 + 2μ) (Lessard, Recht and
    /// Packard 2016). On batches it is the edge of their mean, above which a run diverges as well. Where a run began does
    /// not matter, so a fork has the edge of its own settings.
    package var stabilityEdge: Double? {
        guard isPlainDescent else { return nil }
        let heavyBall = 2 * (1 + momentum)
        return isOn("nesterov") ? heavyBall / (1 + 2 * momentum) : heavyBall
    }

    /// The edge where every step follows it exactly, on full batches.
    package var fullBatchEdge: Double? { isFullBatch ? stabilityEdge : nil }

    /// The length of the first step in one parameter with this gradient; nil for an optimizer or a setting without such a
    /// formula, and for a fork, whose optimizer remembers other gradients.
    ///
    /// η|g| for sgd, (1 + μ)η|g| for Nesterov; η|g|/(|g| + ε) for adam, adamw and adagrad;
    /// η|g|/(√(1 - α)|g| + ε) for rmsprop; η for lion.
    package func firstStepLength(gradient: Double) -> Double? {
        let size = abs(gradient)
        guard isSteady, !isFork, (hyperparameter("weight_decay") ?? 0) == 0, !isOn("maximize"), size > 0 else {
            return nil
        }
        let eps = hyperparameter("eps") ?? 0
        switch optimizer {
        case "sgd": return learningRate * size * (isOn("nesterov") ? 1 + momentum : 1)
        case "adam", "adamw": return learningRate * size / (size + eps)
        case "adagrad":
            let start = hyperparameter("initial_accumulator_value") ?? 0
            return start == 0 ? learningRate * size / (size + eps) : nil
        case "rmsprop":
            guard let alpha = hyperparameter("alpha"), !isOn("centered") else { return nil }
            return learningRate * size / ((1 - alpha).squareRoot() * size + eps)
        case "lion": return learningRate
        default: return nil
        }
    }
}
