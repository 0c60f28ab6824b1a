import TextFormats

/// The optimizers that a configuration can name.
package enum OptimizerRegistry {
    /// In the order of listings.
    package static let all: [any OptimizerDescriptor.Type] = [
        SGD.self, Adam.self, AdamW.self, NAdam.self, RAdam.self, Adamax.self, Adagrad.self, Adadelta.self,
        RMSprop.self, Rprop.self, ASGD.self, LBFGS.self, Adafactor.self, Lion.self,
    ]

    /// The rule of that name.
    package static func descriptor(named name: String) throws(LearningError) -> any OptimizerDescriptor.Type {
        guard let rule = all.first(where: { $0.name == name }) else {
            let names = all.map { $0.name }
            throw LearningError(
                .unknownOptimizer, "there is no optimizer '\(name)'\(NearestName.hint(for: name, among: names))",
                advice: "the optimizers are \(names.joined(separator: ", "))")
        }
        return rule
    }

    /// A configuration with every hyperparameter filled in, checked.
    ///
    /// `settings` are the hyperparameters that differ from their defaults, as typed by a person; without a learning
    /// rate it is the optimizer's default. `b.momentum` and `b.lr` hold for the parameter b alone.
    package static func configuration(
        named name: String, learningRate: Double?, settings: [String: String], of model: ModelConfiguration = .quadratic
    ) throws(LearningError) -> OptimizerConfiguration {
        let rule = try descriptor(named: name)
        var shared: [String: String] = [:]
        var own: [String: [String: String]] = [:]
        for (key, text) in settings {
            if let parts = parts(of: key) {
                own[parts.parameter, default: [:]][parts.name] = text
            } else {
                shared[key] = text
            }
        }
        var configuration = OptimizerConfiguration(
            name: name, learningRate: learningRate ?? rule.defaultLearningRate,
            hyperparameters: try rule.table.values(from: shared))
        for (parameter, settings) in own.sorted(by: { $0.key < $1.key }) {
            try require(parameter, in: model)
            let values = try rule.table(of: parameter).given(in: settings)
            let different = values.filter { configuration.value(of: $0.key) != $0.value }
            configuration.parameters[parameter] = different.isEmpty ? nil : different
        }
        try validate(configuration, of: model)
        return configuration
    }

    /// The parameter and the hyperparameter of a name such as `b.momentum`; nil for one that holds for all parameters.
    package static func parts(of name: String) -> (parameter: String, name: String)? {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    /// The names of all hyperparameters that some optimizer has.
    package static let hyperparameterNames = Set(all.flatMap { $0.hyperparameters.flatMap(\.names) })

    /// Whether some optimizer has a hyperparameter of this name, which may be for one parameter alone.
    package static func hasHyperparameter(_ name: String) -> Bool { all.contains { $0.hasHyperparameter(name) } }

    /// Checks everything about a configuration, the settings of single parameters included.
    static func validate(_ configuration: OptimizerConfiguration, of model: ModelConfiguration) throws(LearningError) {
        let rule = try makeDescriptor(configuration)
        for (parameter, values) in configuration.parameters.sorted(by: { $0.key < $1.key }) {
            try require(parameter, in: model)
            if case .searching = rule.makeOptimizer(of: Double.self, parameterCount: 1) {
                throw LearningError(
                    .invalidHyperparameter,
                    "\(configuration.name) moves all parameters together, so \(parameter) cannot have "
                        + "\(values.keys.sorted().joined(separator: ", ")) of its own", advice: "leave it out")
            }
            _ = try makeDescriptor(configuration.configuration(of: parameter))
        }
    }

    /// The rule that `configuration` describes, without the settings of single parameters, checked.
    package static func makeDescriptor(_ configuration: OptimizerConfiguration) throws(LearningError)
        -> any OptimizerDescriptor
    {
        let rule = try descriptor(named: configuration.name)
        guard configuration.learningRate >= 0, configuration.learningRate.isFinite else {
            throw LearningError(
                .invalidHyperparameter,
                "the learning rate is a number of at least 0, not \(configuration.learningRate)",
                advice: "give a value such as 0.01",
                torch: "Invalid learning rate: \(configuration.learningRate)")
        }
        return try rule.init(try rule.table.checked(configuration.hyperparameters))
    }

    private static func require(_ parameter: String, in model: ModelConfiguration) throws(LearningError) {
        let names = model.layout.parameters.map(\.name)
        guard names.contains(parameter) else {
            throw LearningError(
                .invalidHyperparameter, "the model has no parameter '\(parameter)' to set something for",
                advice: "its parameters are \(names.joined(separator: ", "))")
        }
    }
}

extension OptimizerConfiguration {
    fileprivate func value(of name: String) -> HyperparameterValue? {
        name == Self.learningRateName ? .number(learningRate) : hyperparameters[name]
    }
}

extension OptimizerDescriptor {
    /// Whether it has a hyperparameter of this name, which may be for one parameter alone, as in `b.momentum` and `b.lr`.
    package static func hasHyperparameter(_ name: String) -> Bool {
        let parts = OptimizerRegistry.parts(of: name)
        if parts?.name == OptimizerConfiguration.learningRateName { return true }
        return hyperparameters.contains { $0.names.contains(parts?.name ?? name) }
    }

    fileprivate static var table: HyperparameterTable {
        HyperparameterTable(owner: name, entries: hyperparameters)
    }

    /// What can be set for one parameter of the model.
    fileprivate static func table(of parameter: String) -> HyperparameterTable {
        let learningRate = Hyperparameter.number(
            OptimizerConfiguration.learningRateName, defaultLearningRate, .atLeast(0), "the learning rate")
        return HyperparameterTable(owner: "\(name) for \(parameter)", entries: [learningRate] + hyperparameters)
    }
}
