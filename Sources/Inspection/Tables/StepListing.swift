import TextFormats
package import Tracking

/// Rows of steps as a listing, every number to its last bit.
package enum StepListing {
    private static let headers = ["run_id", "step", "epoch"]

    /// The steps from `middle - window` to `middle + window`, as far as they are recorded, without times.
    package static func write(
        around middle: Int, window: Int, ofRun run: Run, in store: Store, style: ListingStyle,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        let first = max(0, middle - window)
        let end = middle < Int.max - window ? middle + window + 1 : Int.max
        let steps = try store.steps.all(ofRun: run.id, in: first..<end)
        guard !steps.isEmpty else {
            let count = try store.steps.count(ofRun: run.id)
            let begin = run.plan.parentStep ?? 0
            throw TrackingError(
                .notFound,
                count == 0
                    ? "run \(run.id) has no recorded step"
                    : "run \(run.id) has no step around \(middle); its steps are \(begin) to \(begin + count - 1)")
        }
        let schema = try store.steps.schema(ofRun: run.id)
        var writer = ListingWriter(
            columns: headers.dropFirst() + schema.columns.map(\.name), style: style, write: write)
        for step in steps {
            try writer.append(
                [.integer(Int64(step.step)), .integer(Int64(step.epoch))] + step.values.map { .real($0) })
        }
        try writer.close()
    }

    /// Every step of these runs, one after another, in constant memory; what a run's model does not have is empty.
    ///
    /// No more rows than `limit`.
    package static func write(
        _ runs: [Int64], limit: Int? = nil, in store: Store, style: ListingStyle,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        let schemas = try runs.map { try store.steps.schema(ofRun: $0) }
        var names: [String] = []
        for schema in schemas where schema.columns.map(\.name) != names {
            for column in schema.columns where !names.contains(column.name) { names.append(column.name) }
        }
        var writer = ListingWriter(
            columns: headers + names + ["elapsed_ns"], style: style, limit: limit, write: write)
        do {
            for (run, schema) in zip(runs, schemas) {
                let places = names.map { name in schema.columns.firstIndex { $0.name == name } }
                try store.steps.forEach(ofRun: run) { step in
                    try writer.append(
                        [.integer(run), .integer(Int64(step.step)), .integer(Int64(step.epoch))]
                            + places.map { $0.map { .real(step.values[$0]) } ?? .null }
                            + [.integer(Int64(step.elapsedNanoseconds))])
                }
            }
        } catch is EnoughRows {
            // What follows was not asked for.
        }
        try writer.close()
    }
}
