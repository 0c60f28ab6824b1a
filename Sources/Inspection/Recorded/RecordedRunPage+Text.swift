import TextFormats
import Tracking

extension RecordedRunPage {
    /// So many rows of each list are shown; other formats and exports have all.
    private static var mostMetrics: Int { 60 }
    private static var mostSettings: Int { 100 }
    private static var mostOthers: Int { 20 }
    private static var outputLines: Int { 10 }

    /// The page, every text on it visible.
    package func text(_ style: ListingStyle) -> String {
        let width = style.width
        return [
            heading(style), settings(width: width), metricTable(style), plot(width: width), said(style),
            fileTable(style),
            usage(width: width), place(width: width), outputs, noteLines(width: width), origin(width: width),
        ].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    // MARK: - Sections

    private func heading(_ style: ListingStyle) -> String {
        var lines = ["run \(run.id)" + (run.plan.name.map { "  \(CellText.short(.text($0)))" } ?? "")]
        let end = facts.end.map { ", \($0)" } ?? ""
        lines.append("\(facts.state), \(run.stepsDone.counted("step"))\(end)")
        if let experiment = run.experiment { lines.append("of the experiment \(experiment)") }
        if let sweep = facts.surroundings.sweep { lines.append("of the sweep \(sweep)") }
        if let reason = run.stateReason, reason != facts.end { lines.append(reason) }
        lines = lines.map { WrappedText.paragraph($0, width: style.width) }
        lines[1] = style.state(facts.state) + lines[1].dropFirst(facts.state.count)
        let tags = facts.surroundings.tags
        if !tags.isEmpty { lines.append(WrappedText.line("tags      ", tags, width: style.width)) }
        return lines.joined(separator: "\n")
    }

    private func settings(width: Int) -> String {
        var lines: [String] = []
        let all = facts.settings
        if !all.isEmpty {
            var words = all.prefix(Self.mostSettings).map {
                "\(CellText.name($0.name))=\(CellText.short(.text($0.value)))"
            }
            if all.count > words.count { words.append("(and \(all.count - words.count) more)") }
            lines.append(WrappedText.line("settings:", words, width: width))
        }
        if !facts.command.isEmpty {
            let command = CellText.short(.text(facts.typedCommand))
            lines.append(WrappedText.paragraph("program: \(command)", width: width))
        }
        return lines.joined(separator: "\n")
    }

    private func metricTable(_ style: ListingStyle) -> String {
        let metrics = facts.metrics
        guard !metrics.isEmpty else { return "no number is recorded" }
        let hasNaN = metrics.contains { $0.notANumberCount > 0 }
        var layout = TableLayout(
            columns: ["metric", "numbers", "first", "last", "min", "at step", "max", "at step"]
                + (hasNaN ? ["NaN"] : []), width: style.tableWidth)
        func number(_ text: String?) -> TableLayout.Cell { TableLayout.Cell(text ?? "", isNumber: true) }
        for metric in metrics.prefix(Self.mostMetrics) {
            _ = layout.append(
                [
                    TableLayout.Cell(CellText.name(metric.key), isNumber: false), number("\(metric.count)"),
                    number(metric.first.value.text(style)), number(metric.last.value.text(style)),
                    number(metric.minimum?.value.text(style)), number(metric.minimum.map { "\($0.step)" }),
                    number(metric.maximum?.value.text(style)), number(metric.maximum.map { "\($0.step)" }),
                ] + (hasNaN ? [number("\(metric.notANumberCount)")] : []))
        }
        let more = metrics.count - Self.mostMetrics
        return layout.remaining().dropLast() + (more > 0 ? "\nand \(more.counted("metric")) more" : "")
    }

    private func plot(width: Int) -> String {
        guard let curve, let first = curve.points.first, let last = curve.points.last else { return "" }
        let scale = CurvePlot.Scale(of: curve.points.map(\.value))
        var plot = CurvePlot(
            width: min(64, width - 14), height: 8, firstStep: min(0, first.step), lastStep: last.step, scale: scale)
        plot.draw(curve.points)
        let name = CellText.name(curve.key)
        return "\(name) of each step\(scale.isLogarithmic ? ", in decades" : "")\n" + plot.text()
    }

    /// Values of the run as a whole, the last text of each key, and tensors.
    private func said(_ style: ListingStyle) -> String {
        var lines: [String] = []
        if !summary.isEmpty {
            var words = summary.prefix(Self.mostMetrics).map {
                "\(CellText.name($0.key))=\(CellText.short(style.rounded($0.value)))"
            }
            if summary.count > words.count { words.append("(and \(summary.count - words.count) more)") }
            lines.append(WrappedText.line("summary:", words, width: style.width))
        }
        for text in texts.prefix(Self.mostOthers) {
            let count = text.count == 1 ? "" : ", the last of \(text.count)"
            lines.append(
                WrappedText.paragraph(
                    "text \(CellText.name(text.key)) at step \(text.step)\(count): \(CellText.short(.text(text.value)))",
                    width: style.width))
        }
        if texts.count > Self.mostOthers { lines.append("and texts under \(texts.count - Self.mostOthers) other keys") }
        if let tensors {
            let bad = tensors.firstNonfiniteStep.map { ", the first value that is not finite at step \($0)" } ?? ""
            lines.append(
                "tensors: \(tensors.tensorCount) at \(tensors.stepCount.counted("step"))\(bad)")
        }
        return lines.joined(separator: "\n")
    }

    private func fileTable(_ style: ListingStyle) -> String {
        guard !files.isEmpty else { return "" }
        var layout = TableLayout(columns: ["file", "bytes", "SHA-256"], width: style.tableWidth)
        for file in files.prefix(Self.mostOthers) {
            let name = file.name.map { "\($0): \(file.path)" } ?? file.path
            _ = layout.append([
                TableLayout.Cell(CellText.short(.text(name)), isNumber: false),
                TableLayout.Cell("\(file.size)", isNumber: true),
                TableLayout.Cell(String(file.sha256.prefix(16)), isNumber: false),
            ])
        }
        let more = files.count - Self.mostOthers
        return layout.remaining().dropLast() + (more > 0 ? "\nand \(more.counted("file")) more" : "")
    }

    private func usage(width: Int) -> String {
        guard let usage = facts.usage else { return "" }
        let words = [
            usage.wallSeconds.map { "\(Self.seconds($0)) in all" },
            usage.userSeconds.map { "\(Self.seconds($0)) of processor" },
            usage.systemSeconds.map { "\(Self.seconds($0)) in the system" },
            usage.peakMemory.map { "\(Self.bytes($0)) of memory at most" },
        ].compactMap(\.self)
        guard !words.isEmpty else { return "" }
        let attempts = run.attempt > 1 ? " by attempt \(run.attempt)" : ""
        return WrappedText.paragraph("used\(attempts): \(words.joined(separator: ", "))", width: width)
    }

    static func seconds(_ seconds: Double) -> String {
        "\(NumberText.fixed(seconds, decimals: seconds < 100 ? 2 : 0)) s"
    }

    static func bytes(_ count: Int64) -> String {
        let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "KB")]
        guard let unit = units.first(where: { Double(count) >= $0.0 }) else { return "\(count) bytes" }
        return "\(NumberText.rounded(Double(count) / unit.0, digits: 3)) \(unit.1)"
    }

    /// Where it ran; of the uncommitted changes how long they are.
    private func place(width: Int) -> String {
        let shown = environment.filter { !["argv", "host", "git_diff", "git_branch"].contains($0.name) }
        var words = shown.prefix(Self.mostSettings).map { name, value -> String in
            if name == "git_commit" {
                let branch = environment.first { $0.name == "git_branch" }.map { " on \($0.value)" } ?? ""
                return "git_commit=\(value.prefix(10))\(branch)"
            }
            if name == "memory", let count = Int64(value) { return "memory=\(Self.bytes(count))" }
            return "\(name)=\(CellText.short(.text(value)))"
        }
        if let diff = environment.first(where: { $0.name == "git_diff" }) {
            words.append("uncommitted changes of \(Self.bytes(Int64(diff.value.utf8.count)))")
        }
        return words.isEmpty ? "" : WrappedText.line("ran in:", words, width: width)
    }

    private var outputs: String {
        output.filter { $0.byteCount > 0 }.map { stream in
            let lines = OutputTail.lines(of: stream, count: Self.outputLines)
            return
                (["the end of \(stream.stream.visible), \(Self.bytes(stream.byteCount)) in all:"]
                + lines.map { "  \($0)" })
                .joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private func noteLines(width: Int) -> String {
        let notes = facts.surroundings.notes + facts.surroundings.sweepNotes + events.suffix(5)
        return notes.map { note in
            WrappedText.paragraph(
                "\(note.createdAt) \(note.kind ?? "note"): \(CellText.short(.text(note.text)))", width: width)
        }.joined(separator: "\n")
    }

    private func origin(width: Int) -> String {
        let host = run.process.map { " on \($0.host)" } ?? ""
        let sentence = "recorded by gradbook \(run.version)\(host), \(run.createdAt)"
        return WrappedText.paragraph(sentence, width: width) + "\n"
            + ShellLines.wrapped(run.command.visible, width: width)
    }
}
