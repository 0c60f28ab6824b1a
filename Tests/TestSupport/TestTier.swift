import Foundation

/// How thorough a run of the tests is.
package enum TestTier {
    /// Whether the long tier was asked for, with `GRADBOOK_LONG=1`.
    package static let isLong = ProcessInfo.processInfo.environment["GRADBOOK_LONG"] == "1"

    /// What random tests begin with: `GRADBOOK_SEED`, else another number each time.
    package static let seed =
        ProcessInfo.processInfo.environment["GRADBOOK_SEED"].flatMap(UInt64.init) ?? .random(in: 0..<1_000_000)
}
