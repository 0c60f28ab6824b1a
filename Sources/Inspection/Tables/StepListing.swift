import TextFormats
package import Tracking

/// Rows of steps as a listing, every number to its last bit.
package enum StepListing {
    /// The steps from `middle - window` to `middle + window`, as far as they are recorded, without times.
    package static func write(
        around middle: Int, window: Int, ofRun run: Run, in store: Store, style: ListingStyle,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        let first = max(0, middle - window)
        let end = middle < Int.max - window ? middle + window + 1 : Int.max
        guard run.kind == .trained else {
            return try MetricListing.write(
                Int64(first)...Int64(end - 1), middle: middle, ofRun: run, in: store, style: style, to: write)
        }
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
            columns: ["step", "epoch"] + schema.columns.map(\.name), style: style, write: write)
        for step in steps {
            try writer.append(
                [.integer(Int64(step.step)), .integer(Int64(step.epoch))] + step.values.map { .real($0) })
        }
        try writer.close()
    }

    /// Every step of these runs, one after another, in constant memory; what a run does not have is empty.
    ///
    /// A recorded run's numbers have a column for each key. No more rows than `limit`.
    package static func write(
        _ runs: [Run], limit: Int? = nil, in store: Store, style: ListingStyle,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        let sources = try runs.map { try StepSource($0, in: store) }
        let columns = StepColumns(sources)
        var writer = ListingWriter(columns: columns.names, style: style, limit: limit, write: write)
        do {
            for source in sources {
                try source.forEachRow(in: store, columns) { try writer.append($0) }
            }
        } catch is EnoughRows {
            // What follows was not asked for.
        }
        try writer.close()
    }
}

/// A run whose steps are listed.
struct StepSource {
    let run: Int64
    let isTrained: Bool
    /// What it has at each step: the columns of a model, or the keys of what was logged.
    let names: [String]

    init(_ run: Run, in store: Store) throws {
        self.run = run.id
        isTrained = run.kind == .trained
        names =
            isTrained
            ? try store.steps.schema(ofRun: run.id).columns.map(\.name) : try store.metrics.keys(ofRun: run.id)
    }

    /// Calls `body` with the cells of each step.
    fileprivate func forEachRow(in store: Store, _ columns: StepColumns, _ body: ([SQLValue]) throws -> Void) throws {
        let places = names.map { columns.place(of: $0) }
        func row(_ step: Int64, elapsed: Int64?, _ values: some Sequence<SQLValue>) -> [SQLValue] {
            var row = [SQLValue](repeating: .null, count: columns.names.count)
            (row[0], row[1]) = (.integer(run), .integer(step))
            row[columns.elapsed] = elapsed.map { .integer($0) } ?? .null
            for (place, value) in zip(places, values) { row[place] = value }
            return row
        }
        guard isTrained else {
            return try store.metrics.forEachRow(ofRun: run, keys: names) { step in
                try body(
                    row(step.step, elapsed: step.elapsedNanoseconds, step.values.lazy.map { $0?.sqlValue ?? .null }))
            }
        }
        try store.steps.forEach(ofRun: run) { step in
            var cells = row(
                Int64(step.step), elapsed: Int64(step.elapsedNanoseconds), step.values.lazy.map { .real($0) })
            if let epoch = columns.epoch { cells[epoch] = .integer(Int64(step.epoch)) }
            try body(cells)
        }
    }
}

/// The columns of steps of several runs: those of models between the step and the time, else each key one.
struct StepColumns {
    private(set) var names: [String]
    private var places: [String: Int] = [:]
    let epoch: Int?
    private(set) var elapsed = 0

    init(_ sources: [StepSource]) {
        var names = ["run_id", "step"]
        let hasTrained = sources.isEmpty || sources.contains(where: \.isTrained)
        epoch = hasTrained ? names.count : nil
        if hasTrained {
            names.append("epoch")
            places["epoch"] = 2
        } else {
            elapsed = names.count
            names.append("elapsed_ns")
        }
        var taken = Set(names + ["elapsed_ns"])
        // Models first: whoever reads their columns finds them where they always are.
        for source in sources.filter(\.isTrained) + sources.filter({ !$0.isTrained }) {
            for name in source.names where places[name] == nil {
                places[name] = names.count
                names.append(Self.free(name, &taken))
            }
        }
        if hasTrained {
            elapsed = names.count
            names.append("elapsed_ns")
        }
        self.names = names
    }

    func place(of name: String) -> Int { places[name] ?? 0 }

    /// A key may be called as what every row has, such as `step`.
    private static func free(_ name: String, _ taken: inout Set<String>) -> String {
        var free = name
        var number = 2
        while !taken.insert(free).inserted {
            free = "\(name)_\(number)"
            number += 1
        }
        return free
    }
}
