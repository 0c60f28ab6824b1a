/// How much of what was handed over may be missing after a kill or a power failure.
package enum Durability: String, Sendable, CaseIterable {
    /// Each row is committed by itself: after a kill, at most the row being written is missing.
    case step
    /// Rows are committed together, at least every 100 ms: after a kill, at most that much is missing.
    case batch
    /// As `batch`, and each commit is forced to the disk: not even a power failure loses a committed row.
    case powerSafe = "power-safe"
}
