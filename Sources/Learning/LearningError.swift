/// Why a configuration or a data set cannot be trained on, as one sentence with the offending value and the fix.
package struct LearningError: Error, Equatable, CustomStringConvertible {
    /// What kind of mistake it is, for callers that react to it.
    package enum Code: Sendable {
        case invalidConfiguration
        case unknownOptimizer
        case unknownHyperparameter
        case invalidHyperparameter
        case invalidSchedule
        case invalidData
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
