/// One run's rows on their way to the step writer: gathers them into batches.
///
///     try training.next(into: &recorder.values)
///     try recorder.record(step: 0, epoch: 0, elapsedNanoseconds: 70)
///
/// Belongs to the thread that trains the run.
package struct StepRecorder {
    private let writer: StepWriter
    private let attempt: RunAttempt
    private let schema: StepSchema
    private var headers: [StepBatch.Header] = []
    /// The numbers of the gathered rows, in the order of the schema's columns; a row's are appended before it is recorded.
    package var values: [Double] = []
    /// When the last batch was handed over, in the run's elapsed time.
    private var handedOver = 0

    init(writer: StepWriter, attempt: RunAttempt, schema: StepSchema) {
        self.writer = writer
        self.attempt = attempt
        self.schema = schema
        reserveCapacity()
    }

    /// Takes the run's next row, whose numbers are the last of ``values``; it reaches the writer with its batch, or after
    /// 25 ms of the run's elapsed time.
    package mutating func record(step: Int, epoch: Int, elapsedNanoseconds: Int) throws(TrackingError) {
        headers.append(StepBatch.Header(step: step, epoch: epoch, elapsedNanoseconds: elapsedNanoseconds))
        if headers.count >= writer.batchSize || elapsedNanoseconds - handedOver >= 25_000_000 {
            handedOver = elapsedNanoseconds
            try handOver()
        }
    }

    /// Takes the run's next row with its numbers.
    package mutating func record(_ row: StepRow) throws(TrackingError) {
        values += row.values
        try record(step: row.step, epoch: row.epoch, elapsedNanoseconds: row.elapsedNanoseconds)
    }

    /// Hands over the last rows and how the run ended, which is committed with them or after them.
    ///
    /// The recorder is then done with. Does not wait for the commit.
    package mutating func finish(_ outcome: RunOutcome) throws(TrackingError) {
        try handOver()
        try writer.finish(attempt, outcome: outcome, schema: schema)
    }

    /// Hands over the last rows and gives the run back unfinished, see ``StepWriter/release(_:attempt:)``.
    package mutating func release() throws(TrackingError) {
        try handOver()
        try writer.release(attempt.run, attempt: attempt.number)
    }

    private mutating func handOver() throws(TrackingError) {
        if headers.isEmpty { return }
        // Numbers of a row that was not recorded, because its step failed, are left out.
        let count = headers.count * schema.columns.count
        if values.count > count { values.removeLast(values.count - count) }
        try writer.append(StepBatch(attempt: attempt, schema: schema, headers: headers, values: values))
        headers = []
        values = []
        reserveCapacity()
    }

    private mutating func reserveCapacity() {
        headers.reserveCapacity(writer.batchSize)
        values.reserveCapacity(writer.batchSize * schema.columns.count)
    }
}
