import Foundation
import Synchronization
import TextFormats
import Tracking

/// Hands pieces to a recorder, on a thread of its own, while another thread reads them.
final class StoringThread: @unchecked Sendable {
    private let recorder: RunRecorder
    private let queue: PieceQueue
    private let ended = DispatchSemaphore(value: 0)
    /// Set when nobody wants to wait for the notebook any more.
    private let givesUpAt = Mutex(Date.distantFuture)

    init(_ recorder: RunRecorder, _ queue: PieceQueue) {
        (self.recorder, self.queue) = (recorder, queue)
    }

    func start() throws(TrackingError) {
        try OwnThread.start("recorder") { [self] in
            run()
            ended.signal()
        }
    }

    /// Waits until all is stored, then stores how the program ended; false if the notebook could not be written.
    ///
    /// The queue has to be closed. A signal that comes now ends the waiting.
    func finish(
        _ usage: ProcessUsage?, stopSignal: Int32?, kept: [String], patience: TimeInterval, counts: PieceQueue.Counts,
        signals: SignalPipe?
    ) -> Bool {
        givesUpAt.withLock { $0 = Date(timeIntervalSinceNow: patience) }
        // Who types Ctrl-C again does not want to wait for the notebook.
        func giveUpIfAsked() {
            if signals?.arrivals().contains(where: { $0.number != SIGWINCH }) ?? false {
                givesUpAt.withLock { $0 = .distantPast }
            }
        }
        while ended.wait(timeout: .now() + 0.2) == .timedOut { giveUpIfAsked() }
        if counts.spooledBytes > 0 {
            recorder.addEvent(
                "spooled",
                "\(counts.spooledBytes) bytes waited in a temporary file, because the notebook was written too slowly")
        }
        if let failure = counts.spoolFailure {
            recorder.addEvent("waited", "the program had to wait, because its output could not be kept: \(failure)")
        }
        for path in kept { recorder.addFile(path) }
        for sentence in recorder.troubles.sentences { recorder.addEvent("left-out", sentence) }
        let (state, reason) = Self.outcome(usage, stopSignal: stopSignal, recorder.end)
        if recorder.isWaiting, givesUpAt.withLock({ $0 }) < Date() { return false }
        while !recorder.finish(state: state, reason: reason, usage: usage) {
            giveUpIfAsked()
            if givesUpAt.withLock({ $0 }) < Date() { return false }
            Thread.sleep(forTimeInterval: 0.2)
        }
        return recorder.failure == nil
    }

    // MARK: - Internals

    private func run() {
        while let pieces = queue.next(within: RunRecorder.commitInterval / 2) {
            for piece in pieces {
                recorder.take(piece)
                if recorder.isWaiting, !waitForNotebook() { return }
            }
            recorder.pollFollowed()
            if recorder.isCommitDue, !recorder.commit(), !waitForNotebook() { return }
            if recorder.failure != nil { return queue.discardAll() }
        }
        recorder.finishStreams(at: Date().timeIntervalSince1970)
        if !recorder.commit() { _ = waitForNotebook() }
    }

    /// False if nobody wants to wait any longer.
    private func waitForNotebook() -> Bool {
        repeat {
            if givesUpAt.withLock({ $0 }) < Date() {
                queue.discardAll()
                return false
            }
            Thread.sleep(forTimeInterval: 0.2)
        } while !recorder.commit()
        return true
    }

    /// The state of the run, nil for one that was interrupted, and why.
    private static func outcome(
        _ usage: ProcessUsage?, stopSignal: Int32?, _ end: LoggedEnd?
    ) -> (RunState?, String?) {
        // A program that handles the signal and ends well has not been interrupted.
        if let stopSignal, usage?.exitCode != 0 {
            return (nil, "the program was stopped by \(SignalName.of(stopSignal))")
        }
        guard let usage else {
            // A program that only wrote lines says itself how it ended.
            return end?.state == .failed ? (.failed, end?.reason ?? "the program said that it failed") : (.done, nil)
        }
        if let signal = usage.signal { return (.failed, "the command was ended by \(SignalName.of(signal))") }
        guard let code = usage.exitCode, code != 0 else { return (.done, nil) }
        let reason = end?.state == .failed ? end?.reason.map { ": \($0)" } : nil
        return (.failed, "the command ended with exit code \(code)\(reason ?? "")")
    }
}

/// Signals as people call them.
enum SignalName {
    static func of(_ number: Int32) -> String {
        let names: [Int32: String] = [
            SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
            SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGUSR1: "SIGUSR1",
            SIGSEGV: "SIGSEGV", SIGUSR2: "SIGUSR2", SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM",
            SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ",
        ]
        return names[number] ?? "signal \(number)"
    }
}
