import Tracking

/// What was compared, in a few sentences that claim nothing beyond what was seen.
struct SummarySection {
    let data: ReportData
    let options: ReportOptions

    var text: String {
        let seeds = Set(data.runs.map(\.seed)).count
        let ended = data.runs.count { $0.isDone }
        let diverged = data.runs.count { $0.run.state == .diverged }
        let steps = data.runs.reduce(0) { $0 + $1.stepCount }
        let count = MarkdownText.count
        return """
            # \(MarkdownText.escaped(data.title))

            \(count(data.groups.count, "configuration")) on \(count(seeds, "seed")): \
            \(count(data.runs.count, "planned run")), \(ended) done, \(diverged) diverged; \
            \(count(steps, "recorded step")). \(lowest)\(provenance)


            """
    }

    /// The first row in words; with one configuration there is nothing to compare.
    private var lowest: String {
        let group = data.groups[0]
        guard let median = group.losses.median, median.isFinite else {
            return "In no configuration did more than half of the runs end with a final loss."
        }
        let loss = NumberText.rounded(median)
        guard data.groups.count > 1 else { return "Its median final loss is \(loss)." }
        let claim = """
            **No winner is claimed:** whether rows differ by more than chance is not tested here, and the first ones were \
            selected on the same seeds that they are shown for, so their numbers are optimistic.
            """
        let ties = data.places(of: 0).count
        guard ties == 1 else {
            return "The first \(ties) rows share the lowest median final loss, \(loss). \(claim)"
        }
        let settings = data.fields.varying.compactMap { name in
            group.configuration[name].map { "\(ConfigurationFields.label(of: name)) \($0)" }
        }
        return """
            The lowest median final loss, \(loss), is that of row 1 \
            (\(MarkdownText.escaped(settings.joined(separator: ", ")))). \(claim)
            """
    }

    private var provenance: String {
        guard !options.isReproducible, let last = data.runs.compactMap(\.run.finishedAt).max() else { return "" }
        let versions = Set(data.runs.map(\.run.version)).sorted().joined(separator: ", ")
        return "\n\nMade by gradbook \(MarkdownText.escaped(versions)); the last run ended at \(last)."
    }
}
