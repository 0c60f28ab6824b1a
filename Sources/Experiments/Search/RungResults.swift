import Tracking

extension StoredRung {
    /// Ranks the runs of a rung, of which the best `places` are promoted if they have a median.
    ///
    /// A pure function of the rung's stored runs, so any number of workers and any restart gives the same one. The best
    /// configuration comes first; of equal medians the one that was planned first.
    init(number: Int, runs: [Run], places: Int) {
        let replicates = Dictionary(grouping: runs, by: \.plan.groupID)
        let medians = runs.map(\.plan.groupID).withoutRepeats().map { id in
            (id: id, median: Self.median(of: replicates[id] ?? []))
        }
        let ranked = medians.enumerated().sorted { first, second in
            let (a, b) = (first.element.median ?? .infinity, second.element.median ?? .infinity)
            return a == b ? first.offset < second.offset : a < b
        }
        self.init(
            number: number, steps: runs.first?.plan.steps ?? 0, runs: runs.count,
            results: ranked.enumerated().map { place, candidate in
                let (id, median) = candidate.element
                return RungResult(groupID: id, median: median, isPromoted: place < places && median != nil)
            })
    }

    private static func median(of runs: [Run]) -> Double? {
        let losses = runs.map { $0.state == .done ? $0.finalLoss ?? .infinity : .infinity }.sorted()
        let middle = losses.count / 2
        let median = losses.count.isMultiple(of: 2) ? losses[middle - 1] / 2 + losses[middle] / 2 : losses[middle]
        return median.isFinite ? median : nil
    }
}
