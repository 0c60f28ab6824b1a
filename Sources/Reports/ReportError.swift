/// Why a report cannot be made, as one sentence with the offending value and the fix.
package struct ReportError: Error, Equatable, CustomStringConvertible {
    /// What kind of failure it is, for callers that react to it.
    package enum Code: Sendable {
        /// The sweep or the list has no runs.
        case nothingToReport
        /// The report's folder cannot be made, or a file in it cannot be written.
        case cannotWrite
        /// The target cannot be read, or no run can reach it.
        case badTarget
        /// The baseline is not among the optimizers of the report.
        case badBaseline
        /// A folder that is to hold a report does not.
        case noReport
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
