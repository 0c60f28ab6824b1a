import Foundation
import TestSupport
import Testing

@testable import Reports
@testable import Statistics

/// What intervals and verdicts do where the truth is known, over a thousand simulated experiments (long tier).
@Suite(.enabled(if: TestTier.isLong))
struct NullExperiments {
    private static let experiments = 1000

    /// Uniform numbers that any machine draws alike.
    private struct Draws {
        private var bits: SplitMix

        init(seed: UInt64) {
            bits = SplitMix(seed: seed)
        }

        mutating func next() -> Double {
            (Double(bits.next() >> 11) + 0.5) * 0x1p-53
        }

        mutating func normal() -> Double {
            (-2 * log(next())).squareRoot() * cos(2 * Double.pi * next())
        }
    }

    @Test(arguments: [6, 8, 10, 20])
    func `the exact interval of a median covers it as often as it says`(count: Int) throws {
        var draws = Draws(seed: UInt64(count))
        var covered = 0
        var stated = 0.0
        for _ in 0..<Self.experiments {
            // Exponential values: the median is ln 2.
            let sample = OrderStatistics((0..<count).map { _ in -log(draws.next()) })
            let interval = try #require(sample.medianInterval())
            stated = interval.coverage
            if (interval.low...interval.high).contains(log(2.0)) { covered += 1 }
        }

        let rate = Double(covered) / Double(Self.experiments)
        #expect(stated >= 0.95)
        #expect(abs(rate - stated) < 4 * (stated * (1 - stated) / Double(Self.experiments)).squareRoot())
    }

    @Test(arguments: [(2, 6), (2, 12), (4, 10)])
    func `arms that do not differ are called different in at most 5 of 100 experiments`(arms: Int, seeds: Int) throws {
        var draws = Draws(seed: UInt64(100 * arms + seeds))
        var findings = 0
        for _ in 0..<Self.experiments {
            let pairs = (0..<arms).flatMap { first in ((first + 1)..<arms).map { (first, $0) } }
            // A seed shifts all arms, and every arm scatters by itself.
            let values = (0..<seeds).map { _ in
                let shift = draws.normal()
                return (0..<arms).map { _ in shift + 0.5 * draws.normal() }
            }
            let p = pairs.map { pair in
                SignFlipTest(values.map { $0[pair.0] - $0[pair.1] }).p
            }
            if HolmCorrection.adjusted(p).contains(where: { $0 <= 0.05 }) { findings += 1 }
        }

        #expect(Double(findings) / Double(Self.experiments) <= 0.05 + 2 * (0.05 * 0.95 / 1000).squareRoot())
    }

    @Test
    func `whole comparisons of equal optimizers rarely name a winner`() throws {
        var draws = Draws(seed: 5)
        var winners = 0
        let experiments = 1000
        for _ in 0..<experiments {
            let notebook = try SampleNotebook()
            try notebook.addSweep(
                (1...8).flatMap { seed in
                    ["sgd", "adam"].map { name in
                        SampleRun(
                            optimizer: name, seed: seed, stepCount: 40, factor: 0.75 + 0.05 * draws.normal())
                    }
                })
            let data = try notebook.data()
            if try Comparison(data, options: ReportOptions()).pairs.contains(where: { $0.winner != nil }) {
                winners += 1
            }
        }

        #expect(Double(winners) / Double(experiments) <= 0.05)
    }
}
