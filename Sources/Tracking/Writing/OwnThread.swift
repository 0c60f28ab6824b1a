import Foundation
import TextFormats

/// A thread for one piece of work, whose start can fail: Foundation's does not say so, and who waits for its work waits for ever.
package enum OwnThread {
    /// Starts `body` beside the caller.
    ///
    /// Throws where the system starts no more threads.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(TrackingError) {
        let work = Unmanaged.passRetained(Work(name: name, body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                context.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw TrackingError(
                .noThread, "the system starts no more threads (\(name)): \(String(cString: strerror(code)))",
                advice: "raise the limit on processes (ulimit -u, or that of the container) or on memory, and try again"
            )
        }
        pthread_detach(thread)
    }

    private final class Work: Sendable {
        private let name: String
        private let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }

        func run() {
            Thread.current.name = name
            body()
        }
    }
}
