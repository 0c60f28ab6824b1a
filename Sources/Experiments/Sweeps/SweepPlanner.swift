import Learning

/// Lays out all runs of a sweep before the first one starts.
package struct SweepPlanner {
    /// What is going to be done: every run once, all configurations on the first seed, then on the second, ...
    package struct Plan: Sendable {
        package let space: SearchSpace
        package let runs: [PreparedRun]
        package let configurationCount: Int

        package var stepCount: Int { runs.reduce(0) { $0 + $1.configuration.steps } }
    }

    /// - Throws: a sentence for the first configuration that cannot be run; nothing is planned then.
    package static func plan(_ space: SearchSpace) throws -> Plan {
        var reader = RequestReader(seedFlag: "--seeds")
        var configurations: [PreparedRun] = []
        var known: Set<RunConfiguration> = []
        for point in space.points() {
            var values = point
            values.fields[.seed] = space.seeds.first.map { String($0) }
            let run = try read(values, with: &reader)
            if known.insert(run.configuration).inserted { configurations.append(run) }
        }
        var runs = configurations
        for seed in space.seeds.dropFirst() {
            for run in configurations { runs.append(try reader.read(run, again: seed)) }
        }
        return Plan(space: space, runs: runs, configurationCount: configurations.count)
    }

    private static func read(_ values: RunValues, with reader: inout RequestReader) throws -> PreparedRun {
        do {
            return try reader.read(values)
        } catch let error as ExperimentError where error.code == .unknownSetting {
            throw ExperimentError(
                .invalidValue,
                "\(error.description); in a sweep over optimizers add a condition, "
                    + "as in --set 'momentum=0,0.9 if optimizer=sgd'")
        }
    }
}
