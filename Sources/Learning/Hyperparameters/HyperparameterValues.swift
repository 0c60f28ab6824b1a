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
