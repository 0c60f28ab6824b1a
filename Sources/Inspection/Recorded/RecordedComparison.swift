import TextFormats
import Tracking

/// What is compared of runs of which at least one is another program's: only what all of them have.
struct RecordedComparison {
    let lines: [RunComparison.Line]
    /// The metric that is drawn, and each run's numbers; nil where they have none in common.
    let curves: (key: String, points: [[CurvePlot.Point]])?

    init(_ runs: [Run], interrupted: Set<Int64>, in store: Store) throws {
        let facts = try runs.map { run in
            run.kind == .trained
                ? nil : try RecordedFacts(run, isInterrupted: interrupted.contains(run.id), in: store)
        }
        let states = try runs.map {
            try RunProgress($0, isInterrupted: interrupted.contains($0.id), in: store)
        }
        let metrics = try zip(runs, facts).map { run, facts in
            try facts?.metrics ?? Self.metrics(ofTrained: run, in: store)
        }
        lines =
            Self.settings(runs, facts)
            + [
                Self.line("metric", "state", states.map { .text($0.state) }),
                Self.line("metric", "steps_done", states.map { .integer(Int64($0.stepsDone)) }),
            ] + Self.metrics(runs, metrics) + Self.usage(facts)
        let shared = Self.shared(metrics)
        let drawn =
            facts.compactMap { $0?.mostTelling }.first(where: shared.contains) ?? shared.first { MetricGoal.isLoss($0) }
        curves = try (drawn ?? shared.first).map { key in
            (
                key,
                try zip(runs, states).map { run, state in
                    run.kind == .trained
                        ? try CurvePlot.Point.curve(ofRun: run, column: key, stepCount: state.rowCount, in: store)
                        : try CurvePlot.Point.curve(ofRun: run.id, key: key, in: store)
                }
            )
        }
    }

    // MARK: - Lines

    private static func line(_ kind: String, _ name: String, _ values: [SQLValue]) -> RunComparison.Line {
        RunComparison.Line(kind: kind, name: name, values: values, better: [])
    }

    /// Of recorded runs all settings that differ; beside a trained run those that both have, too.
    private static func settings(_ runs: [Run], _ facts: [RecordedFacts?]) -> [RunComparison.Line] {
        let values = zip(runs, facts).map { run, facts -> [String: String] in
            let all =
                facts?.settings.map { ($0.name, $0.value) }
                ?? ConfigurationFields(json: run.plan.config).values.map {
                    (ConfigurationFields.label(of: $0.key), $0.value)
                }
            return Dictionary(all) { first, _ in first }
        }
        let isMixed = facts.contains { $0 == nil }
        let names = Set(values.flatMap(\.keys)).filter { name in
            let own = values.map { $0[name] }
            return Set(own).count > 1 && !(isMixed && own.contains(nil))
        }
        let first = ["optimizer", "lr", "batch_size", "seed"].filter(names.contains)
        var lines = (first + names.filter { !first.contains($0) }.sorted()).map { name in
            line("setting", name, values.map { $0[name].map(RecordedFacts.value) ?? .null })
        }
        let programs = facts.compactMap { $0?.command.map(\.quotedForShell).joined(separator: " ") }
        if !isMixed, Set(programs).count > 1 { lines.append(line("setting", "program", programs.map { .text($0) })) }
        return lines
    }

    /// The keys under which all runs have numbers, in alphabetical order.
    private static func shared(_ metrics: [[MetricSummary]]) -> [String] {
        var shared = Set(metrics.first?.map(\.key) ?? [])
        for other in metrics.dropFirst() { shared.formIntersection(other.map(\.key)) }
        return shared.sorted()
    }

    private static func metrics(_ runs: [Run], _ metrics: [[MetricSummary]]) -> [RunComparison.Line] {
        let byKey = metrics.map { Dictionary($0.map { ($0.key, $0) }) { first, _ in first } }
        return shared(metrics).flatMap { key -> [RunComparison.Line] in
            let own = byKey.compactMap { $0[key] }
            let goal = MetricGoal(key: key)
            func compared(_ name: String, _ places: [MetricSummary.Place?]) -> RunComparison.Line {
                RunComparison.Line(
                    kind: "metric", name: name, values: places.map { $0?.value.sqlValue ?? .null },
                    better: better(goal, zip(runs, places).map { $0.state == .done ? $1?.value : nil }))
            }
            let last = compared("last(\(key))", own.map(\.last))
            guard let goal else { return [last] }
            let best = own.map(\.best)
            return [
                last, compared("\(goal.rawValue)(\(key))", best),
                line("metric", "\(goal.rawValue)(\(key))@step", best.map { $0.map { .integer($0.step) } ?? .null }),
            ]
        }
    }

    /// The places of the best values; none where all are the same, or nothing says what is better.
    private static func better(_ goal: MetricGoal?, _ values: [MetricValue?]) -> Set<Int> {
        guard let goal else { return [] }
        let finite = values.compactMap { $0.flatMap { $0.double.isFinite ? $0 : nil } }
        let best = goal == .min ? finite.min { $0.isBelow($1) } : finite.max { $0.isBelow($1) }
        let places = values.indices.filter { place in
            guard let best, let value = values[place] else { return false }
            return !value.double.isNaN && !value.isBelow(best) && !best.isBelow(value)
        }
        return places.count < values.count ? Set(places) : []
    }

    private static func usage(_ facts: [RecordedFacts?]) -> [RunComparison.Line] {
        guard !facts.contains(where: { $0 == nil }) else { return [] }
        let usage = facts.map { $0?.usage }
        return [
            line("usage", "exit_code", usage.map { .optional($0?.exitCode.map(Int.init)) }),
            line("usage", "wall_seconds", usage.map { .optional($0?.wallSeconds) }),
            line("usage", "user_seconds", usage.map { .optional($0?.userSeconds) }),
            line("usage", "system_seconds", usage.map { .optional($0?.systemSeconds) }),
            line("usage", "peak_memory", usage.map { $0?.peakMemory.map { .integer($0) } ?? .null }),
        ].filter { line in line.values.contains { $0 != .null } }
    }

    // MARK: - Beside a trained run

    /// A trained run's numbers of each step, under the names of their columns.
    private static func metrics(ofTrained run: Run, in store: Store) throws -> [MetricSummary] {
        let names = try store.steps.schema(ofRun: run.id).columns.map(\.name)
        var summaries: [MetricSummary] = []
        try store.steps.forEach(ofRun: run.id) { step in
            let places = step.values.map { MetricSummary.Place(step: Int64(step.step), value: .real($0)) }
            if summaries.isEmpty {
                summaries = zip(names, places).map { MetricSummary($0, $1) }
            } else {
                for (index, place) in places.enumerated() { summaries[index].add(place) }
            }
        }
        return summaries
    }
}
