import TextFormats
package import Tracking

/// Logged numbers as a listing, every number to its last bit.
package enum MetricListing {
    /// Every number of these runs in a row of its own: run, step, key and value.
    ///
    /// Of a trained run its numbers of each step. No more rows than `limit`.
    package static func write(
        _ runs: [Run], limit: Int? = nil, in store: Store, style: ListingStyle,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        var writer = ListingWriter(
            columns: ["run_id", "step", "key", "value"], style: style, limit: limit, write: write)
        do {
            for run in runs {
                let names = try StepSource(run, in: store).names
                func append(_ step: Int64, _ place: Int, _ value: SQLValue) throws {
                    try writer.append([.integer(run.id), .integer(step), .text(names[place]), value])
                }
                if run.kind == .trained {
                    try store.steps.forEach(ofRun: run.id) { step in
                        for (place, value) in step.values.enumerated() {
                            try append(Int64(step.step), place, .real(value))
                        }
                    }
                } else {
                    try store.metrics.forEachRow(ofRun: run.id, keys: names) { row in
                        for (place, value) in row.values.enumerated() {
                            if let value { try append(row.step, place, value.sqlValue) }
                        }
                    }
                }
            }
        } catch is EnoughRows {
            // What follows was not asked for.
        }
        try writer.close()
    }

    /// So many may be kept for each of the steps that are listed.
    private static let mostKeys = 500

    /// The numbers of some steps, a column for each key that has one there.
    static func write(
        _ steps: ClosedRange<Int64>, middle: Int, ofRun run: Run, in store: Store, style: ListingStyle,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        // Which keys a run has takes a look at all of its rows.
        let all = try store.metrics.allKeys()
        let keys = all.count <= mostKeys ? all : try store.metrics.keys(ofRun: run.id)
        var rows: [MetricRow] = []
        try store.metrics.forEachRow(ofRun: run.id, keys: keys, in: steps) { rows.append($0) }
        let shown = keys.indices.filter { place in rows.contains { $0.values[place] != nil } }
        guard !shown.isEmpty else {
            let summaries = try store.metrics.summaries(ofRun: run.id)
            guard let first = summaries.map(\.first.step).min(), let last = summaries.map(\.last.step).max() else {
                throw TrackingError(.notFound, "run \(run.id) has no recorded step")
            }
            throw TrackingError(
                .notFound, "run \(run.id) has no step around \(middle); its steps are \(first) to \(last)")
        }
        var writer = ListingWriter(
            columns: ["step"] + shown.map { keys[$0] == "step" ? "step_2" : keys[$0] }, style: style, write: write)
        for row in rows {
            try writer.append([.integer(row.step)] + shown.map { row.values[$0]?.sqlValue ?? .null })
        }
        try writer.close()
    }
}
