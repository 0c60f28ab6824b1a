import TextFormats
package import Tracking

/// A run on one page: what it was, what it did and what is known of it.
package struct RunPage {
    private let run: Run
    private let progress: RunProgress
    private let parameters: [ParameterValues]
    private let surroundings: RunSurroundings
    private let events: [Note]
    private let curve: [CurvePlot.Point]
    /// What the curve shows.
    private let curveName: String

    /// Reads everything the page shows; `isAlive` is that of `Store.runs.interrupted(isAlive:)`.
    ///
    /// - Throws: `notFound` for a `metric` that is no column of the run's steps.
    package init(
        _ run: Run, metric: String? = nil, in store: Store, isAlive: (ProcessIdentity) -> Bool?
    ) throws {
        self.run = run
        let columns = try store.steps.schema(ofRun: run.id).columns.map(\.name)
        if let metric, !columns.contains(metric) {
            throw TrackingError(noMetric: metric, ofRun: run.id, among: columns)
        }
        curveName = metric ?? "loss"
        let isInterrupted = try store.runs.interrupted(isAlive: isAlive).contains { $0.id == run.id }
        progress = try RunProgress(run, isInterrupted: isInterrupted, in: store)
        parameters = try store.runs.parameters(ofRun: run.id)
        surroundings = try RunSurroundings(of: run, parameters, in: store)
        events = try store.notes.events(of: .run(run.id))
        curve = try CurvePlot.Point.curve(ofRun: run, column: metric, stepCount: progress.rowCount, in: store)
    }

    /// The page, every text on it visible.
    package func text(_ style: ListingStyle) -> String {
        let width = style.width
        return [
            heading(style), settings(width: width), parameterTable(style), plot(width: width),
            noteLines(width: width), origin(width: width),
        ].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// The page's facts as one row, for a program.
    package var listing: (columns: [String], row: [SQLValue]) {
        var facts: [(String, SQLValue)] = [
            ("id", .integer(run.id)), ("name", .optional(run.plan.name)), ("experiment", .optional(run.experiment)),
            ("sweep", .optional(surroundings.sweep)),
            ("parent", run.plan.parentRunID.map { .integer($0) } ?? .null),
            ("parent_step", .optional(run.plan.parentStep)),
            ("state", .text(progress.state)), ("steps", .integer(Int64(run.plan.steps))),
            ("steps_done", .integer(Int64(progress.stepsDone))),
            ("diverged_step", .optional(run.divergedStep)), ("state_reason", .optional(run.stateReason)),
            ("stop_reason", .optional(run.stopReason)),
            ("final_loss", .optional(run.finalLoss)), ("best_loss", .optional(run.bestLoss)),
            ("best_step", .optional(run.bestStep)), ("evaluations", .optional(run.evaluations)),
        ]
        for parameter in parameters {
            facts.append(("initial_\(parameter.name)", .real(parameter.initial)))
            facts.append(("final_\(parameter.name)", .real(parameter.final)))
        }
        for (name, value) in surroundings.originalUnits {
            facts.append(("final_\(name)_in_original_units", .optional(value)))
        }
        let configuration = ConfigurationFields(json: run.plan.config)
        for (name, value) in configuration.values.sorted(by: { $0.key < $1.key }) {
            let number = Int64(value).map { SQLValue.integer($0) } ?? Double(value).map { .real($0) }
            facts.append(("config.\(name)", number ?? .text(value)))
        }
        facts += [
            ("data_file", .optional(surroundings.dataFile)),
            ("tags", .text(surroundings.tags.joined(separator: ", "))),
            ("notes", .text(surroundings.notes.map(\.text).joined(separator: "; "))),
            ("sweep_notes", .text(surroundings.sweepNotes.map(\.text).joined(separator: "; "))),
            ("config_hash", .text(run.plan.configHash)),
            ("version", .text(run.version)), ("git_commit", .optional(run.gitCommit)),
            ("host", .optional(run.process?.host)), ("command", .text(run.command)),
            ("created_at", .text(run.createdAt)), ("started_at", .optional(run.startedAt)),
            ("finished_at", .optional(run.finishedAt)),
        ]
        return (facts.map(\.0), facts.map(\.1))
    }

    // MARK: - Sections

    private func heading(_ style: ListingStyle) -> String {
        var lines = ["run \(run.id)" + (run.plan.name.map { "  \(CellText.short(.text($0)))" } ?? "")]
        lines.append("\(progress.state), \(progress.stepsDone) of \(run.plan.steps.counted("step"))")
        if let sweep = surroundings.sweep { lines.append("of the sweep \(sweep)") }
        if let step = run.plan.parentStep {
            lines.append("forked from \(run.plan.parentRunID.map { "run \($0)" } ?? "a deleted run") at step \(step)")
        }
        if let step = run.divergedStep { lines.append("first bad step \(step): \(run.stateReason ?? "")") }
        if run.divergedStep == nil, let reason = run.stateReason { lines.append(reason) }
        if let reason = run.stopReason {
            lines.append("stopped at step \(progress.recordedSteps - 1): \(reason)")
        }
        if let loss = run.finalLoss { lines.append("final loss \(style.text(loss))") }
        if let loss = run.bestLoss, let step = run.bestStep {
            lines.append("best loss  \(style.text(loss)) at step \(step)")
        }
        lines = lines.map { WrappedText.paragraph($0, width: style.width) }
        // After the breaking into lines, which counts columns.
        lines[1] = style.state(progress.state) + lines[1].dropFirst(progress.state.count)
        let tags = surroundings.tags
        if !tags.isEmpty { lines.append(WrappedText.line("tags      ", tags, width: style.width)) }
        return lines.joined(separator: "\n")
    }

    private func settings(width: Int) -> String {
        let configuration = ConfigurationFields(json: run.plan.config)
        let first = ["optimizer.name", "optimizer.lr", "batch_size", "seed"].filter { configuration[$0] != nil }
        let names = first + configuration.values.keys.sorted().filter { !first.contains($0) }
        let words = names.map { "\(ConfigurationFields.label(of: $0))=\(configuration[$0] ?? "")" }
        let settings = WrappedText.line("settings:", words, width: width)
        guard let file = surroundings.dataFile else { return settings }
        let columns = surroundings.dataColumns.map { ", \($0)" } ?? ""
        return settings + "\n" + WrappedText.paragraph("data: \(file)\(columns)", width: width)
    }

    private func parameterTable(_ style: ListingStyle) -> String {
        guard !parameters.isEmpty else { return "" }
        let original = surroundings.originalUnits
        let columns = ["parameter", "first", "last"] + (original.isEmpty ? [] : ["in the data's own units"])
        var layout = TableLayout(columns: columns, width: style.tableWidth)
        for parameter in parameters {
            _ = layout.append(
                [
                    TableLayout.Cell(parameter.name, isNumber: false),
                    TableLayout.Cell(style.text(parameter.initial), isNumber: true),
                    TableLayout.Cell(style.text(parameter.final), isNumber: true),
                ]
                    + (original.isEmpty
                        ? []
                        : [
                            TableLayout.Cell(
                                (original.first { $0.name == parameter.name }?.value).map { style.text($0) } ?? "",
                                isNumber: true)
                        ]))
        }
        return String(layout.remaining().dropLast())
    }

    private func plot(width: Int) -> String {
        guard let last = curve.last else { return "no step is recorded" }
        let scale = CurvePlot.Scale(of: curve.map(\.value))
        var plot = CurvePlot(width: min(64, width - 14), height: 8, lastStep: last.step, scale: scale)
        plot.draw(curve)
        return "\(curveName) of each step\(scale.isLogarithmic ? ", in decades" : "")\n" + plot.text()
    }

    private func noteLines(width: Int) -> String {
        let lines = (surroundings.notes + surroundings.sweepNotes + events.suffix(5)).map { note in
            let kind = note.kind ?? "note"
            let subject = if case .sweep = note.subject { "\(kind) on the sweep" } else { kind }
            return WrappedText.paragraph("\(note.createdAt) \(subject): \(note.text)", width: width)
        }
        return lines.joined(separator: "\n")
    }

    private func origin(width: Int) -> String {
        let program = "gradbook \(run.version)" + (run.gitCommit.map { " (commit \($0.prefix(10)))" } ?? "")
        let place = run.process.map { " on \($0.host)" } ?? ""
        let sentence = "made by \(program)\(place), \(run.createdAt)"
        return WrappedText.paragraph(sentence, width: width) + "\n"
            + ShellLines.wrapped(run.command.visible, width: width)
    }
}

extension CurvePlot.Point {
    /// The loss at each step, or what else is in a column; of very many steps an even choice, because a plot has no room for more.
    static func curve(
        ofRun run: Run, column: String? = nil, stepCount: Int, in store: Store
    ) throws -> [CurvePlot.Point] {
        var curve: [CurvePlot.Point] = []
        let schema = try store.steps.schema(ofRun: run.id)
        let place = column.map { column in schema.columns.firstIndex { $0.name == column } } ?? schema.index(of: .loss)
        guard let loss = place else { return [] }
        try store.steps.forEach(ofRun: run.id, every: max(1, stepCount / 20_000)) { step in
            curve.append(CurvePlot.Point(step: step.step, value: step.values[loss]))
        }
        return curve
    }
}

/// How far a run is: what is stored when it has ended, and what its rows say until then.
struct RunProgress {
    /// The stored state, or "interrupted".
    let state: String
    let rowCount: Int
    /// Steps whose rows are there, in this run or in that of which it is a fork.
    let recordedSteps: Int
    let stepsDone: Int

    init(_ run: Run, isInterrupted: Bool, in store: Store) throws {
        state = isInterrupted ? "interrupted" : run.state.rawValue
        rowCount = try store.steps.count(ofRun: run.id)
        recordedSteps = (run.plan.parentStep ?? 0) + rowCount
        // A recorder counts as it goes.
        stepsDone = run.state.isFinal || run.kind != .trained ? run.stepsDone : recordedSteps
    }
}
