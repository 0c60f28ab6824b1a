/// The optimizers that a configuration can name.
package enum OptimizerRegistry {
    /// In the order of listings.
    package static let all: [any OptimizerRule.Type] = [
        SGD.self, Adam.self, AdamW.self, NAdam.self, RAdam.self, Adamax.self, Adagrad.self, Adadelta.self,
        RMSprop.self, Rprop.self, ASGD.self, Adafactor.self, Lion.self,
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
        let values = try rule.table.values(from: settings)
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
        return try rule.init(try rule.table.checked(configuration.hyperparameters))
    }
}

extension OptimizerRule {
    fileprivate static var table: HyperparameterTable {
        HyperparameterTable(owner: name, entries: hyperparameters)
    }
}
