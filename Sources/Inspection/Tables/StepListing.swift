package import Tracking

/// Rows of steps as a listing, every number to its last bit.
package enum StepListing {
    package static let columns = [
        "run_id", "step", "epoch", "loss", "learning_rate", "w", "b", "grad_w", "grad_b", "elapsed_ns",
    ]

    package static func row(_ step: QuadraticStep, ofRun run: Int64) -> [QueryValue] {
        [
            .integer(run), .integer(Int64(step.step)), .integer(Int64(step.epoch)), .real(step.loss),
            .real(step.learningRate), .real(step.w), .real(step.b), .real(step.gradW), .real(step.gradB),
            .integer(Int64(step.elapsedNanoseconds)),
        ]
    }

    /// The steps from `middle - window` to `middle + window`, as far as they are recorded, without times.
    package static func write(
        around middle: Int, window: Int, ofRun run: StoredRun, in store: Store, format: ListingFormat, width: Int,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        let first = max(0, middle - window)
        let end = middle < Int.max - window ? middle + window + 1 : Int.max
        let steps = try store.steps(ofRun: run.id, in: first..<end)
        guard !steps.isEmpty else {
            let count = try store.stepCount(ofRun: run.id)
            let begin = run.plan.parentStep ?? 0
            throw TrackingError(
                .notFound,
                count == 0
                    ? "run \(run.id) has no recorded step"
                    : "run \(run.id) has no step around \(middle); its steps are \(begin) to \(begin + count - 1)")
        }
        let shown = 1..<columns.count - 1
        var writer = ListingWriter(columns: Array(columns[shown]), format: format, width: width, write: write)
        for step in steps { try writer.append(Array(row(step, ofRun: run.id)[shown])) }
        try writer.close()
    }

    /// Every step of these runs, one after another, in constant memory.
    package static func write(
        _ runs: [Int64], in store: Store, format: ListingFormat, width: Int,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        var writer = ListingWriter(columns: columns, format: format, width: width, write: write)
        for run in runs {
            try store.forEachStep(ofRun: run) { try writer.append(row($0, ofRun: run)) }
        }
        try writer.close()
    }
}
