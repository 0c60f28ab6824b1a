import Learning
import TextFormats

/// What a sweep is going to do, before any of its runs is laid out: every configuration once, to be repeated on every
/// seed.
package struct ExpandedSweep: Sendable {
    package let space: SearchSpace
    /// In the order of the space, on its first seed.
    package let configurations: [PreparedRun]
    /// The rungs in which they are trained, where the search is halving.
    package let halving: Halving?

    /// - Throws: a sentence for the first configuration, or seed, that cannot be run.
    package init(_ space: SearchSpace) throws {
        var parser = SettingsParser(seedOption: "seeds")
        try self.init(space, with: &parser)
    }

    init(_ space: SearchSpace, with parser: inout SettingsParser) throws {
        var configurations: [PreparedRun] = []
        var known: Set<RunConfiguration> = []
        for point in space.points() {
            var values = point
            values.fields[.seed] = space.seeds.first.map { String($0) }
            let run = try Self.parse(values, of: space, with: &parser)
            if known.insert(run.configuration).inserted { configurations.append(run) }
        }
        // A stream takes all seeds between two that it takes.
        for seed in Set([space.seeds.min(), space.seeds.max()].compactMap { $0 }).sorted() {
            for run in configurations { _ = try parser.parse(run, again: seed) }
        }
        self.space = space
        self.configurations = configurations
        halving = try Self.halving(space.search, of: configurations)
    }

    /// At most, where the search is halving: a rung may have fewer configurations worth going on with.
    package var runCount: Int {
        (halving?.rungs.reduce(0) { $0 + $1.configurationCount } ?? configurations.count) * space.seeds.count
    }

    private static func halving(
        _ search: Search, of configurations: [PreparedRun]
    ) throws(ExperimentError) -> Halving? {
        guard let factor = search.factor, let steps = configurations.first?.configuration.steps else { return nil }
        guard let other = configurations.first(where: { $0.configuration.steps != steps }) else {
            return Halving(configurationCount: configurations.count, steps: steps, factor: factor)
        }
        throw ExperimentError(
            .invalidValue, about: "\(option: "search")",
            "halving compares runs after the same number of steps, and this sweep has some of \(steps) "
                + "and some of \(other.configuration.steps)",
            advice: "give one number of \(option: "steps")")
    }

    /// As many as the rows that are written, unless a run ends before its last step; `Int.max` where there are more.
    package var stepCount: Int {
        let blocks =
            halving?.rungs.map { [$0.steps, $0.configurationCount, space.seeds.count] }
            ?? configurations.map { [$0.configuration.steps, space.seeds.count] }
        return blocks.reduce(0) { sum, factors in
            let block = factors.reduce(1) { Self.limited($0.multipliedReportingOverflow(by: $1)) }
            return Self.limited(sum.addingReportingOverflow(block))
        }
    }

    private static func limited(_ result: (partialValue: Int, overflow: Bool)) -> Int {
        result.overflow ? .max : result.partialValue
    }

    private static func parse(
        _ values: RawSettings, of space: SearchSpace, with parser: inout SettingsParser
    ) throws -> PreparedRun {
        do {
            return try parser.parse(values)
        } catch let error as ExperimentError where error.code == .unknownSetting && space.variesOptimizer {
            throw ExperimentError(
                .invalidValue,
                error.text,
                advice: "in a sweep over optimizers add a condition, as in \(option: "set") 'momentum=0,0.9 if "
                    + "optimizer=sgd'")
        }
    }
}
