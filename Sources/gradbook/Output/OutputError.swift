import Foundation

/// Standard output could not be written.
struct OutputError: Error, CustomStringConvertible {
    /// As `errno` has it.
    let errorNumber: Int32

    var description: String {
        "the result could not be written to standard output: \(String(cString: strerror(errorNumber)))"
    }
}
