import Learning

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
    package init(_ outline: ExpandedSweep, workers: Int, clock: () -> Int) throws {
        let training = try Self.nanosecondsPerStep(of: outline.configurations, clock: clock) * 1e-9
        let (steps, runs) = (Double(outline.stepCount), Double(outline.runCount))
        bytes = Self.bytes(stepCount: outline.stepCount, runCount: outline.runCount)
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
