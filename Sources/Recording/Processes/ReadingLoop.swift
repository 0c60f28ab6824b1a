import Foundation
import Tracking

/// Drains a program's descriptors: passes its output on as it is, and hands all of it to a queue.
///
/// It does nothing else, so that the program never waits for a disk.
final class ReadingLoop {
    /// What is read from one descriptor.
    struct Stream {
        let reader: Int32
        let source: PieceSource
        /// Where the bytes go on to; nil for nowhere.
        let passedTo: Int32?
        /// Whether a pseudo-terminal is read, whose size is that of the real one.
        var isTerminal = false
    }

    private var streams: [Stream]
    private let queue: PieceQueue
    private let signals: SignalPipe?
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    /// The signal that asked for the end.
    private(set) var stopSignal: Int32?

    init(_ streams: [Stream], into queue: PieceQueue, signals: SignalPipe?) {
        (self.streams, self.queue, self.signals) = (streams, queue, signals)
    }

    /// Reads until all streams have ended.
    ///
    /// `end` becomes readable when the program has ended, and is negative where there is none; `onEnd` is called then, and returns the descriptors that are to be
    /// closed so that the streams can end. `onSignal` is called for each that came; `onWait` two seconds after the end, if a stream
    /// is still open.
    func run(
        until end: Int32, onEnd: () -> Void, onWait: () -> Void, onSignal: (SignalPipe.Arrival) -> Void
    ) {
        var hasEnded = end < 0
        var waitsSince: Date?
        while !streams.isEmpty || !hasEnded {
            var polled = streams.map { pollfd(fd: $0.reader, events: Int16(POLLIN), revents: 0) }
            polled.append(pollfd(fd: hasEnded ? -1 : end, events: Int16(POLLIN), revents: 0))
            polled.append(pollfd(fd: signals?.reader ?? -1, events: Int16(POLLIN), revents: 0))
            let count = poll(&polled, nfds_t(polled.count), waitsSince == nil ? -1 : 500)
            if count < 0, errno != EINTR { return }
            if count <= 0 {
                if let since = waitsSince, since.timeIntervalSinceNow < -2 {
                    onWait()
                    waitsSince = nil
                }
                continue
            }
            if polled[polled.count - 1].revents != 0 {
                handleSignals(onSignal)
                continue
            }
            var ended: [Int] = []
            for index in streams.indices where polled[index].revents != 0 {
                if !readStream(index) { ended.append(index) }
            }
            for index in ended.reversed() { close(streams.remove(at: index).reader) }
            if !hasEnded, polled[polled.count - 2].revents != 0 {
                hasEnded = true
                waitsSince = Date()
                onEnd()
            }
        }
    }

    /// Has ``run(until:onEnd:onWait:onSignal:)`` return, whatever is left to read.
    func stop() {
        streams = []
    }

    // MARK: - Internals

    /// False when the stream has ended, or nobody wants what comes of it.
    private func readStream(_ index: Int) -> Bool {
        let stream = streams[index]
        let count = read(stream.reader, &buffer, buffer.count)
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        if count == 0 { return false }
        let bytes = Array(buffer[..<count])
        queue.add(Piece(stream.source, at: Date().timeIntervalSince1970, bytes))
        guard let target = stream.passedTo else { return true }
        // Where nobody reads our output any more, the program hears of it as it would without us.
        return bytes.withUnsafeBytes { $0.write(to: target) }
    }

    private func handleSignals(_ onSignal: (SignalPipe.Arrival) -> Void) {
        for arrival in signals?.arrivals() ?? [] {
            if arrival.number == SIGWINCH {
                for stream in streams where stream.isTerminal {
                    stream.passedTo.map { PseudoTerminal.copySize(from: $0, to: stream.reader) }
                }
            } else {
                stopSignal = stopSignal ?? arrival.number
                onSignal(arrival)
            }
        }
    }
}
