/// One setting of an optimizer or a schedule: its name, default, allowed values and meaning.
package struct Hyperparameter: Sendable {
    package let name: String
    /// Nil when a value must be given.
    package let defaultValue: HyperparameterValue?
    package let range: HyperparameterRange
    package let meaning: String
    /// What PyTorch calls it, where that is another name; both are understood.
    package let torchName: String?

    /// PyTorch's refusal of a number, as nearly all of its optimizers word it.
    func torchRefusal(of value: HyperparameterValue) -> String? {
        guard case .number(let number) = value else { return nil }
        let subject =
            switch name {
            case "beta1": "beta parameter at index 0"
            case "beta2": "beta parameter at index 1"
            case "eps": "epsilon value"
            default: "\(name) value"
            }
        return "Invalid \(subject): \(number)"
    }

    /// A number with a default.
    package static func number(
        _ name: String, _ defaultValue: Double, _ range: HyperparameterRange, _ meaning: String, torch: String? = nil
    ) -> Self {
        Hyperparameter(
            name: name, defaultValue: .number(defaultValue), range: range, meaning: meaning, torchName: torch)
    }

    package static func flag(_ name: String, _ defaultValue: Bool, _ meaning: String, torch: String? = nil) -> Self {
        Hyperparameter(name: name, defaultValue: .flag(defaultValue), range: .flag, meaning: meaning, torchName: torch)
    }

    /// One of several words, of which the first is the default.
    package static func choice(_ name: String, _ words: [String], _ meaning: String, torch: String? = nil) -> Self {
        Hyperparameter(
            name: name, defaultValue: words.first.map(HyperparameterValue.word), range: .choice(words),
            meaning: meaning, torchName: torch)
    }

    /// A number that is chosen by the rule itself unless it is given.
    package static func automatic(_ name: String, _ range: HyperparameterRange, _ meaning: String, torch: String? = nil)
        -> Self
    {
        Hyperparameter(
            name: name, defaultValue: .word(HyperparameterRange.automaticWord), range: .automatic(range),
            meaning: meaning, torchName: torch)
    }

    /// A value that must be given.
    package static func required(_ name: String, _ range: HyperparameterRange, _ meaning: String, torch: String? = nil)
        -> Self
    {
        Hyperparameter(name: name, defaultValue: nil, range: range, meaning: meaning, torchName: torch)
    }
}

// MARK: - Shared by several optimizers

extension Hyperparameter {
    static let maximize = flag("maximize", false, "climb instead of descend")
    static let weightDecay = number("weight_decay", 0, .atLeast(0), "pull towards 0, added to the gradient")
    static let decoupledWeightDecay = flag(
        "decoupled_weight_decay", false, "shrink the parameters themselves, as adamw does")

    static func beta1(_ value: Double) -> Self {
        number("beta1", value, .halfOpen(0, 1), "how much of the mean gradient is kept")
    }

    static func beta2(_ value: Double) -> Self {
        number("beta2", value, .halfOpen(0, 1), "how much of the mean squared gradient is kept")
    }

    static func epsilon(_ value: Double) -> Self {
        number("eps", value, .atLeast(0), "added to the divisor")
    }
}
