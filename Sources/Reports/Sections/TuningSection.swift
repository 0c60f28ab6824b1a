import Statistics
import TextFormats

/// What trying more configurations is worth.
struct TuningSection {
    static let title = "Value of tuning"

    let values: [TuningValue]

    var blocks: [Document.Block] {
        let tuned = values.filter { $0.trialCount > 1 }
        guard !tuned.isEmpty else { return [] }
        let counts = Set(tuned.flatMap(\.shownCounts)).sorted()
        var table = Document.Table(
            [("optimizer", .left), ("configurations", .right)] + counts.map { (Prose(words: "best of \($0)"), .right) })
        for value in tuned {
            table.append(
                ["\(value.optimizer)", "\(value.trialCount)"]
                    + counts.map { count -> Prose in
                        guard value.shownCounts.contains(count) else { return "" }
                        let expected = value.best.value(of: count)
                        let chance = NumberText.fixed(value.best.probabilityOfBest(of: count), decimals: 2)
                        return "\(expected.isFinite ? NumberText.steps(expected) : "no bound") (\(chance))"
                    })
        }
        return [
            .heading(level: 2, Prose(words: Self.title)),
            .paragraph(
                """
                The expected running time of the best of k configurations drawn from those that were tried, in steps, and in \
                parentheses the probability that the best of all is among them. \(em: "No bound"): all k may be such that never \
                reach the target.
                """),
            .table(table),
        ]
    }
}

/// An optimizer's configurations as trials of a search.
struct TuningValue: Sendable {
    let optimizer: String
    let best: ExpectedBest
    let trialCount: Int

    /// Empty without a target.
    static func all(_ data: ReportData) -> [TuningValue] {
        Dictionary(grouping: data.groups, by: \.optimizer).sorted { $0.key < $1.key }.compactMap { name, groups in
            let times = groups.compactMap { ArmStatistics($0.runs).expectedTime }
            guard times.count == groups.count else { return nil }
            return TuningValue(optimizer: name, best: ExpectedBest(times), trialCount: times.count)
        }
    }

    /// The powers of 2, and all.
    var shownCounts: [Int] {
        var counts: [Int] = []
        var count = 1
        while count < trialCount {
            counts.append(count)
            count *= 2
        }
        return counts + [trialCount]
    }
}
