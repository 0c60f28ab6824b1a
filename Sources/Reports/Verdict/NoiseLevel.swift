import Statistics
import Theory
import Tracking

/// The excess around which the runs of one configuration scatter in the end, and how near to it a target may be.
enum NoiseLevel {
    /// Below so many noise floors luck decides who holds a target.
    static let rankingLimit = 2.0
    /// Below so many a reader should know.
    static let warningLimit = 10.0

    /// By theory for plain descent on independent batches, else where at least half of `count` runs like `run` had settled;
    /// nil where neither says anything.
    ///
    /// `settled` are the excesses of those that had; they are asked for only where theory says nothing.
    static func of(
        _ run: Run, by method: Method, on objective: Objective?, count: Int, settled: () throws -> [Double]
    ) rethrows -> Double? {
        guard !method.isFullBatch else { return nil }
        if method.isPlainDescent, method.momentum == 0, method.drawsIndependently, let objective,
            let floor = NoiseFloor(on: objective, learningRate: run.plan.learningRate, batchSize: run.plan.batchSize)
        {
            return floor.excess
        }
        let excesses = try settled()
        return 2 * excesses.count >= count ? OrderStatistics(excesses).median : nil
    }
}
