import Foundation

/// Signals as bytes that a loop over descriptors reads, with whether a person at the terminal sent them.
///
/// Ctrl-C reaches the program as well, which is in the same group; what somebody sends to this process alone has to be passed on.
struct SignalPipe {
    struct Arrival {
        let number: Int32
        let isFromTerminal: Bool
    }

    let reader: Int32
    /// What a signal handler writes to.
    private nonisolated(unsafe) static var writer: Int32 = -1

    /// Nil where there is no pipe to be had.
    init?() {
        guard let ends = PipeEnds() else { return nil }
        reader = ends.reader
        Self.writer = ends.writer
        for end in [ends.reader, ends.writer] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH] {
            var former = sigaction()
            sigaction(number, nil, &former)
            // Who started this in the background did not want it to be ended so.
            if former.__sigaction_handler.sa_handler.map({ unsafeBitCast($0, to: Int.self) }) == 1 { continue }
            var action = sigaction()
            action.sa_flags = SA_SIGINFO | SA_RESTART
            action.__sigaction_handler.sa_sigaction = { number, info, _ in
                let saved = errno
                // The kernel itself sends what is typed at the terminal (SI_KERNEL).
                var bytes: [2 of UInt8] = [UInt8(truncatingIfNeeded: number), info?.pointee.si_code == 0x80 ? 1 : 0]
                _ = withUnsafeBytes(of: &bytes) { write(SignalPipe.writer, $0.baseAddress, 2) }
                errno = saved
            }
            sigaction(number, &action, nil)
        }
    }

    /// The signals that came.
    func arrivals() -> [Arrival] {
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(reader, &bytes, bytes.count)
        guard count > 1 else { return [] }
        return stride(from: 0, to: count - 1, by: 2).map {
            Arrival(number: Int32(bytes[$0]), isFromTerminal: bytes[$0 + 1] == 1)
        }
    }
}
