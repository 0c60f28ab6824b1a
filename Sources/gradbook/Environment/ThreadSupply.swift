import Dispatch
import Tracking

/// The threads that the system still starts: those of Dispatch, which GRDB needs, are waited for without an end where there are
/// none.
enum ThreadSupply {
    /// Throws unless as many threads as opening a notebook takes can be started at once.
    static func check() throws(TrackingError) {
        let gate = DispatchSemaphore(value: 0)
        var started = 0
        defer { for _ in 0..<started { gate.signal() } }
        while started < 3 {
            try OwnThread.start("three are needed") { gate.wait() }
            started += 1
        }
    }
}
