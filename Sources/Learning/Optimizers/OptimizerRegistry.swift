/// The optimizers that a configuration can name.
package enum OptimizerRegistry {
    /// In the order of listings.
    package static let all: [any OptimizerRule.Type] = [
        SGD.self,
        Adam.self,
    ]

    /// The rule of that name.
    package static func rule(named name: String) throws(LearningError) -> any OptimizerRule.Type {
        guard let rule = all.first(where: { $0.name == name }) else {
            let names = all.map { $0.name }
            throw LearningError(
                .unknownOptimizer,
                "there is no optimizer '\(name)'\(NearestName.hint(for: name, among: names)); "
                    + "the optimizers are \(names.joined(separator: ", "))")
        }
        return rule
    }

    /// A configuration with every hyperparameter filled in.
    ///
    /// `settings` are the hyperparameters that differ from their defaults, as typed by a person; without a learning
    /// rate it is the optimizer's default.
    package static func configuration(
        named name: String, learningRate: Double?, settings: [String: String]
    ) throws(LearningError) -> OptimizerConfiguration {
        let rule = try rule(named: name)
        var values: [String: HyperparameterValue] = [:]
        for hyperparameter in rule.hyperparameters {
            values[hyperparameter.name] = hyperparameter.defaultValue
        }
        for (key, text) in settings.sorted(by: { $0.key < $1.key }) {
            values[key] = try hyperparameter(key, of: rule).value(from: text)
        }
        let configuration = OptimizerConfiguration(
            name: name, learningRate: learningRate ?? rule.defaultLearningRate, hyperparameters: values)
        _ = try makeRule(configuration)
        return configuration
    }

    /// The rule that `configuration` describes, checked.
    package static func makeRule(_ configuration: OptimizerConfiguration) throws(LearningError) -> any OptimizerRule {
        let rule = try rule(named: configuration.name)
        guard configuration.learningRate > 0, configuration.learningRate.isFinite else {
            throw LearningError(
                .invalidHyperparameter,
                "the learning rate is a number above 0, not \(configuration.learningRate); give a value such as 0.01")
        }
        for (key, value) in configuration.hyperparameters.sorted(by: { $0.key < $1.key }) {
            let hyperparameter = try hyperparameter(key, of: rule)
            guard hyperparameter.accepts(value) else {
                throw LearningError(
                    .invalidHyperparameter, "\(key) is \(hyperparameter.rangeDescription), not \(value)")
            }
        }
        for hyperparameter in rule.hyperparameters where configuration.hyperparameters[hyperparameter.name] == nil {
            throw LearningError(
                .invalidConfiguration, "the configuration has no value for \(rule.name)'s \(hyperparameter.name)")
        }
        return try rule.init(HyperparameterValues(configuration.hyperparameters))
    }

    private static func hyperparameter(
        _ name: String, of rule: any OptimizerRule.Type
    ) throws(LearningError) -> Hyperparameter {
        guard let found = rule.hyperparameters.first(where: { $0.name == name }) else {
            let names = rule.hyperparameters.map(\.name)
            throw LearningError(
                .unknownHyperparameter,
                "'\(name)' is not a hyperparameter of \(rule.name)\(NearestName.hint(for: name, among: names)); "
                    + "it has \(names.joined(separator: ", "))")
        }
        return found
    }
}
