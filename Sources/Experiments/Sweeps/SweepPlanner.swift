import Learning

/// Lays out all runs of a sweep before the first one starts.
package struct SweepPlanner {
    /// What is going to be done: every run once, all configurations on the first seed, then on the second, ...
    package struct Plan: Sendable {
        package let space: SearchSpace
        package let runs: [PreparedRun]
        package let configurationCount: Int
        /// What the longest run may take; of halving that of the last rung.
        package let budgetSteps: Int?

        package var stepCount: Int { runs.reduce(0) { $0 + $1.configuration.steps } }
    }

    /// - Throws: a sentence for the first configuration that cannot be run; nothing is planned then.
    package static func plan(_ space: SearchSpace) throws -> Plan {
        try plan(ExpandedSweep(space))
    }

    /// The runs of an outline; of halving those of the first rung.
    package static func plan(_ outline: ExpandedSweep) throws -> Plan {
        var parser = SettingsParser(seedOption: "seeds")
        var configurations = outline.configurations
        let budget = configurations.map(\.configuration.steps).max()
        if let rung = outline.halving?.rungs.first {
            for index in configurations.indices { configurations[index].configuration.steps = rung.steps }
        }
        var runs = configurations
        for seed in outline.space.seeds.dropFirst() {
            for run in configurations { runs.append(try parser.parse(run, again: seed)) }
        }
        return Plan(space: outline.space, runs: runs, configurationCount: configurations.count, budgetSteps: budget)
    }
}
