import TextFormats
package import Tracking

/// A recorded run on one page: how it ended, what it logged, what it printed and what it used.
package struct RecordedRunPage {
    let facts: RecordedFacts
    let summary: [(key: String, value: SQLValue)]
    let texts: [LoggedTexts]
    let tensors: LoggedTensors?
    let files: [RecordedChanges.File]
    let environment: [(name: String, value: String)]
    let output: [StreamExcerpt]
    let events: [Note]
    /// The key that is drawn, and its numbers; nil where there is none.
    let curve: (key: String, points: [CurvePlot.Point])?

    var run: Run { facts.run }

    /// Reads everything the page shows; `isAlive` is that of `Store.runs.interrupted(isAlive:)`.
    ///
    /// - Throws: `notFound` for a `metric` that the run does not have.
    package init(
        _ run: Run, metric: String? = nil, in store: Store, isAlive: (ProcessIdentity) -> Bool?
    ) throws {
        let isInterrupted = try store.runs.interrupted(isAlive: isAlive).contains { $0.id == run.id }
        facts = try RecordedFacts(run, isInterrupted: isInterrupted, in: store)
        if let metric, facts[metric] == nil {
            throw TrackingError(noMetric: metric, ofRun: run.id, among: facts.metrics.map(\.key))
        }
        curve = try (metric ?? facts.mostTelling).map { key in
            (key, try CurvePlot.Point.curve(ofRun: run.id, key: key, in: store))
        }
        summary = try store.recorded.summary(ofRun: run.id)
        texts = try store.recorded.texts(ofRun: run.id)
        tensors = try store.recorded.tensors(ofRun: run.id)
        files = try store.recorded.files(ofRun: run.id)
        environment = try store.recorded.environment(ofRun: run.id)
        output = try store.recorded.output(ofRun: run.id)
        events = try store.notes.events(of: .run(run.id))
    }

    /// The page's facts as one row, for a program.
    ///
    /// Metrics are called as in a list of runs.
    package var listing: (columns: [String], row: [SQLValue]) {
        let usage = facts.usage
        var row: [(String, SQLValue)] = [
            ("id", .integer(run.id)), ("kind", .text(run.kind.rawValue)), ("name", .optional(run.plan.name)),
            ("experiment", .optional(run.experiment)), ("sweep", .optional(facts.surroundings.sweep)),
            ("state", .text(facts.state)), ("steps_done", .integer(Int64(run.stepsDone))),
            ("state_reason", .optional(run.stateReason)), ("exit_code", .optional(usage?.exitCode.map(Int.init))),
            ("signal", .optional(usage?.signal.map(Int.init))), ("wall_seconds", .optional(usage?.wallSeconds)),
            ("user_seconds", .optional(usage?.userSeconds)), ("system_seconds", .optional(usage?.systemSeconds)),
            ("peak_memory", usage?.peakMemory.map { .integer($0) } ?? .null),
            ("program", .text(facts.typedCommand)),
        ]
        for (name, value) in facts.configuration.values.sorted(by: { $0.key < $1.key })
        where !name.hasPrefix("command.") {
            row.append(("config.\(name)", RecordedFacts.value(value)))
        }
        for metric in facts.metrics {
            row += [
                ("count(\(metric.key))", .integer(Int64(metric.count))),
                ("first(\(metric.key))", metric.first.value.sqlValue),
                ("last(\(metric.key))", metric.last.value.sqlValue),
                ("min(\(metric.key))", metric.minimum?.value.sqlValue ?? .null),
                ("min(\(metric.key))@step", metric.minimum.map { .integer($0.step) } ?? .null),
                ("max(\(metric.key))", metric.maximum?.value.sqlValue ?? .null),
                ("max(\(metric.key))@step", metric.maximum.map { .integer($0.step) } ?? .null),
            ]
        }
        row += summary.map { ("summary.\($0.key)", $0.value) }
        row += [
            ("tags", .text(facts.surroundings.tags.joined(separator: ", "))),
            ("notes", .text(facts.surroundings.notes.map(\.text).joined(separator: "; "))),
            ("config_hash", .text(run.plan.configHash)), ("version", .text(run.version)),
            ("git_commit", .optional(run.gitCommit)), ("host", .optional(run.process?.host)),
            ("command", .text(run.command)), ("created_at", .text(run.createdAt)),
            ("started_at", .optional(run.startedAt)), ("finished_at", .optional(run.finishedAt)),
        ]
        return (row.map(\.0), row.map(\.1))
    }
}

extension CurvePlot.Point {
    /// A run's numbers under a key; of very many steps an even choice.
    static func curve(ofRun run: Int64, key: String, in store: Store) throws -> [CurvePlot.Point] {
        try store.metrics.curve(ofRun: run, key: key).map {
            CurvePlot.Point(step: Int($0.step), value: $0.value.double)
        }
    }
}
