/// The values a run's parameters start from; those that are drawn come from the run's generator, w before b.
package struct Initialization: Sendable, Hashable, Codable {
    package var w: InitialValue
    package var b: InitialValue

    package init(w: InitialValue, b: InitialValue) {
        self.w = w
        self.b = b
    }
}

/// One parameter's start.
package enum InitialValue: Sendable, Hashable {
    case value(Double)
    /// Drawn from [0, 1).
    case uniform
    /// Drawn from the standard normal distribution.
    case normal
}

extension InitialValue: Codable {
    private enum Distribution: String, Codable {
        case uniform, normal
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Double.self) {
            self = .value(value)
        } else {
            switch try container.decode(Distribution.self) {
            case .uniform: self = .uniform
            case .normal: self = .normal
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .value(let value): try container.encode(value)
        case .uniform: try container.encode(Distribution.uniform)
        case .normal: try container.encode(Distribution.normal)
        }
    }
}
