/// A claim that the writing thread is about to make for a worker, see ``StepWriter/requestNextRun(ofSweep:as:)``.
package struct PendingClaim: Sendable {
    let buffer: StepBuffer
    let answer: Promise<StoredRun?>

    /// The claimed run as soon as it is known; nil if none was queued.
    package func wait() throws(TrackingError) -> StoredRun? {
        try buffer.wait(for: answer)
    }
}
