import Foundation
package import Tracking

/// A descriptor whose lines are recorded up to its end, such as standard input.
package struct RecordedInput {
    private let descriptor: Int32
    /// Seconds for which a notebook that cannot be written is tried again after the end.
    package var patience = 600.0

    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Records all of it; false if the notebook could not be written.
    ///
    /// `recorder` is used on another thread until this returns.
    package func record(by recorder: RunRecorder) throws(TrackingError) -> Bool {
        let queue = PieceQueue(folder: PieceQueue.temporaryFolder)
        let storing = StoringThread(recorder, queue)
        try storing.start()
        let signals = SignalPipe()
        let stream = ReadingLoop.Stream(reader: descriptor, source: .descriptor, passedTo: nil)
        let loop = ReadingLoop([stream], into: queue, signals: signals)
        loop.run(until: -1, onEnd: {}, onWait: {}, onSignal: { _ in loop.stop() })
        queue.close()
        return storing.finish(
            nil, stopSignal: loop.stopSignal, kept: [], patience: patience, counts: queue.counts,
            signals: signals)
    }
}
