import Foundation
import Testing

@testable import Statistics

/// The table of ``Calibration`` in the documentation, and what is computed of it; `RECORD_SNAPSHOTS=1` writes the table.
struct CalibrationTableTests {
    private static let article = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Statistics/Statistics.docc/Simulations.md").standardized

    @Test
    func `the documentation has every figure of the calibration`() throws {
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
            try Data(Self.text.utf8).write(to: Self.article)
        }

        #expect(try String(contentsOf: Self.article, encoding: .utf8) == Self.text, "RECORD_SNAPSHOTS=1 writes it")
    }

    @Test(arguments: Calibration.rateCoverage.keys.sorted())
    func `Wilson's interval covers a rate as often as is declared`(trials: Int) throws {
        let declared = try #require(Calibration.rateCoverage[trials])
        let intervals = (0...trials).map { WilsonInterval(successes: $0, trials: trials) }
        let shares = (1..<2000).map { step in
            let rate = Double(step) / 2000
            var (chance, covered) = (pow(1 - rate, Double(trials)), 0.0)
            for (successes, interval) in intervals.enumerated() {
                if interval.low <= rate, rate <= interval.high { covered += chance }
                chance *= Double(trials - successes) / Double(successes + 1) * rate / (1 - rate)
            }
            return covered
        }

        let mean = shares.reduce(0, +) / Double(shares.count)
        #expect(abs(mean - declared.mean) <= 0.0005 && abs((shares.min() ?? 0) - declared.lowest) <= 0.0005)
    }

    @Test
    func `what is quoted is the highest figure of its kind`() {
        #expect(Calibration.highestFalseShare(isPaired: true, arms: 2) == 0.064)
        #expect(Calibration.highestFalseShare(isPaired: false, arms: 5) == 0.055)
        #expect(Calibration.highestFalseShare(isPaired: true, arms: 2, isChosen: true) == 0.054)
        #expect(Calibration.highestFalseShare(isPaired: true, arms: 3) == nil)
        #expect(Calibration.timeCoverage(hasFailures: false) == Interval(low: 0.907, high: 0.98))
    }

    // MARK: - The article

    private static var text: String {
        """
        # What the rules do in simulations

        How often verdicts and intervals are wrong where the truth is known.

        ## Overview

        Values are log-normal: the logarithm has a deviation of 0.3 that a seed shares among the arms, and of 0.3 of each run's \
        own. A share is over 1000 simulated experiments, at 40 seeds over 200, but for two paired arms 1000. A share of 5 % has a \
        standard error of 0.7 % with 1000 experiments, and of 1.5 % with 200. The long tier of the tests measures all figures \
        again, and a test keeps this page equal to what reports quote.

        ### One of several equal arms is called better

        In percent of the experiments, by the number of seeds. Where a configuration is chosen, each of two arms is the best of \
        so many by a quarter of the seeds; below 9 seeds such arms are never called better.

        \(table(["arms", "failures"] + Calibration.seeds.map(String.init), falseFindings))

        ### Approximate intervals

        In how many percent of the experiments a 95 % interval holds the true value, by the number of seeds. Times are \
        log-normal with this deviation of their logarithm. The interval of the interquartile mean is of normal values, as the \
        logarithms of log-normal ones are.

        \(table(["interval", "10", "20", "40"], coverage))

        Beyond \(SignFlipTest.exactCount) seeds the intervals of a comparison are by draws: at \(Calibration.drawnSeeds) seeds \
        \(percent(Calibration.drawnCoverage[.signFlip])) % hold the true ratio on common seeds, \
        \(percent(Calibration.drawnCoverage[.rankSum])) % without (200 experiments).

        Wilson's interval of a rate, computed over all rates:

        \(table(["runs", "on average", "at the worst rate"], rates))

        ### Plans, unstable runs and times near the noise floor

        - Plans of the seeds that decide a ratio of 0.8 kept their promise, less 2.5 points of power, in \(plans) of 300 \
        studies each.
        - Of noisy curves that stay where they began at most \(percent(Calibration.falselyUnstable)) % were called unstable.
        - Of 60 pairs of arms near the noise floor the faster one was called better in \(Calibration.namedNearFloor).

        """
    }

    private static var falseFindings: [[String]] {
        Calibration.falseFindings.map { finding in
            let arms =
                finding.configurations > 1
                ? "2, best of \(finding.configurations)"
                : "\(finding.arms), \(finding.isPaired ? "common seeds" : "no common seed")"
            let failures = String(format: "%g", 100 * finding.failureRate)
            return [arms, failures] + Calibration.seeds.map { percent(finding.shares[$0]) }
        }
    }

    private static var coverage: [[String]] {
        let times = Calibration.Spread.all.map { spread -> [String] in
            let failures = String(format: "%g", 100 * spread.failureRate)
            let what = spread.failureRate == 0 ? "mean time" : "expected time, \(failures) % failures"
            return ["\(what), deviation \(spread.sigma)"]
                + [10, 20, 40].map { percent(Calibration.coverage[spread]?[$0]) }
        }
        let mean = [10, 20, 40].map { percent(Calibration.interquartileMeanCoverage[$0]) }
        return times + [["interquartile mean"] + mean]
    }

    private static var rates: [[String]] {
        Calibration.rateCoverage.sorted { $0.key < $1.key }.map {
            ["\($0.key)", percent($0.value.mean), percent($0.value.lowest)]
        }
    }

    private static var plans: String {
        Calibration.keptPlans.sorted { $0.key < $1.key }.map { "\(percent($0.value)) % from \($0.key) pilot seeds" }
            .joined(separator: ", ")
    }

    private static func percent(_ share: Double?) -> String { share.map { String(format: "%.1f", 100 * $0) } ?? "" }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        ([head, head.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
            .joined(separator: "\n")
    }
}
