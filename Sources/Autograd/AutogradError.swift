/// A refusal by the backward engine or a conversion, in PyTorch's words.
package struct AutogradError: Error, Equatable, CustomStringConvertible {
    /// What was refused.
    package enum Code: Sendable {
        case backwardOfManyElements
        case gradientNotRequired
        case gradientShapeMismatch
        case graphFreed
        case savedValueModified
        case notUsedInGraph
        case itemOfManyElements
        case tapeUsedTwice
    }

    /// What was refused.
    package let code: Code

    /// The refusal as PyTorch 2.15 words it.
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
