import Learning
package import TextFormats

/// Why an experiment cannot be planned or run.
///
/// Its sentence names the setting it is about, what is wrong with the offending value, and the fix. Options stand in it
/// by their names; the program spells them.
package struct ExperimentError: MessageError {
    /// What kind of mistake it is, for callers that react to it.
    package enum Code: Sendable {
        /// A file that cannot be read or does not hold what it should.
        case unusableFile
        /// A file that cannot be written.
        case unwritableFile
        /// A value that the plan cannot use.
        case invalidValue
        /// A hyperparameter that the optimizer does not have.
        case unknownSetting
        /// The request cannot be met in the notebook's present state.
        case conflict
        /// Training itself failed.
        case trainingFailed
        /// Somebody asked the process to end before it was done.
        case interrupted
    }

    package let code: Code
    /// The setting whose value is refused; nil where it is none or several.
    package let subject: MessageText?
    /// What is wrong.
    package let message: MessageText
    /// What to do about it; nil where nothing is known.
    package let advice: MessageText?
    /// The error of a layer below that this one passes on.
    package let underlying: (any Error)?

    package init(
        _ code: Code, about subject: MessageText? = nil, _ message: MessageText, advice: MessageText? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.subject = subject
        self.message = message
        self.advice = advice
        self.underlying = underlying
    }

    /// The whole sentence: the setting, what is wrong, and the advice.
    package var text: MessageText {
        var text = message
        if let subject { text = "\(subject): \(text)" }
        if let advice { text = "\(text); \(advice)" }
        return text
    }

    /// The same error with another setting in front.
    func about(_ subject: MessageText?) -> ExperimentError {
        ExperimentError(code, about: subject, message, advice: advice, underlying: underlying)
    }
}

extension ExperimentError {
    /// What is wrong with a setting, as Learning words it.
    init(_ error: LearningError, about subject: MessageText?) {
        // A schedule has hyperparameters too, but with every optimizer the same ones.
        let isOfOptimizer = error.code == .unknownHyperparameter && subject == .hyperparameters
        self.init(
            isOfOptimizer ? .unknownSetting : .invalidValue, about: subject, error.message, advice: error.advice,
            underlying: error)
    }

    /// A cancelled sweep cannot be resumed.
    init(cancelledSweep name: String) {
        self.init(
            .conflict, "sweep '\(name)' was cancelled",
            advice: "\(command: "sweep retry", name, options: [.init("state", "cancelled")]) queues its runs again")
    }
}

extension MessageText {
    /// The option that gives hyperparameters.
    static let hyperparameters: MessageText = "\(option: "set")"
}
