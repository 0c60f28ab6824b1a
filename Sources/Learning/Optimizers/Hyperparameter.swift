/// One setting of an optimizer: its name as in PyTorch, default, allowed values and meaning.
package struct Hyperparameter: Sendable {
    /// The values that are accepted.
    package enum Range: Sendable {
        case flag
        /// Any number from the lower bound on.
        case atLeast(Double)
        /// Numbers above the lower bound.
        case above(Double)
        /// Numbers from the lower bound up to, but without, the upper one.
        case halfOpen(Double, Double)
    }

    package let name: String
    package let defaultValue: HyperparameterValue
    package let range: Range
    package let meaning: String

    package static func number(_ name: String, _ defaultValue: Double, _ range: Range, _ meaning: String) -> Self {
        Hyperparameter(name: name, defaultValue: .number(defaultValue), range: range, meaning: meaning)
    }

    package static func flag(_ name: String, _ defaultValue: Bool, _ meaning: String) -> Self {
        Hyperparameter(name: name, defaultValue: .flag(defaultValue), range: .flag, meaning: meaning)
    }

    /// The range as a person reads it.
    package var rangeDescription: String {
        switch range {
        case .flag: "true or false"
        case .atLeast(let low): "a number of at least \(HyperparameterValue.number(low))"
        case .above(let low): "a number above \(HyperparameterValue.number(low))"
        case .halfOpen(let low, let high):
            "a number in [\(HyperparameterValue.number(low)), \(HyperparameterValue.number(high)))"
        }
    }

    /// Whether `value` has this hyperparameter's type and lies in its range.
    package func accepts(_ value: HyperparameterValue) -> Bool {
        switch (range, value) {
        case (.flag, .flag): true
        case (.atLeast(let low), .number(let number)): number >= low && number.isFinite
        case (.above(let low), .number(let number)): number > low && number.isFinite
        case (.halfOpen(let low, let high), .number(let number)): low <= number && number < high
        default: false
        }
    }

    /// Reads a value as typed on a command line.
    package func value(from text: String) throws(LearningError) -> HyperparameterValue {
        let value: HyperparameterValue? =
            switch range {
            case .flag: Bool(text).map(HyperparameterValue.flag)
            default: Double(text).map(HyperparameterValue.number)
            }
        guard let value, accepts(value) else {
            throw LearningError(.invalidHyperparameter, "\(name) is \(rangeDescription), not '\(text)'")
        }
        return value
    }
}

/// A complete and checked set of values for one optimizer's hyperparameters.
package struct HyperparameterValues: Sendable {
    private let values: [String: HyperparameterValue]

    /// - Precondition: `values` holds a value of the right type for every name that a rule will ask for.
    init(_ values: [String: HyperparameterValue]) {
        self.values = values
    }

    func number(_ name: String) -> Double {
        guard case .number(let number) = values[name] else {
            preconditionFailure("no number is declared for the hyperparameter \(name)")
        }
        return number
    }

    func flag(_ name: String) -> Bool {
        guard case .flag(let flag) = values[name] else {
            preconditionFailure("no flag is declared for the hyperparameter \(name)")
        }
        return flag
    }
}
