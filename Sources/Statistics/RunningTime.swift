/// How long a run takes to a target: so many steps, or more than its budget.
package struct RunningTime: Sendable, Equatable {
    /// Steps before the target was reached; nil if it never was, as in a run that diverged or failed.
    package let reached: Int?
    /// The steps the run was given.
    package let budget: Int

    package init(reached: Int?, budget: Int) {
        (self.reached, self.budget) = (reached, budget)
    }

    package var isCensored: Bool { reached == nil }
    /// What the run cost: a run that failed is charged its whole budget, however early it ended.
    package var charged: Int { reached ?? budget }
}

/// The expected running time (Auger and Hansen 2005; COCO): all steps spent divided by the number of successes.
///
/// It estimates how long restarting with new seeds takes until the target is reached.
package enum ExpectedRunningTime {
    /// Infinite if no run succeeded; nil without runs.
    package static func of(_ times: some Collection<RunningTime>) -> Double? {
        guard !times.isEmpty else { return nil }
        var (spent, successes) = (0, 0)
        for time in times {
            spent += time.charged
            successes += time.isCensored ? 0 : 1
        }
        return successes == 0 ? .infinity : Double(spent) / Double(successes)
    }

    /// Over resampled seeds; an end is infinite where so many resamples have no success.
    package static func interval(_ times: [RunningTime], _ resamples: Resamples) -> BootstrapInterval {
        let (charged, successes) = (times.map(\.charged), times.map { $0.isCensored ? 0 : 1 })
        return resamples.interval { draws in
            var (spent, reached) = (0, 0)
            for draw in draws {
                spent += charged[Int(draw)]
                reached += successes[Int(draw)]
            }
            return reached == 0 ? .infinity : Double(spent) / Double(reached)
        }
    }
}
