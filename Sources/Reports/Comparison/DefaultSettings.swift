import Tracking

/// What each optimizer does when nothing is set: what tuning is compared with.
package struct DefaultSettings: Sendable, Equatable {
    /// The fields of a configuration that say what the optimizer is, by its name.
    private let fields: [String: ConfigurationFields]

    /// `optimizers` are the defaults as they stand in a configuration: JSON, by the optimizer's name.
    package init(optimizers: [String: String]) {
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
