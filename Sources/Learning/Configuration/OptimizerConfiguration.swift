/// An optimizer's name with every one of its hyperparameters, defaults included.
package struct OptimizerConfiguration: Sendable, Equatable, Codable {
    package var name: String
    package var learningRate: Double
    package var hyperparameters: [String: HyperparameterValue]

    package init(name: String, learningRate: Double, hyperparameters: [String: HyperparameterValue]) {
        self.name = name
        self.learningRate = learningRate
        self.hyperparameters = hyperparameters
    }

    private enum CodingKeys: String, CodingKey {
        case name, hyperparameters
        case learningRate = "lr"
    }
}
