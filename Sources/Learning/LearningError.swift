/// Why a configuration or a data set cannot be trained on, as one sentence with the offending value and the fix.
package struct LearningError: Error, Equatable, CustomStringConvertible {
    /// What kind of mistake it is, for callers that react to it.
    package enum Code: Sendable {
        case invalidConfiguration
        case invalidModel
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
    package let description: String
    /// The same refusal as PyTorch 2.15 words it, where it has one.
    package let torchDescription: String?

    package init(_ code: Code, _ description: String, torch: String? = nil) {
        self.code = code
        self.description = description
        torchDescription = torch
    }
}
