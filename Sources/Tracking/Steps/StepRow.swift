/// One row of a step table: the numbers of a step, and which step it is.
package struct StepRow: Sendable, Equatable {
    package var step: Int
    package var epoch: Int
    /// Counted from the run's first step.
    package var elapsedNanoseconds: Int
    /// In the order of ``StepSchema/columns``.
    package var values: [Double]

    package init(step: Int, epoch: Int, elapsedNanoseconds: Int, values: [Double]) {
        self.step = step
        self.epoch = epoch
        self.elapsedNanoseconds = elapsedNanoseconds
        self.values = values
    }
}

/// Rows of one run that were handed over together: a header per row, and all their numbers behind one another.
struct StepBatch: Sendable {
    struct Header: Sendable {
        let step: Int
        let epoch: Int
        let elapsedNanoseconds: Int
    }

    let attempt: RunAttempt
    let schema: StepSchema
    /// In the order of steps.
    let headers: [Header]
    /// So many numbers for each header as the schema has columns.
    let values: [Double]

    init(attempt: RunAttempt, schema: StepSchema, headers: [Header], values: [Double]) {
        precondition(
            values.count == headers.count * schema.columns.count,
            "\(headers.count) rows of \(schema.table) have \(schema.columns.count) numbers each, not \(values.count) in all"
        )
        self.attempt = attempt
        self.schema = schema
        self.headers = headers
        self.values = values
    }

    init(attempt: RunAttempt, schema: StepSchema, rows: [StepRow]) {
        self.init(
            attempt: attempt, schema: schema,
            headers: rows.map { Header(step: $0.step, epoch: $0.epoch, elapsedNanoseconds: $0.elapsedNanoseconds) },
            values: rows.flatMap(\.values))
    }

    /// The numbers of one row.
    func values(ofRow index: Int) -> ArraySlice<Double> {
        let stride = schema.columns.count
        return values[index * stride..<(index + 1) * stride]
    }
}
