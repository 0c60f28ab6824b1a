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
        var reader = RequestReader()
        var runs: [PreparedRun] = []
        var known: Set<String> = []
        let points = space.points()
        var configurations: Set<String> = []
        for seed in space.seeds {
            for point in points {
                var values = point
                values.fields[.seed] = String(seed)
                let run = try read(values, with: &reader)
                guard known.insert(try run.configuration.canonicalJSON()).inserted else { continue }
                configurations.insert(try run.configuration.canonicalJSONIgnoringSeed())
                runs.append(run)
            }
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
