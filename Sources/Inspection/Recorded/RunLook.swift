import TextFormats
package import Tracking

/// A run at one moment, for somebody who watches it: how far it is, its last numbers, and a curve.
package struct RunLook {
    /// So many numbers stand in a line, and so many on a page.
    private static let mostInLine = 3
    private static let mostOnPage = 12

    package let run: Run
    /// The stored state, or "interrupted".
    package let state: String
    private let stepsDone: Int
    private let end: String?
    private let latest: [(key: String, place: MetricSummary.Place)]

    /// `isAlive` is that of `Store.runs.interrupted(isAlive:)`.
    package init(ofRun id: Int64, in store: Store, isAlive: (ProcessIdentity) -> Bool?) throws {
        let isInterrupted = try store.runs.interrupted(isAlive: isAlive).contains { $0.id == id }
        // Read afterwards: it may have ended meanwhile.
        run = try store.runs.find(id: id)
        let progress = try RunProgress(run, isInterrupted: isInterrupted && run.state == .running, in: store)
        (state, stepsDone) = (progress.state, progress.stepsDone)
        guard run.kind != .trained else {
            end = nil
            latest = try Self.latest(ofTrained: run, rowCount: progress.rowCount, in: store)
            return
        }
        end = try run.state.isFinal ? store.recorded.usage(ofRun: id).flatMap(RecordedFacts.end) : nil
        latest = try store.metrics.latest(ofRun: id).sorted {
            (MetricGoal.interest(of: $0.key), $0.key) < (MetricGoal.interest(of: $1.key), $1.key)
        }
    }

    /// Whether it has not ended and nobody works on it.
    package var isIdle: Bool { !run.state.isFinal && state != RunState.running.rawValue }

    /// The key whose numbers are drawn; nil where there are none yet.
    package var drawnKey: String? { (latest.first { MetricGoal.isLoss($0.key) } ?? latest.first)?.key }

    // MARK: - Output

    private var heading: String {
        let name = run.plan.name.map { " (\(CellText.short(.text($0))))" } ?? ""
        let planned = run.kind == .trained ? " of \(run.plan.steps)" : ""
        let steps = planned.isEmpty ? stepsDone.counted("step") : "\(stepsDone)\(planned) steps"
        return "run \(run.id)\(name): \(state), \(steps)" + (end.map { ", \($0)" } ?? "")
    }

    /// One line, of which all is seen.
    package func line(_ style: ListingStyle) -> String {
        let numbers = latest.prefix(Self.mostInLine).map { "\(CellText.name($0.key)) \($0.place.value.text(style))" }
        return (numbers.isEmpty ? heading : "\(heading); \(numbers.joined(separator: ", "))").visible
    }

    /// A page with a curve, every text on it visible.
    package func page(_ style: ListingStyle, _ curve: WatchedCurve) -> String {
        var lines = [WrappedText.paragraph(heading, width: style.width)]
        lines[0] = lines[0].replacing(": \(state),", with: ": \(style.state(state)),", maxReplacements: 1)
        if !latest.isEmpty {
            var layout = TableLayout(columns: ["metric", "last", "at step"], width: style.tableWidth)
            for (key, place) in latest.prefix(Self.mostOnPage) {
                _ = layout.append([
                    .init(CellText.name(key), isNumber: false), .init(place.value.text(style), isNumber: true),
                    .init("\(place.step)", isNumber: true),
                ])
            }
            lines.append(String(layout.remaining().dropLast()))
            let more = latest.count - Self.mostOnPage
            if more > 0 { lines.append("and \(more.counted("metric")) more") }
        }
        let plot = curve.text(width: style.width)
        return (lines + (plot.isEmpty ? [] : [plot])).joined(separator: "\n")
    }

    /// For a program: the same columns at every look.
    package var row: [(column: String, value: SQLValue)] {
        let shown = latest.first
        return [
            ("id", .integer(run.id)), ("name", .optional(run.plan.name)), ("state", .text(state)),
            ("steps_done", .integer(Int64(stepsDone))), ("metric", .optional(shown?.key)),
            ("last", shown?.place.value.sqlValue ?? .null),
            ("last_step", shown.map { .integer($0.place.step) } ?? .null),
        ]
    }

    private static func latest(
        ofTrained run: Run, rowCount: Int, in store: Store
    ) throws -> [(key: String, place: MetricSummary.Place)] {
        let first = try store.steps.first(ofRun: run.id) ?? 0
        let last = first + rowCount - 1
        guard rowCount > 0, let row = try store.steps.all(ofRun: run.id, in: last..<last + 1).first,
            let loss = try store.steps.schema(ofRun: run.id).index(of: .loss)
        else { return [] }
        return [("loss", .init(step: Int64(row.step), value: .real(row.values[loss])))]
    }
}

/// The curve of a run that is watched: each look reads only the steps that came since the one before.
package struct WatchedCurve {
    /// More points are thinned out: a plot has no room for them.
    private static let mostPoints = 20_000

    private var key: String?
    private var points: [CurvePlot.Point] = []

    package init() {}

    /// Reads what is new of the numbers that the look draws.
    package mutating func update(_ look: RunLook, in store: Store) throws {
        guard look.run.kind != .trained, let key = look.drawnKey else { return }
        if key != self.key { (self.key, points) = (key, []) }
        let from = points.last.map { Int64($0.step) } ?? .min
        guard from < .max else { return }
        var new: [CurvePlot.Point] = []
        try store.metrics.forEachRow(
            ofRun: look.run.id, keys: [key], in: (points.isEmpty ? from : from + 1)...Int64.max
        ) { row in
            if let value = row.values[0] { new.append(CurvePlot.Point(step: Int(row.step), value: value.double)) }
        }
        points += new
        while points.count > Self.mostPoints {
            let last = points[points.count - 1]
            points = points.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            if points.last != last { points.append(last) }
        }
    }

    fileprivate func text(width: Int) -> String {
        guard let key, let first = points.first, let last = points.last else { return "" }
        let scale = CurvePlot.Scale(of: points.map(\.value))
        var plot = CurvePlot(
            width: max(10, min(64, width - 14)), height: 8, firstStep: min(0, first.step), lastStep: last.step,
            scale: scale)
        plot.draw(points)
        let name = CellText.name(key)
        return "\(name) of each step\(scale.isLogarithmic ? ", in decades" : "")\n" + plot.text()
    }
}
