package import Theory

/// What a person asks for: a recipe, and the fields that are to differ from it (nil keeps the recipe's value).
package struct ConfigurationRequest: Sendable, Equatable {
    package var recipe: Recipe?
    package var optimizer: String?
    package var learningRate: Double?
    /// Hyperparameters as typed, `momentum` to `0.9`.
    package var settings: [String: String] = [:]
    package var schedule: ScheduleConfiguration?
    package var clipping: GradientClipping?
    package var stopping: StoppingRules?
    package var batchSize: BatchSize?
    package var duration: Duration?
    package var seed: Int64?
    package var loss: LossKind?
    package var dtype: ElementType?
    package var gradients: GradientMethod?
    package var sampling: Sampling?
    package var initialization: Initialization?
    package var stream: RandomnessConfiguration.Stream?
    package var data = DataRequest.chapter(samples: nil, noise: nil, seed: nil)

    /// The data asked for.
    package enum DataRequest: Sendable, Equatable {
        case chapter(samples: Int?, noise: Double?, seed: Int64?)
        /// A file that has been read: its hash and columns.
        case csv(contentHash: String, x: String, y: String, scale: DataConfiguration.Scale, samples: Int)
    }

    package init() {}

    /// The complete configuration, checked.
    /// - Throws: `LearningError` with the first value that does not fit, and the fix.
    package func configuration() throws(LearningError) -> RunConfiguration {
        let preset = Recipe.draft(recipe)
        let sampleCount: Int
        let dataConfiguration: DataConfiguration
        switch data {
        case .chapter(let samples, let noise, let seed):
            sampleCount = samples ?? 100
            dataConfiguration = .chapter(samples: sampleCount, noise: noise ?? 0.2, seed: seed ?? preset.dataSeed)
        case .csv(let contentHash, let x, let y, let scale, let samples):
            sampleCount = samples
            dataConfiguration = .csv(contentHash: contentHash, x: x, y: y, scale: scale)
        }
        let batchSize = batchSize ?? preset.batchSize
        var configuration = RunConfiguration(
            data: dataConfiguration,
            optimizer: try optimizerConfiguration(preset),
            batchSize: batchSize,
            steps: (duration ?? preset.duration).steps(
                batchSize: batchSize, sampling: sampling ?? .shuffled, of: sampleCount),
            seed: seed ?? preset.seed,
            randomness: randomness(preset))
        configuration.dtype = dtype ?? preset.dtype
        configuration.loss = loss ?? preset.loss
        configuration.schedule = schedule
        configuration.clipping = clipping
        configuration.stopping = stopping
        configuration.gradients = gradients ?? preset.gradients
        configuration.sampling = sampling ?? configuration.sampling
        configuration.initialization = initialization ?? preset.initialization
        try configuration.validate(sampleCount: sampleCount)
        return configuration
    }

    /// The recipe's hyperparameters hold only for the recipe's optimizer; its learning rate too.
    private func optimizerConfiguration(_ preset: Recipe.Preset) throws(LearningError) -> OptimizerConfiguration {
        let name = optimizer ?? preset.optimizer
        let isPreset = name == preset.optimizer
        return try OptimizerRegistry.configuration(
            named: name,
            learningRate: learningRate ?? (isPreset ? preset.learningRate : nil),
            settings: (isPreset ? preset.settings : [:]).merging(settings) { _, typed in typed })
    }

    /// In the chapter's PyTorch sections NumPy shuffles, 102 samples into its stream.
    private func randomness(_ preset: Recipe.Preset) -> RandomnessConfiguration {
        let stream = stream ?? preset.stream
        let shufflesWithNumPy = recipe != nil && stream == .torch
        return RandomnessConfiguration(
            stream: stream, batchOrder: shufflesWithNumPy ? BatchOrderSource(skip: 102) : nil)
    }
}

extension Duration {
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
