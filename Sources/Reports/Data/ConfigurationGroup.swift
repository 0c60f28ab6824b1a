import Tracking

/// The runs of one configuration, seeds as replicates.
struct ConfigurationGroup: Sendable {
    let id: String
    /// In the order of seeds.
    let runs: [ReportedRun]

    init(id: String, runs: [ReportedRun]) {
        self.id = id
        self.runs = runs.sorted { ($0.seed, $0.run.id) < ($1.seed, $1.run.id) }
    }

    var optimizer: String { runs[0].run.plan.optimizer }
    var learningRate: Double { runs[0].run.plan.learningRate }
    var configuration: ConfigurationFields { runs[0].configuration }
    var doneCount: Int { runs.count { $0.isDone } }
    var divergedCount: Int { runs.count { $0.run.state == .diverged } }

    /// How many different trajectories there are among the runs that have any.
    var distinctCount: Int { Set(runs.map(\.trajectoryHash).filter { !$0.isEmpty }).count }

    /// Final losses of all planned runs; what is not done stands there as infinity.
    var losses: OrderStatistics { OrderStatistics(runs.map(\.rankedLoss)) }

    /// log10 of the final excess of all planned runs, likewise.
    var logExcesses: OrderStatistics {
        OrderStatistics(
            runs.map { run in
                guard run.isDone, let excess = run.finalExcess, excess.isFinite else { return .infinity }
                return Decades.of(excess)
            })
    }

    /// The seed with the lowest and the one with the highest final loss; the first of equals.
    var best: ReportedRun? { runs.filter(\.isDone).min { $0.rankedLoss < $1.rankedLoss } }
    var worst: ReportedRun? { runs.reversed().max { $0.rankedLoss < $1.rankedLoss } }

    /// What a person reads where the runs' statistics have no number.
    var wordForFailure: String {
        doneCount + divergedCount == runs.count ? "diverged" : "not done"
    }

    /// The median over seeds at each point of the curve; nil where a seed has no number there.
    var medianCurve: [Double?] {
        let curves = runs.map(\.curve)
        return (0..<Sparkline.cells).map { point in
            let values = curves.map { point < $0.count ? $0[point] : nil }
            guard !values.contains(where: { $0 == nil }) else { return nil }
            return OrderStatistics(values.compactMap { $0 }).median
        }
    }
}
