import Foundation
import Synchronization

/// Ctrl-C and its like: the first asks for an orderly end, the second ends the process at once.
enum StopSignal {
    private static let received = Atomic<Int32>(0)
    private static let receivedAt = Atomic<Int64>(0)
    /// Nanoseconds within which another signal is the first one again.
    ///
    /// The program `timeout` and some shells send it to a program and then to the program's group.
    private static let echo: Int64 = 200_000_000

    /// Whether somebody wants the process to end.
    static var isReceived: Bool { received.load(ordering: .relaxed) != 0 }

    /// What a shell reports of a process that such a signal ended: 130 after Ctrl-C, 143 after SIGTERM.
    static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }

    /// Takes the signals from now on; until then they end the process.
    static func watch() {
        // Made now, because a signal handler must not allocate.
        _ = (isReceived, receivedAt.load(ordering: .relaxed))
        // Whoever started this process may have blocked them for itself.
        var wanted = sigset_t()
        sigemptyset(&wanted)
        for number in [SIGINT, SIGTERM] {
            sigaddset(&wanted, number)
            signal(number) { number in
                let now = monotonicTime()
                let isFirst = StopSignal.received.compareExchange(
                    expected: 0, desired: number, ordering: .relaxed
                ).exchanged
                if isFirst {
                    StopSignal.receivedAt.store(now, ordering: .relaxed)
                } else if now - StopSignal.receivedAt.load(ordering: .relaxed) > StopSignal.echo {
                    _exit(128 + number)
                }
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    }
}

/// Nanoseconds since the machine started; may be called in a signal handler.
private func monotonicTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
