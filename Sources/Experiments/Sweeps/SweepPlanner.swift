import Learning
import TextFormats

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

    /// `recorded` are data files that need not be read again.
    ///
    /// - Throws: a sentence for the first configuration that cannot be run; nothing is planned then.
    package static func plan(_ space: SearchSpace, on recorded: RecordedFiles? = nil) throws -> Plan {
        try plan(ExpandedSweep(space, on: recorded))
    }

    /// The runs of an expanded sweep; of halving those of the first rung.
    package static func plan(_ sweep: ExpandedSweep) throws -> Plan {
        // Another seed reads no file.
        var parser = SettingsParser(seedOption: "seeds")
        var configurations = sweep.configurations
        let budget = configurations.map(\.configuration.steps).max()
        if let rung = sweep.halving?.rungs.first {
            for index in configurations.indices { configurations[index].configuration.steps = rung.steps }
        }
        var runs = configurations
        for seed in sweep.space.seeds.dropFirst() {
            for run in configurations { runs.append(try parser.parse(run, again: seed)) }
        }
        return Plan(space: sweep.space, runs: runs, configurationCount: configurations.count, budgetSteps: budget)
    }
}

/// What a sweep is going to do, before any of its runs is laid out: every configuration once, to be repeated on every
/// seed.
package struct ExpandedSweep: Sendable {
    package let space: SearchSpace
    /// In the order of the space, on its first seed.
    package let configurations: [PreparedRun]
    /// The point that each configuration comes from, the first where several give the same one.
    package let points: [RawSettings]
    /// The rungs in which they are trained, where the search is halving.
    package let halving: Halving?

    /// - Throws: a sentence for the first configuration, or seed, that cannot be run.
    package init(_ space: SearchSpace, on recorded: RecordedFiles? = nil) throws {
        var parser = SettingsParser(seedOption: "seeds", recorded: recorded)
        try self.init(space, with: &parser)
    }

    init(_ space: SearchSpace, with parser: inout SettingsParser) throws {
        var configurations: [PreparedRun] = []
        var points: [RawSettings] = []
        var known: Set<RunConfiguration> = []
        for point in space.points() {
            var values = point
            values.fields[.seed] = space.seeds.first.map { String($0) }
            let run = try Self.parse(values, of: space, with: &parser)
            guard known.insert(run.configuration).inserted else { continue }
            configurations.append(run)
            points.append(point)
        }
        // A stream takes all seeds between two that it takes.
        for seed in Set([space.seeds.min(), space.seeds.max()].compactMap { $0 }).sorted() {
            for run in configurations { _ = try parser.parse(run, again: seed) }
        }
        self.space = space
        self.configurations = configurations
        self.points = points
        halving = try Self.halving(space.search, of: configurations)
    }

    /// At most, where the search is halving: a rung may have fewer configurations worth promoting.
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
                .invalidValue, about: error.subject, error.advice.map { "\(error.message); \($0)" } ?? error.message,
                advice: "in a sweep over optimizers add a condition, as in \(option: "set") 'momentum=0,0.9 if "
                    + "optimizer=sgd'")
        }
    }
}

/// What a sweep will take, from its size and a short measurement of its steps.
package struct SweepEstimate: Sendable {
    /// Bytes that a step's row, and a run with all that belongs to it, take in the notebook.
    private static let bytesPerStep = 75.0
    private static let bytesPerRun = 1_400.0
    /// Seconds that writing them takes, on one thread however many train.
    private static let secondsPerRow = 0.9e-6
    private static let secondsPerRun = 2e-4

    /// Nanoseconds of a single measurement, and its most steps.
    private static let patience = 5_000_000
    private static let longestMeasurement = 2_000

    package let bytes: Double
    /// With the workers asked for.
    package let seconds: Double

    /// Trains a few steps of each optimizer's first, middle and last configuration, and stores nothing.
    ///
    /// `clock` gives nanoseconds since some fixed moment.
    package init(_ sweep: ExpandedSweep, workers: Int, clock: () -> Int) throws {
        let training = try Self.nanosecondsPerStep(of: sweep.configurations, clock: clock) * 1e-9
        let (steps, runs) = (Double(sweep.stepCount), Double(sweep.runCount))
        bytes = Self.bytes(stepCount: sweep.stepCount, runCount: sweep.runCount)
        seconds =
            max(steps * training / Double(max(1, workers)), steps * Self.secondsPerRow) + runs * Self.secondsPerRun
    }

    /// What so many runs take in the notebook.
    package static func bytes(stepCount: Int, runCount: Int) -> Double {
        Double(stepCount) * bytesPerStep + Double(runCount) * bytesPerRun
    }

    /// What one step of all configurations costs on average; that of one optimizer may cost a thousand of another's.
    private static func nanosecondsPerStep(of configurations: [PreparedRun], clock: () -> Int) throws -> Double {
        let names = configurations.map(\.configuration.optimizer.name)
        let groups = Dictionary(grouping: configurations) { $0.configuration.optimizer.name }
        var (steps, elapsed) = (0.0, 0.0)
        for group in names.withoutRepeats().compactMap({ groups[$0] }) {
            let places = Set([0, group.count / 2, group.count - 1])
            let costs = try places.sorted().map { try nanoseconds(of: group[$0], clock: clock) }
            let groupSteps = group.reduce(0) { $0 + Double($1.configuration.steps) }
            steps += groupSteps
            elapsed += groupSteps * costs.reduce(0, +) / Double(costs.count)
        }
        return elapsed / max(1, steps)
    }

    /// What one step of a run costs on average.
    private static func nanoseconds(of run: PreparedRun, clock: () -> Int) throws -> Double {
        var training = try Trainer(run.configuration, data: run.data)
        let began = clock()
        var (steps, elapsed) = (0, 0)
        var numbers: [Double] = []
        while steps < longestMeasurement, elapsed < patience, try training.next(into: &numbers) != nil {
            numbers.removeAll(keepingCapacity: true)
            steps += 1
            elapsed = clock() - began
        }
        return Double(elapsed) / Double(max(1, steps))
    }
}
