/// Why a report cannot be made, as one sentence with the offending value and the fix.
package struct ReportError: Error, Equatable, CustomStringConvertible {
    /// What kind of failure it is, for callers that react to it.
    package enum Code: Sendable {
        /// The sweep or the list has no runs.
        case nothingToReport
        /// The report's folder cannot be made, or a file in it cannot be written.
        case cannotWrite
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
