/// What a run or a sweep is given as text, by flags or in a file.
package struct GivenSettings: Sendable {
    package var fields: [RunSetting: String] = [:]
    /// In the order in which they were given; in a sweep one name may come several times.
    var hyperparameters: [Assignment] = []
    /// What only sweeps have.
    package var options: [SweepOption: String] = [:]

    init() {}

    /// What flags give; `assignments` are those of hyperparameters, `momentum=0.9`.
    package init(
        fields: [RunSetting: String], assignments: [String], options: [SweepOption: String] = [:]
    ) throws(ExperimentError) {
        self.fields = fields
        hyperparameters = try assignments.map { text throws(ExperimentError) in try Assignment(text) }
        self.options = options
    }

    /// Whether a sweep of it has one configuration, that of the defaults, on the usual seeds.
    package var isOfDefaults: Bool { fields.isEmpty && hyperparameters.isEmpty && options[.seeds] == nil }
}

/// What a sweep is given beside its settings, by the names of the flags.
package enum SweepOption: String, Sendable, CaseIterable {
    case seeds, search, trials
    case sweepSeed = "sweep-seed"
    case eta

    static let ofSearch: [SweepOption] = [.trials, .sweepSeed, .eta]
}
