/// Why a CSV file cannot be read, as one sentence with the file's name, the line and the fix.
package struct CSVError: Error, Equatable, CustomStringConvertible {
    /// What kind of failure it is, for callers that react to it.
    package enum Code: Sendable {
        /// The file is no table, or a value is missing or no number.
        case unusable
        /// There is no column of that name.
        case noColumn
    }

    package let code: Code
    package let message: String

    package var description: String { message }

    init(_ code: Code, _ message: String) {
        (self.code, self.message) = (code, message)
    }
}
