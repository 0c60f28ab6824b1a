/// A claim that the writing thread is about to make for a worker, see ``StepWriter/requestNextRun(ofSweep:as:)``.
package struct RunClaim: Sendable {
    let buffer: StepBuffer
    let answer: Answer<StoredRun?>

    /// The claimed run as soon as it is known; nil if none was queued.
    package func wait() throws(TrackingError) -> StoredRun? {
        try buffer.wait(for: answer)
    }
}
