import TextFormats

extension RunConfiguration {
    /// A billion recorded steps fill 60 GB; more is a typo.
    package static let largestStepCount = 1_000_000_000

    /// Checks what the types alone do not: ranges, and that the parts fit together and to the data.
    /// - Throws: `LearningError` with the value and the fix.
    package func validate(sampleCount: Int) throws(LearningError) {
        guard numerics == Self.currentNumericsVersion else {
            throw LearningError(
                .invalidConfiguration,
                "the configuration was made for numerics version \(numerics), and this program computes version "
                    + "\(Self.currentNumericsVersion)", advice: "use the release that made it")
        }
        guard (1...Self.largestStepCount).contains(steps) else {
            throw LearningError(
                .invalidStepCount, "a run has 1 to \(Self.largestStepCount) steps, not \(steps)",
                advice: "give fewer epochs or larger batches")
        }
        if case .samples(let size) = batchSize {
            guard size > 0 else {
                throw LearningError(
                    .invalidBatchSize, "a batch has at least one sample, not \(size)", advice: "give 10, or full")
            }
            guard size <= sampleCount else {
                throw LearningError(
                    .invalidBatchSize, "a batch of \(size) is larger than the data's \(sampleCount.counted("sample"))",
                    advice: "give at most \(sampleCount), or full")
            }
        }
        try initialization.validate(for: model.layout)
        try validateSeeds()
        try OptimizerRegistry.validate(optimizer, of: model)
        try validateSchedule()
        try clipping?.validate()
        try stopping?.validate(dtype: dtype)
        try validateModel()
        try validateFork(sampleCount: sampleCount)
    }

    /// Not every model has gradients written by hand, or a known optimum.
    private func validateModel() throws(LearningError) {
        if gradients == .manual { _ = try model.handDifferentiated() }
        if stopping?.excess != nil, !model.model.hasLossSurface {
            throw LearningError(
                .invalidStopping,
                "a run of the model \(model) cannot stop at an excess, because its optimum is not known",
                advice: "give a loss or a gradient_norm")
        }
    }

    /// A schedule that cycles the momentum needs an optimizer that has one.
    private func validateSchedule() throws(LearningError) {
        guard let schedule, try ScheduleRegistry.makeSchedule(schedule).cyclesMomentum else { return }
        let names = try OptimizerRegistry.descriptor(named: optimizer.name).hyperparameters.map(\.name)
        guard names.contains("momentum") || names.contains("beta1") else {
            throw LearningError(
                .invalidSchedule, "the schedule '\(schedule)' changes the momentum, and \(optimizer.name) has none",
                advice: "add cycle_momentum=false to it")
        }
    }

    /// Checks that the random streams have the seeds that are asked of them.
    package func validateSeeds() throws(LearningError) {
        if randomness.stream == .numpy {
            _ = try RandomSource.numpySeed(seed)
            if case .chapter(_, _, let dataSeed?) = data { _ = try RandomSource.numpySeed(dataSeed) }
        }
        if let order = randomness.batchOrder, order.seed == nil {
            _ = try RandomSource.numpySeed(seed)
        }
    }
}
