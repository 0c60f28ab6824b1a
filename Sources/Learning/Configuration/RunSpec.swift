package import TextFormats

/// A run as a person asks for it: the values of a recipe, of the defaults or of another run, and what differs from them.
///
/// What is set on it goes straight into ``configuration``, but for what depends on several settings at once: those are
/// members of their own, and ``resolved(sampleCount:)`` puts them in.
@dynamicMemberLookup
package struct RunSpec: Sendable, Equatable {
    /// Everything that holds unless another member says otherwise.
    package var configuration: RunConfiguration
    package let recipe: Recipe?
    /// Another optimizer than that of ``configuration``, whose learning rate and hyperparameters then do not hold.
    package var optimizer: String?
    package var learningRate: Double?
    /// Hyperparameters as typed, `momentum` to `0.9`.
    package var hyperparameters: [String: String] = [:]
    /// How long it trains; nil as long as ``configuration`` says.
    package var length: TrainingLength?
    /// The data file, before it is read.
    package var file = File()
    /// Whether ``configuration`` is that of a run, in which nothing is left to be filled in.
    private let isComplete: Bool

    /// Columns of a file that are asked for.
    package struct File: Sendable, Equatable {
        package var path: String?
        package var x: String?
        package var y: String?
        package var scale: DataConfiguration.Scale?
        /// What is said of how it is written.
        package var format = CSVOptions()
    }

    /// A recipe's run, or that of the defaults.
    package init(_ recipe: Recipe? = nil) {
        self.recipe = recipe
        configuration = Recipe.configuration(of: recipe)
        length = recipe?.length
        isComplete = false
    }

    /// The same run as another one, to be changed.
    package init(changing configuration: RunConfiguration) {
        self.configuration = configuration
        recipe = nil
        isComplete = true
    }

    /// A value of ``configuration``.
    package subscript<Value>(dynamicMember path: WritableKeyPath<RunConfiguration, Value>) -> Value {
        get { configuration[keyPath: path] }
        set { configuration[keyPath: path] = newValue }
    }

    /// The complete configuration, checked; `sampleCount` is that of a file.
    /// - Throws: `LearningError` with the first value that does not fit, and the fix.
    package func configuration(sampleCount: Int? = nil) throws(LearningError) -> RunConfiguration {
        let configuration = try resolved(sampleCount: sampleCount)
        try configuration.validate(sampleCount: self.sampleCount(ofFile: sampleCount))
        return configuration
    }

    /// The complete configuration, of which only what depends on several settings is checked.
    package func resolved(sampleCount: Int? = nil) throws(LearningError) -> RunConfiguration {
        var configuration = configuration
        if !isComplete || optimizer != nil || learningRate != nil || !hyperparameters.isEmpty {
            configuration.optimizer = try optimizerConfiguration()
        }
        if let length {
            configuration.steps = length.steps(
                batchSize: configuration.batchSize, sampling: configuration.sampling,
                of: self.sampleCount(ofFile: sampleCount))
        }
        // In the chapter's PyTorch sections NumPy shuffles, 102 samples into its stream.
        if recipe != nil, configuration.randomness.stream == .torch {
            configuration.randomness.batchOrder = BatchOrderSource(skip: 102)
        }
        return configuration
    }

    /// Changes the model, and with it the start: that of a recipe holds only for the recipe's model.
    package mutating func changeModel(to model: ModelConfiguration) {
        guard model != configuration.model else { return }
        configuration.model = model
        configuration.initialization = model.model.initialization
    }

    /// Changes the chapter's data; nil keeps a value.
    package mutating func changeChapter(samples: Int? = nil, noise: Double? = nil, seed: Int64? = nil) {
        guard case .chapter(let oldSamples, let oldNoise, let oldSeed) = configuration.data else { return }
        configuration.data = .chapter(
            samples: samples ?? oldSamples, noise: noise ?? oldNoise, seed: seed ?? oldSeed)
    }

    // MARK: - Internals

    private func sampleCount(ofFile count: Int?) -> Int {
        if case .chapter(let samples, _, _) = configuration.data { samples } else { count ?? 0 }
    }

    /// Learning rate and hyperparameters belong to an optimizer; another one has its defaults.
    private func optimizerConfiguration() throws(LearningError) -> OptimizerConfiguration {
        let base = configuration.optimizer
        let name = optimizer ?? base.name
        let isSame = name == base.name
        var texts: [String: String] = [:]
        if isSame {
            texts = base.hyperparameters.mapValues(\.description)
            for (parameter, values) in base.parameters {
                for (key, value) in values { texts["\(parameter).\(key)"] = value.description }
            }
        }
        return try OptimizerRegistry.configuration(
            named: name, learningRate: learningRate ?? (isSame ? base.learningRate : nil),
            settings: texts.merging(hyperparameters) { $1 }, of: configuration.model)
    }
}

/// How long a run trains.
package enum TrainingLength: Sendable, Equatable {
    case steps(Int)
    case epochs(Int)

    /// The number of steps; an epoch's last batch may be short, unless it is dropped.
    fileprivate func steps(batchSize: BatchSize, sampling: Sampling, of sampleCount: Int) -> Int {
        switch self {
        case .steps(let steps): return steps
        case .epochs(let epochs):
            let size = max(1, batchSize.resolved(of: sampleCount))
            let full = sampleCount / size
            let batches = sampling == .shuffledDropLast ? full : full + (sampleCount % size).signum()
            let (steps, overflow) = epochs.multipliedReportingOverflow(by: batches)
            return overflow ? .max : steps
        }
    }
}
