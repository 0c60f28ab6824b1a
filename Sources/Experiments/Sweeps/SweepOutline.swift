import Learning

/// What a sweep is going to do, before any of its runs is laid out: every configuration once, to be repeated on every
/// seed.
package struct SweepOutline: Sendable {
    package let space: SearchSpace
    /// In the order of the space, on its first seed.
    package let configurations: [PreparedRun]

    /// - Throws: a sentence for the first configuration, or seed, that cannot be run.
    package init(_ space: SearchSpace) throws {
        var reader = RequestReader(seedFlag: "--seeds")
        try self.init(space, with: &reader)
    }

    init(_ space: SearchSpace, with reader: inout RequestReader) throws {
        var configurations: [PreparedRun] = []
        var known: Set<RunConfiguration> = []
        for point in space.points() {
            var values = point
            values.fields[.seed] = space.seeds.first.map { String($0) }
            let run = try Self.read(values, with: &reader)
            if known.insert(run.configuration).inserted { configurations.append(run) }
        }
        // A stream takes all seeds between two that it takes.
        for seed in Set([space.seeds.min(), space.seeds.max()].compactMap { $0 }).sorted() {
            for run in configurations { _ = try reader.read(run, again: seed) }
        }
        self.space = space
        self.configurations = configurations
    }

    package var runCount: Int { configurations.count * space.seeds.count }

    /// As many as the rows that are written, unless a run ends before its last step; `Int.max` where there are more.
    package var stepCount: Int {
        configurations.reduce(0) { sum, run in
            let (steps, tooMany) = run.configuration.steps.multipliedReportingOverflow(by: space.seeds.count)
            let (total, overflow) = sum.addingReportingOverflow(steps)
            return tooMany || overflow ? .max : total
        }
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
