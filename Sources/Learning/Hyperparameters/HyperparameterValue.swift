/// A hyperparameter's value.
package enum HyperparameterValue: Sendable, Hashable {
    case number(Double)
    case flag(Bool)
    case word(String)
    /// Numbers of steps.
    case steps([Int])
}

extension HyperparameterValue: CustomStringConvertible {
    /// The value as it is typed.
    package var description: String {
        switch self {
        case .number(let number):
            number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
        case .flag(let flag): String(flag)
        case .word(let word): word
        case .steps(let steps): steps.map { String($0) }.joined(separator: "/")
        }
    }
}

extension HyperparameterValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let word = try? container.decode(String.self) {
            self = .word(word)
        } else {
            self = .steps(try container.decode([Int].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .word(let word): try container.encode(word)
        case .steps(let steps): try container.encode(steps)
        }
    }
}
