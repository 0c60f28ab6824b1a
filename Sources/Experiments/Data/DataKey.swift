import Learning

/// What of a configuration decides its samples: runs whose keys are equal share their data.
struct DataKey: Hashable {
    private let data: DataConfiguration
    /// What is known of its loss is kept with the data.
    private let model: String
    /// Nil where the data do not depend on the run's own seed.
    private let seed: Int64?
    private let dtype: ElementType
    private let stream: RandomnessConfiguration.Stream

    init(_ configuration: RunConfiguration) {
        data = configuration.data
        model = configuration.model.text
        dtype = configuration.dtype
        stream = configuration.randomness.stream
        if case .chapter(_, _, seed: nil) = configuration.data { seed = configuration.seed } else { seed = nil }
    }
}
