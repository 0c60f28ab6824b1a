import TextFormats

extension TrainingData {
    /// The chapter's data as `configuration` describes them.
    /// - Precondition: it does not describe a file.
    /// - Throws: `LearningError` for a seed that the stream does not have, or too few samples.
    package static func chapter(for configuration: RunConfiguration) throws(LearningError) -> TrainingData {
        guard case .chapter(let samples, let noise, let seed) = configuration.data else {
            preconditionFailure("the configuration's data come from a file")
        }
        guard samples > 0, noise.isFinite else {
            throw LearningError(
                .invalidData,
                "there are no data with \(samples.counted("sample")) and noise \(noise); give at least one sample")
        }
        var source = try RandomSource(configuration.randomness.stream, seed: seed ?? configuration.seed)
        return ChapterData.make(samples: samples, noise: noise, dtype: configuration.dtype, from: &source)
    }

    /// The run's generator, at the place where initial values are drawn.
    static func runSource(for configuration: RunConfiguration) throws(LearningError) -> RandomSource {
        var source = try RandomSource(configuration.randomness.stream, seed: configuration.seed)
        if case .chapter(let samples, let noise, seed: nil) = configuration.data {
            _ = ChapterData.make(samples: samples, noise: noise, dtype: configuration.dtype, from: &source)
        }
        return source
    }
}
