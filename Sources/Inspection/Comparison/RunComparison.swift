package import TextFormats
import Theory
package import Tracking

/// Runs side by side: what differs in their configurations, what came of it, and how it went.
package struct RunComparison {
    /// One line of the comparison, with a value per run.
    package struct Line: Sendable, Equatable {
        /// `about`, `setting` or `metric`.
        package let kind: String
        package let name: String
        package let values: [SQLValue]
        /// The runs with the best value, by their places; empty where none is better.
        package let better: Set<Int>
    }

    private let runs: [Run]
    private let curves: [[CurvePlot.Point]]
    /// What the curves show.
    private let curveName: String
    package let lines: [Line]
    /// What seeds say, where the runs are replicates of several configurations.
    package let statistics: [String]

    /// `isAlive` is that of `Store.runs.interrupted(isAlive:)`; `comparingSeeds` gives one sentence per pair of
    /// configurations, or nil unless the runs are replicates of several ones; `spelled` makes commands as they are typed.
    package init(
        _ runs: [Run], in store: Store, spelled: (MessageText) -> String = { $0.description },
        isAlive: (ProcessIdentity) -> Bool?,
        comparingSeeds: ([Run]) throws -> [String]?
    ) throws {
        self.runs = runs
        let interrupted = Set(try store.runs.interrupted(isAlive: isAlive).map(\.id))
        if runs.contains(where: { $0.kind != .trained }) {
            let recorded = try RecordedComparison(runs, interrupted: interrupted, in: store)
            lines = try Self.facts(runs.map { try RunSurroundings(of: $0, [], in: store) }) + recorded.lines
            (curves, curveName) = (recorded.curves?.points ?? [], recorded.curves?.key ?? "")
            // Their verdicts are not said here.
            statistics = []
            return
        }
        curveName = "loss"
        let progress = try runs.map {
            try RunProgress($0, isInterrupted: interrupted.contains($0.id), in: store)
        }
        let parameters = try runs.map { try store.runs.parameters(ofRun: $0.id) }
        let surroundings = try zip(runs, parameters).map { try RunSurroundings(of: $0, $1, in: store) }
        lines =
            Self.facts(surroundings) + Self.settings(runs)
            + (try Self.metrics(runs, progress, parameters, surroundings, in: store))
        curves = try zip(runs, progress).map {
            try CurvePlot.Point.curve(ofRun: $0, stepCount: $1.rowCount, in: store)
        }
        statistics = try Self.statistics(runs, in: store, spelled, comparingSeeds)
    }

    // MARK: - Output

    /// The comparison, every text in it visible.
    package func text(_ style: ListingStyle) -> String {
        [
            table(style), plots(width: style.width),
            statistics.map { WrappedText.paragraph($0, width: style.width) }.joined(separator: "\n"),
        ].filter { !$0.isEmpty }
            .joined(separator: "\n\n")
    }

    /// One row per line, for a program; of the statistics the sentence is the name.
    package func write(_ style: ListingStyle, to write: @escaping ([UInt8]) throws -> Void) throws {
        var writer = ListingWriter(
            columns: ["kind", "name"] + runs.map { "run_\($0.id)" } + ["better"], style: style, write: write)
        for line in lines {
            let better = line.better.sorted().map { String(runs[$0].id) }.joined(separator: " ")
            try writer.append(
                [.text(line.kind), .text(line.name)] + line.values + [better.isEmpty ? .null : .text(better)])
        }
        for sentence in statistics {
            try writer.append([.text("statistics"), .text(sentence)] + runs.map { _ in .null } + [.null])
        }
        try writer.close()
    }

    // MARK: - Internals

    /// So many steps of runs that nobody named are read: what takes longer than a moment is a report's work.
    private static let stepsReadAtOnce = 50_000

    /// Of the runs themselves, if they are replicates; else of their configurations on all seeds of their sweep.
    private static func statistics(
        _ runs: [Run], in store: Store, _ spelled: (MessageText) -> String,
        _ comparingSeeds: ([Run]) throws -> [String]?
    ) throws -> [String] {
        if let sentences = try comparingSeeds(runs) { return sentences }
        let configurations = Set(runs.map(\.plan.groupID))
        guard let sweep = runs[0].sweepID, runs.allSatisfy({ $0.sweepID == sweep }), configurations.count > 1 else {
            return []
        }
        let replicates = try store.runs.all(ofSweep: sweep).filter { configurations.contains($0.plan.groupID) }
        guard replicates.reduce(0, { $0 + $1.stepsDone }) <= stepsReadAtOnce else {
            let name = try store.sweeps.find(id: sweep).plan.name
            return [
                spelled(
                    "The sweep has \(replicates.count) runs of these configurations; \(command: "report", name) compares them on "
                        + "all seeds.")
            ]
        }
        return try comparingSeeds(replicates)?.map { "On all seeds of the sweep: \($0)" } ?? []
    }

    /// Of which sweep the runs are, if that differs, their data's file, and what people said of them, if anything.
    private static func facts(_ runs: [RunSurroundings]) -> [Line] {
        func line(_ name: String, isNews: ([SQLValue]) -> Bool, _ text: (RunSurroundings) -> String?) -> Line? {
            let values = runs.map { run in
                text(run).flatMap { $0.isEmpty ? nil : SQLValue.text($0) } ?? .null
            }
            return isNews(values) ? Line(kind: "about", name: name, values: values, better: []) : nil
        }
        let differs = { (values: [SQLValue]) in values.contains { $0 != values[0] } }
        let isSaid = { (values: [SQLValue]) in values.contains { $0 != .null } }
        return [
            line("sweep", isNews: differs) { $0.sweep }, line("data_file", isNews: isSaid) { $0.dataFile },
            line("tags", isNews: isSaid) { $0.tags.joined(separator: ", ") },
            line("notes", isNews: isSaid) { $0.notes.map(\.text).joined(separator: "; ") },
            line("sweep_notes", isNews: isSaid) { $0.sweepNotes.map(\.text).joined(separator: "; ") },
        ].compactMap(\.self)
    }

    /// The settings in which the runs differ; one that a run does not have is empty.
    private static func settings(_ runs: [Run]) -> [Line] {
        let configurations = runs.map { ConfigurationFields(json: $0.plan.config) }
        let names = Set(configurations.flatMap(\.values.keys)).filter { name in
            Set(configurations.map { $0[name] }).count > 1
        }
        let first = ["optimizer.name", "optimizer.lr", "batch_size", "seed"].filter(names.contains)
        return (first + names.filter { !first.contains($0) }.sorted()).map { name in
            let values = configurations.map { configuration in
                configuration[name].map { text in
                    Int64(text).map { SQLValue.integer($0) } ?? Double(text).map { .real($0) } ?? .text(text)
                } ?? .null
            }
            return Line(kind: "setting", name: ConfigurationFields.label(of: name), values: values, better: [])
        }
    }

    private static func metrics(
        _ runs: [Run], _ progress: [RunProgress], _ parameters: [[ParameterValues]], _ surroundings: [RunSurroundings],
        in store: Store
    ) throws -> [Line] {
        func final(_ name: String, _ index: Int) -> Double? { parameters[index].first { $0.name == name }?.final }
        var names: [String] = []
        for run in runs {
            for name in try store.steps.schema(ofRun: run.id).parameters where !names.contains(name) {
                names.append(name)
            }
        }
        let excesses = try runs.indices.map { index -> Double? in
            let plan = runs[index].plan
            guard let data = plan.datasetID, let objective = Objective(try store.datasets.find(id: data), of: plan)
            else { return nil }
            return objective.surface.finalValues(parameters[index]).flatMap(objective.excess)
        }
        // Losses of other data or of another kind are no competition.
        let isOneProblem = Set(runs.map { "\($0.plan.datasetID ?? 0) \($0.plan.loss)" }).count == 1
        func lower(_ name: String, _ values: [Double?]) -> Line {
            let done = zip(runs, values).map { $0.state == .done ? $1.flatMap { $0.isFinite ? $0 : nil } : nil }
            let best = isOneProblem ? done.compactMap { $0 }.min() : nil
            let places = done.indices.filter { best != nil && done[$0] == best }
            return Line(
                kind: "metric", name: name, values: values.map { .optional($0) },
                better: places.count < runs.count ? Set(places) : [])
        }
        func plain(_ name: String, _ values: [SQLValue]) -> Line {
            Line(kind: "metric", name: name, values: values, better: [])
        }
        let lines = [
            plain("state", progress.map { .text($0.state) }),
            plain("steps_done", progress.map { .integer(Int64($0.stepsDone)) }),
            plain("diverged_step", runs.map { .optional($0.divergedStep) }),
            lower("final_loss", runs.map(\.finalLoss)), lower("final_excess", excesses),
            // The loss of a batch, which is no competition for one of another size.
            Set(runs.map(\.plan.batchSize)).count == 1
                ? lower("best_loss", runs.map(\.bestLoss)) : plain("best_loss", runs.map { .optional($0.bestLoss) }),
            plain("best_step", runs.map { .optional($0.bestStep) }),
        ]
        let finals = names.map { name in plain(name, runs.indices.map { .optional(final(name, $0)) }) }
        let original = names.map { name in
            plain(
                "\(name)_in_original_units",
                surroundings.map { run in .optional(run.originalUnits.first { $0.name == name }?.value) })
        }
        return (lines + finals + original + [plain("evaluations", runs.map { .optional($0.evaluations) })]).filter {
            line in
            line.values.contains { $0 != .null }
        }
    }

    /// A note or a hash has so many characters in a table that must fit into a terminal; others have all.
    private static let widestFact = 20

    /// A program may log hundreds of metrics; other formats have them all.
    private static let mostLines = 200

    private func table(_ style: ListingStyle) -> String {
        var layout = TableLayout(
            columns: [""] + runs.map { run in run.plan.name.map { CellText.short(.text($0)) } ?? "run \(run.id)" },
            width: style.tableWidth,
            hasHeader: style.hasHeader)
        for line in lines.prefix(Self.mostLines) {
            let cells = line.values.enumerated().map { index, value in
                let text = CellText.short(style.rounded(value))
                let mark = line.better.contains(index) ? " *" : ""
                let isLong =
                    text.count > Self.widestFact && style.tableWidth < .max
                    && (line.kind == "about" || line.name.hasSuffix("content_hash"))
                return TableLayout.Cell(
                    (isLong ? text.prefix(Self.widestFact) + "…" : text) + mark, isNumber: value.isNumber,
                    color: line.name == "state" ? style.color(ofState: text) : nil)
            }
            _ = layout.append([TableLayout.Cell(CellText.name(line.name), isNumber: false)] + cells)
        }
        var table = layout.remaining()
        if lines.count > Self.mostLines { table += "and \(lines.count - Self.mostLines) lines more\n" }
        let isMarked = lines.contains { !$0.better.isEmpty }
        return isMarked ? table + "* the best of the runs that are done" : String(table.dropLast())
    }

    /// A small plot per run, all on one scale.
    private func plots(width: Int) -> String {
        let scale = CurvePlot.Scale(of: curves.joined().map(\.value))
        guard let last = curves.joined().map(\.step).max() else { return "" }
        let labels = runs.map { "run \($0.id)" }
        let margin = labels.map(\.count).max() ?? 0
        let first = min(0, curves.joined().map(\.step).min() ?? 0)
        let title =
            "\(CellText.name(curveName)) of each step from \(CellText.label(scale.low)) to \(CellText.label(scale.high))"
            + "\(scale.isLogarithmic ? ", in decades" : ""), steps \(first) to \(last)"
        var lines = [WrappedText.paragraph(title, width: width)]
        for (label, curve) in zip(labels, curves) {
            var plot = CurvePlot(
                width: min(64, width - margin - 3), height: 2, firstStep: first, lastStep: last, scale: scale)
            plot.draw(curve)
            for (index, row) in plot.rows.enumerated() {
                let heading = index == 0 ? label : ""
                let line = heading + String(repeating: " ", count: margin - heading.count) + " │" + row
                lines.append(line.trimmingEnd(of: "\u{2800}"))
            }
        }
        return lines.joined(separator: "\n")
    }
}
