import Foundation

/// Lets other processes have the file's lock now and then.
///
/// SQLite has no queue for it: a writer that takes the lock again as soon as it has released it keeps everybody else
/// out. (Measured without this: of four sweeps into one file, the fourth began when the third was done.)
struct LockThrottle {
    private static let longest = Duration.milliseconds(50)
    private static let pause = 0.001

    private var began = ContinuousClock.now
    private var lastRelease = ContinuousClock.now

    /// To be called before each transaction: pauses if the last pause is long ago.
    mutating func yieldIfLong() {
        let now = ContinuousClock.now
        if now - lastRelease >= .seconds(Self.pause) {
            began = now
        } else if now - began >= Self.longest {
            Thread.sleep(forTimeInterval: Self.pause)
            began = .now
        }
    }

    /// To be called after each transaction.
    mutating func released() {
        lastRelease = .now
    }
}
