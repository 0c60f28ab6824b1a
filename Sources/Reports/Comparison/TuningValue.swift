import Statistics

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
