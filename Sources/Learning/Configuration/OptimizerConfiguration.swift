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

/// A hyperparameter's value.
package enum HyperparameterValue: Sendable, Hashable {
    case number(Double)
    case flag(Bool)
}

extension HyperparameterValue: CustomStringConvertible {
    package var description: String {
        switch self {
        case .number(let number):
            number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
        case .flag(let flag): String(flag)
        }
    }
}

extension HyperparameterValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else {
            self = .number(try container.decode(Double.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        }
    }
}
