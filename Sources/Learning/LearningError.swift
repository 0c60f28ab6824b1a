package import TextFormats

/// Why a configuration or a data set cannot be trained on.
///
/// Its sentence names what is wrong with the offending value, and the fix. Options stand in it by their names; the program
/// spells them.
package struct LearningError: MessageError {
    /// What kind of mistake it is, for callers that react to it.
    package enum Code: Sendable {
        case invalidConfiguration
        case invalidModel
        case unsupportedGradients
        case invalidInitialization
        case invalidBatchSize
        case invalidStepCount
        case invalidSeed
        case invalidClipping
        case invalidStopping
        case unknownOptimizer
        case unknownHyperparameter
        case invalidHyperparameter
        case invalidSchedule
        case invalidData
        case invalidParameters
    }

    package let code: Code
    /// What is wrong.
    package let message: MessageText
    /// What to do about it; nil where the message says it.
    package let advice: MessageText?
    /// The error of a layer below that this one passes on.
    package let underlying: (any Error)?
    /// The same refusal as PyTorch 2.15 words it, where it has one.
    package let torchDescription: String?

    package init(
        _ code: Code, _ message: MessageText, advice: MessageText? = nil, torch: String? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.advice = advice
        self.underlying = underlying
        torchDescription = torch
    }
}
