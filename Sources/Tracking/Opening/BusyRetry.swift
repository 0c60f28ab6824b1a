import Foundation
import Synchronization

/// The waiting for another program's lock, which ends after so much time of the world: short pauses take much longer
/// than they should on a busy machine, so counting them would not do.
final class BusyRetry: Sendable {
    private static let pause = 0.0005
    private let limit: TimeInterval
    private let began = Mutex(ContinuousClock.now)

    init(limit: TimeInterval) {
        self.limit = limit
    }

    /// Pauses before another try, of which there were `tries` already; false when the time is over.
    func pause(after tries: Int) -> Bool {
        if tries == 0 { began.withLock { $0 = .now } }
        Thread.sleep(forTimeInterval: Self.pause)
        return began.withLock { ContinuousClock.now - $0 } < .seconds(limit)
    }
}
