import Tracking

/// What tuning an optimizer gained over its default settings, in expected running time.
///
/// After R. Schmidt, F. Schneider and P. Hennig, "Descending through a Crowded Valley", 2021.
struct TuningGain: Sendable {
    let optimizer: String
    /// The configuration that tuning found, on the seeds that are reported.
    let tuned: Arm
    /// How many configurations were tried to find it.
    let trialCount: Int
    /// The same with the optimizer's default settings, on the same seeds; nil if that was not tried.
    let standard: (group: ConfigurationGroup, statistics: ArmStatistics)?
    /// The default learning rate, as it was not tried.
    let missingRate: String?

    var isDefaultBest: Bool { standard?.group.id == tuned.group.id }

    /// The default's expected running time divided by the tuned one's; nil where one of them is infinite or unknown.
    var ratio: Double? {
        guard let before = standard?.statistics.expectedTime, let after = tuned.statistics.expectedTime,
            before.isFinite, after.isFinite
        else { return nil }
        return before / after
    }

    /// One for each optimizer of which more than one configuration was tried.
    static func all(_ data: ReportData, _ arms: [Arm], defaults: DefaultSettings) -> [TuningGain] {
        let candidates = Dictionary(grouping: data.groups, by: \.optimizer)
        // With a single optimizer every configuration is an arm of its own, and the first one looks best.
        let tuned = candidates.count == 1 ? Array(arms.prefix(1)) : arms
        return tuned.compactMap { arm in
            let groups = candidates[arm.group.optimizer] ?? []
            guard groups.count > 1, arm.statistics.expectedTime != nil else { return nil }
            let group = groups.first {
                defaults.describe($0.configuration) && DefaultSettings.agree($0.configuration, arm.group.configuration)
            }
            let seeds = Set(arm.runs.map(\.seed))
            return TuningGain(
                optimizer: arm.group.optimizer, tuned: arm, trialCount: groups.count,
                standard: group.map { group in
                    (group, ArmStatistics(group.runs.filter { seeds.contains($0.seed) }))
                },
                missingRate: group == nil ? defaults.learningRate(of: arm.group.optimizer) : nil)
        }
    }
}

/// What each optimizer does when nothing is set: what tuning is compared with.
package struct DefaultSettings: Sendable, Equatable {
    /// The fields of a configuration that say what the optimizer is, by its name.
    private let fields: [String: ConfigurationFields]
    let settingPaths: [String: String]
    let settingWords: [String: [String]]

    /// `optimizers` are the defaults as they stand in a configuration: JSON, by the optimizer's name.
    ///
    /// The names and words of settings are for filters, see `Tracking/RunListingRequest`.
    package init(
        optimizers: [String: String], settingPaths: [String: String] = [:], settingWords: [String: [String]] = [:]
    ) {
        (self.settingPaths, self.settingWords) = (settingPaths, settingWords)
        fields = optimizers.mapValues { ConfigurationFields(json: "{\"optimizer\":\($0)}") }
    }

    /// The learning rate that `optimizer` has by default.
    func learningRate(of optimizer: String) -> String? { fields[optimizer]?["optimizer.lr"] }

    /// Whether nothing about the optimizer of `configuration` was set.
    func describe(_ configuration: ConfigurationFields) -> Bool {
        guard let name = configuration["optimizer.name"], let expected = fields[name] else { return false }
        return expected.values == configuration.values.filter { Self.isOptimizer($0.key) }
    }

    /// Whether two configurations are the same but for their optimizer's settings.
    static func agree(_ a: ConfigurationFields, _ b: ConfigurationFields) -> Bool {
        a.values.filter { !isOptimizer($0.key) } == b.values.filter { !isOptimizer($0.key) }
    }

    private static func isOptimizer(_ name: String) -> Bool { name.hasPrefix("optimizer.") }
}
