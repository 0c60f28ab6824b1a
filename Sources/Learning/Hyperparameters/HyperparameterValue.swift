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

/// A complete and checked set of values for the hyperparameters of one optimizer or schedule.
package struct HyperparameterValues: Sendable {
    private let values: [String: HyperparameterValue]

    /// - Precondition: `values` holds a value of the right type for every name that a rule will ask for.
    init(_ values: [String: HyperparameterValue]) {
        self.values = values
    }

    package func number(_ name: String) -> Double {
        guard case .number(let number) = values[name] else {
            preconditionFailure("no number is declared for the hyperparameter \(name)")
        }
        return number
    }

    /// The number, or nil when it is left to the rule.
    package func optionalNumber(_ name: String) -> Double? {
        values[name] == .word(HyperparameterRange.automaticWord) ? nil : number(name)
    }

    package func count(_ name: String) -> Int {
        Int(number(name))
    }

    package func flag(_ name: String) -> Bool {
        guard case .flag(let flag) = values[name] else {
            preconditionFailure("no flag is declared for the hyperparameter \(name)")
        }
        return flag
    }

    package func word(_ name: String) -> String {
        guard case .word(let word) = values[name] else {
            preconditionFailure("no word is declared for the hyperparameter \(name)")
        }
        return word
    }

    package func steps(_ name: String) -> [Int] {
        guard case .steps(let steps) = values[name] else {
            preconditionFailure("no list of steps is declared for the hyperparameter \(name)")
        }
        return steps
    }
}
