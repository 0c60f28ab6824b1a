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

    /// Trains a few steps of the first, a middle and the last configuration, and stores nothing.
    ///
    /// `clock` gives nanoseconds since some fixed moment.
    package init(_ outline: SweepOutline, workers: Int, clock: () -> Int) throws {
        let configurations = outline.configurations
        let places = Set([0, configurations.count / 2, configurations.count - 1]).sorted()
        let costs = try places.map { try Self.nanoseconds(of: configurations[$0], clock: clock) }
        let training = costs.reduce(0, +) / Double(max(1, costs.count)) * 1e-9
        let (steps, runs) = (Double(outline.stepCount), Double(outline.runCount))
        bytes = Self.bytes(stepCount: outline.stepCount, runCount: outline.runCount)
        seconds =
            max(steps * training / Double(max(1, workers)), steps * Self.secondsPerRow) + runs * Self.secondsPerRun
    }

    /// What so many runs take in the notebook.
    package static func bytes(stepCount: Int, runCount: Int) -> Double {
        Double(stepCount) * bytesPerStep + Double(runCount) * bytesPerRun
    }

    /// What one step of a run costs on average.
    private static func nanoseconds(of run: PreparedRun, clock: () -> Int) throws -> Double {
        var training = try Training(run.configuration, data: run.data)
        let began = clock()
        var (steps, elapsed) = (0, 0)
        while steps < longestMeasurement, elapsed < patience, try training.next() != nil {
            steps += 1
            elapsed = clock() - began
        }
        return Double(elapsed) / Double(max(1, steps))
    }
}
