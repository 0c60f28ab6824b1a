/// An optimizer's name with every one of its hyperparameters, defaults included.
package struct OptimizerConfiguration: Sendable, Hashable {
    package var name: String
    package var learningRate: Double
    package var hyperparameters: [String: HyperparameterValue]
    /// What differs for single parameters of the model, by the parameter's name: hyperparameters, and `lr`.
    package var parameters: [String: [String: HyperparameterValue]]

    package init(
        name: String, learningRate: Double, hyperparameters: [String: HyperparameterValue],
        parameters: [String: [String: HyperparameterValue]] = [:]
    ) {
        self.name = name
        self.learningRate = learningRate
        self.hyperparameters = hyperparameters
        self.parameters = parameters
    }

    /// The configuration that holds for one parameter of the model.
    func configuration(of parameter: String) -> OptimizerConfiguration {
        var own = OptimizerConfiguration(name: name, learningRate: learningRate, hyperparameters: hyperparameters)
        for (key, value) in parameters[parameter] ?? [:] {
            if key == Self.learningRateName, case .number(let number) = value {
                own.learningRate = number
            } else {
                own.hyperparameters[key] = value
            }
        }
        return own
    }

    /// What a parameter's own learning rate is called.
    static let learningRateName = "lr"
}

extension OptimizerConfiguration: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, hyperparameters, parameters
        case learningRate = "lr"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self, only: CodingKeys.allCases)
        name = try container.decode(String.self, forKey: .name)
        learningRate = try container.decode(Double.self, forKey: .learningRate)
        hyperparameters = try container.decode([String: HyperparameterValue].self, forKey: .hyperparameters)
        parameters =
            try container.decodeIfPresent([String: [String: HyperparameterValue]].self, forKey: .parameters) ?? [:]
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(learningRate, forKey: .learningRate)
        try container.encode(hyperparameters, forKey: .hyperparameters)
        if !parameters.isEmpty { try container.encode(parameters, forKey: .parameters) }
    }
}
