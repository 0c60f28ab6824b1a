import TextFormats

/// What tuning gained over each optimizer's default settings.
struct DefaultsSection {
    static let title = "Default against tuned"

    let gains: [TuningGain]

    var blocks: [Document.Block] {
        guard !gains.isEmpty else { return [] }
        var table = Document.Table([
            ("optimizer", .left), ("default settings", .left), ("tuned settings", .left), ("ratio", .right),
            ("configurations tried", .right),
        ])
        for gain in gains {
            table.append([
                "\(gain.optimizer)", "\(standard(gain))", "\(time(gain.tuned.statistics))", "\(ratio(gain))",
                "\(gain.trialCount)",
            ])
        }
        return [
            .heading(level: 2, Prose(words: Self.title)),
            .paragraph(
                """
                The expected running time with the optimizer's default settings, learning rate included, and with those of the \
                best configuration, everything else and the seeds being the same. \(em: "Ratio"): default divided by tuned, what \
                tuning gained at the price of the configurations tried.
                """),
            .table(table),
        ]
    }

    private func standard(_ gain: TuningGain) -> String {
        if gain.isDefaultBest { return "these are the best" }
        if let standard = gain.standard { return time(standard.statistics) }
        return gain.missingRate.map { "not tried (lr \($0) and no other setting)" } ?? "unknown to this program"
    }

    private func time(_ statistics: ArmStatistics) -> String {
        guard let time = statistics.expectedTime, time.isFinite else { return "no success" }
        return "\(NumberText.steps(time)) steps, \(statistics.successCount)/\(statistics.resultCount)"
    }

    private func ratio(_ gain: TuningGain) -> String {
        gain.isDefaultBest ? "1" : gain.ratio.map { NumberText.rounded($0, digits: 2) } ?? ""
    }
}
