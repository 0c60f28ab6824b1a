/// One run's rows on their way to the step writer: gathers them into chunks.
///
/// Belongs to the thread that trains the run.
package struct StepRecorder {
    private let writer: StepWriter
    private let run: Int64
    private let attempt: Int
    private var rows: [QuadraticStep] = []
    /// When the last chunk was handed over, in the run's elapsed time.
    private var handedOver = 0

    init(writer: StepWriter, run: Int64, attempt: Int) {
        self.writer = writer
        self.run = run
        self.attempt = attempt
        rows.reserveCapacity(writer.chunkSize)
    }

    /// Takes the run's next row; it reaches the writer with its chunk, or after 50 ms of the run's elapsed time.
    package mutating func record(_ row: QuadraticStep) throws(TrackingError) {
        rows.append(row)
        if rows.count >= writer.chunkSize || row.elapsedNanoseconds - handedOver >= 50_000_000 {
            handedOver = row.elapsedNanoseconds
            try handOver()
        }
    }

    /// Hands over the last rows and how the run ended, which is committed with them or after them.
    ///
    /// The recorder is then done with. Does not wait for the commit.
    package mutating func finish(_ outcome: RunOutcome) throws(TrackingError) {
        try handOver()
        try writer.finish(run, attempt: attempt, outcome: outcome)
    }

    /// Hands over the last rows and gives the run back unfinished, see ``StepWriter/release(_:attempt:)``.
    package mutating func release() throws(TrackingError) {
        try handOver()
        try writer.release(run, attempt: attempt)
    }

    private mutating func handOver() throws(TrackingError) {
        if rows.isEmpty { return }
        try writer.append(rows, toRun: run, attempt: attempt)
        rows = []
        rows.reserveCapacity(writer.chunkSize)
    }
}
