/// Why a CSV file cannot be read; its sentence has the file's name, the line and the fix.
package struct CSVError: Error, Equatable, CustomStringConvertible {
    /// What kind of failure it is, for callers that react to it.
    package enum Code: Sendable {
        /// The file is no table, or a value is missing or no number.
        case unusable
        /// There is no column of that name.
        case noColumn
    }

    package let code: Code
    /// What is wrong.
    package let message: MessageText
    /// What to do about it; nil where the message says it.
    package let advice: MessageText?

    init(_ code: Code, _ message: MessageText, advice: MessageText? = nil) {
        (self.code, self.message, self.advice) = (code, message, advice)
    }

    /// The whole sentence.
    package var text: MessageText { advice.map { "\(message); \($0)" } ?? message }

    package var description: String { text.description }
}
