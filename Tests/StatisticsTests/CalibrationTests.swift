import Foundation
import TestSimulations
import TestSupport
import Testing

@testable import Statistics

/// What the rules do where the truth is known (long tier): prints a table, and holds ``Calibration`` to it.
@Suite(.enabled(if: TestTier.isLong))
struct CalibrationTests {
    private static let alpha = 0.05
    private static let ratio = Measure(scale: .ratio)

    private static func repetitions(_ seeds: Int) -> Int { seeds >= 40 ? 200 : 1000 }

    /// Three standard errors of a share.
    private static func slack(_ share: Double, _ repetitions: Int) -> Double {
        3 * (share * (1 - share) / Double(repetitions)).squareRoot()
    }

    private static func percent(_ share: Double) -> String {
        String(format: "%5.1f", 100 * share)
    }

    private static func row(_ name: String, _ shares: [(Int, Double)]) {
        print("calibration | \(name) | " + shares.map { "\($0.0): \(percent($0.1)) %" }.joined(separator: " | "))
    }

    /// Expects what is declared to be what was measured; another mathematics library may turn a case or two.
    private static func expect(_ share: Double, declared: Double?, _ name: String, _ repetitions: Int) {
        let isDeclared = abs((declared ?? .infinity) - share) <= 0.0005 + 2 / Double(repetitions)
        #expect(isDeclared, "\(name): \(share) measured, \(declared ?? .nan) declared")
    }

    // MARK: - Verdicts where nothing differs

    struct Equal: CustomTestStringConvertible {
        let isPaired: Bool
        let arms: Int
        let failureRate: Double

        var testDescription: String {
            "\(isPaired ? "paired" : "unpaired"), \(arms) arms, \(Int(100 * failureRate)) % failures"
        }

        static let all: [Equal] = [(2, true), (2, false), (5, true), (5, false)].flatMap { arms, isPaired in
            [0, 0.1, 0.25, 0.5].map { Equal(isPaired: isPaired, arms: arms, failureRate: $0) }
        }
    }

    /// Whether any of some equal arms is called better.
    private func isAnyBetter(_ arms: [Arm]) -> Bool {
        let pairs = arms.indices.flatMap { first in (first + 1..<arms.count).map { (arms[first], arms[$0]) } }
        // At forty pairs an interval takes a second: none is needed where no p is small enough.
        if arms[0].replicates.count >= 40, pairs[0].0.replicates[0].seed == pairs[0].1.replicates[0].seed,
            arms.allSatisfy({ $0.failureCount == 0 })
        {
            let p = pairs.map { pair in
                SignFlipTest(
                    zip(pair.0.replicates, pair.1.replicates).map {
                        Self.ratio.cost($0.outcome) - Self.ratio.cost($1.outcome)
                    }
                ).p
            }
            guard HolmCorrection.adjusted(p).contains(where: { $0 <= Self.alpha }) else { return false }
        }
        return PairComparison.corrected(pairs.map { PairComparison($0.0, $0.1, Self.ratio) })
            .contains { $0.verdict == .firstIsBetter || $0.verdict == .secondIsBetter }
    }

    @Test(arguments: Equal.all)
    func `of equal arms one is called better in at most 5 of 100 experiments`(equal: Equal) {
        var shares: [(Int, Double)] = []
        for seeds in Calibration.seeds {
            var simulation = Simulation(seed: UInt64(seeds))
            simulation.failureRate = equal.failureRate
            // Two paired arms are quick at forty seeds, too. These draws happen to reject 19 times in the first 200, and
            // Student's t on them just as often.
            let repetitions = equal.isPaired && equal.arms == 2 ? 1000 : Self.repetitions(seeds)
            let found = (0..<repetitions).count { _ in
                isAnyBetter(
                    simulation.arms(
                        seeds: seeds, ratios: [Double](repeating: 1, count: equal.arms), isPaired: equal.isPaired))
            }
            let share = Double(found) / Double(repetitions)
            shares.append((seeds, share))
            #expect(share <= 0.05 + Self.slack(0.05, repetitions), "\(seeds) seeds")
            let declared = Calibration.falseFindings.first {
                $0.configurations == 1 && $0.arms == equal.arms && $0.isPaired == equal.isPaired
                    && $0.failureRate == equal.failureRate
            }
            Self.expect(share, declared: declared?.shares[seeds], "\(equal.testDescription), \(seeds)", repetitions)
        }
        Self.row("called better though equal, \(equal.testDescription)", shares)
    }

    @Test(arguments: [10, 50], [0, 0.1, 0.25, 0.5])
    func `chosen from many equal ones, one is called better in at most 6 of 100`(
        configurations: Int, failureRate: Double
    ) {
        var shares: [(Int, Double)] = []
        for seeds in Calibration.seeds {
            var simulation = Simulation(seed: UInt64(100 + seeds))
            simulation.failureRate = failureRate
            let repetitions = Self.repetitions(seeds)
            let found = (0..<repetitions).count { _ in isChosenBetter(&simulation, configurations, seeds) }
            let share = Double(found) / Double(repetitions)
            shares.append((seeds, share))
            #expect(share <= 0.06 + Self.slack(0.06, repetitions), "\(seeds) seeds")
            let declared = Calibration.falseFindings.first {
                $0.configurations == configurations && $0.failureRate == failureRate
            }
            Self.expect(share, declared: declared?.shares[seeds], "\(configurations), \(seeds)", repetitions)
        }
        Self.row("called better, best of \(configurations), \(Int(100 * failureRate)) % failures", shares)
    }

    /// Two optimizers, each with so many configurations of which one is chosen.
    private func isChosenBetter(_ simulation: inout Simulation, _ configurations: Int, _ seeds: Int) -> Bool {
        let all = simulation.arms(seeds: seeds, ratios: [Double](repeating: 1, count: 2 * configurations))
        let choosing = ConfigurationChoice.choosingSeeds(of: (1...Int64(seeds))) ?? []
        let parts = { (arm: Arm, isChoosing: Bool) in
            arm.replicates.filter { choosing.isEmpty || choosing.contains($0.seed) == isChoosing }
        }
        let best = [all.prefix(configurations), all.suffix(configurations)].map { arms in
            arms.min { a, b in
                ConfigurationChoice.Score(parts(a, true).map(\.outcome), Self.ratio)
                    < ConfigurationChoice.Score(parts(b, true).map(\.outcome), Self.ratio)
            }.map { Arm(parts($0, false)) } ?? Arm([])
        }
        let rules = PairComparison.Rules(isOptimistic: choosing.isEmpty)
        let verdict = PairComparison(best[0], best[1], Self.ratio, rules).verdict
        return verdict == .firstIsBetter || verdict == .secondIsBetter
    }

    // MARK: - Intervals

    @Test(arguments: [(true, 0.0), (true, 0.25), (false, 0), (false, 0.25)])
    func `exact intervals cover the true ratio in at least 94.5 of 100 experiments`(isPaired: Bool, failureRate: Double)
    {
        var shares: [(Int, Double)] = []
        let name =
            "the \(failureRate == 0 ? "" : isPaired ? "median " : "")ratio, \(isPaired ? "paired" : "unpaired"), "
            + "\(Int(100 * failureRate)) % failures"
        for seeds in Calibration.seeds {
            var simulation = Simulation(seed: UInt64(200 + seeds))
            simulation.failureRate = failureRate
            let repetitions = Self.repetitions(seeds)
            let covered = (0..<repetitions).count { _ in
                // Failures as rare in both arms leave the median ratio where it is only for equal arms.
                let truth = failureRate == 0 ? 0.8 : 1
                let arms = simulation.arms(seeds: seeds, ratios: [truth, 1], isPaired: isPaired)
                return PairComparison(arms[0], arms[1], Self.ratio).interval?.contains(truth) ?? true
            }
            let share = Double(covered) / Double(repetitions)
            shares.append((seeds, share))
            #expect(share >= 0.945 - Self.slack(0.945, repetitions), "\(seeds) seeds")
        }
        Self.row("interval of \(name) covers", shares)
    }

    @Test
    func `exact intervals of a median cover it in at least 94.5 of 100 experiments`() throws {
        var shares: [(Int, Double)] = []
        for seeds in Calibration.seeds {
            var draws = Draws(seed: UInt64(seeds))
            let repetitions = Self.repetitions(seeds)
            let covered = try (0..<repetitions).count { _ in
                // Exponential values: the median is log 2.
                let interval = try #require(
                    OrderStatistics((0..<seeds).map { _ in -log(draws.uniform()) }).medianInterval())
                return interval.low <= log(2) && log(2) <= interval.high
            }
            let share = Double(covered) / Double(repetitions)
            shares.append((seeds, share))
            #expect(share >= 0.945 - Self.slack(0.945, repetitions), "\(seeds) seeds")
        }
        Self.row("interval of the median time covers", shares)
    }

    @Test(arguments: Calibration.Spread.all)
    func `approximate intervals cover as often as is declared`(spread: Calibration.Spread) throws {
        var shares: [(Int, Double)] = []
        let (median, budget) = (1000.0, 5000)
        for seeds in [10, 20, 40] {
            var draws = Draws(seed: UInt64(1000 * spread.sigma) + UInt64(seeds))
            let mean = median * exp(spread.sigma * spread.sigma / 2)
            let truth = mean + spread.failureRate / (1 - spread.failureRate) * Double(budget)
            var (said, covered) = (0, 0)
            while said < Self.repetitions(seeds) {
                let times = (0..<seeds).map { _ in
                    let time = Int((median * exp(spread.sigma * draws.normal())).rounded())
                    return RunningTime(reached: draws.isTrue(spread.failureRate) ? nil : time, budget: budget)
                }
                let interval: Interval? =
                    switch ExpectedRunningTime.precision(times, seed: UInt64(said)) {
                    case .ofSuccesses(_, let interval, _): spread.failureRate == 0 ? interval : nil
                    case .ofAll(let interval): interval
                    case nil: nil
                    }
                guard let interval else { continue }
                said += 1
                if interval.contains(truth) { covered += 1 }
            }
            let share = Double(covered) / Double(said)
            shares.append((seeds, share))
            // What was simulated before the rules were written down.
            let bounds = spread.failureRate > 0 ? 0.91...1 : spread.sigma > 0.5 ? 0.89...0.94 : 0.92...0.97
            let slack = Self.slack(0.05, said)
            #expect(share >= bounds.lowerBound - 0.02 - slack && share <= bounds.upperBound + 0.02 + slack, "\(seeds)")
            let name = "spread \(spread), \(seeds)"
            Self.expect(share, declared: Calibration.coverage[spread]?[seeds], name, said)
        }
        Self.row(
            "approximate interval of the \(spread.failureRate == 0 ? "mean" : "expected") time covers, spread "
                + "\(spread.sigma), \(Int(100 * spread.failureRate)) % failures", shares)
    }

    @Test
    func `resampled intervals of an interquartile mean cover as often as is declared`() throws {
        var shares: [(Int, Double)] = []
        for seeds in [10, 20, 40] {
            var draws = Draws(seed: UInt64(seeds))
            let covered = try (0..<Self.repetitions(seeds)).count { experiment in
                let values = OrderStatistics((0..<seeds).map { _ in draws.normal() })
                return try #require(values.interquartileMeanInterval(seed: UInt64(experiment))).contains(0)
            }
            let share = Double(covered) / Double(Self.repetitions(seeds))
            shares.append((seeds, share))
            Self.expect(
                share, declared: Calibration.interquartileMeanCoverage[seeds], "\(seeds)", Self.repetitions(seeds))
        }
        Self.row("approximate interval of the interquartile mean covers", shares)
    }

    @Test(arguments: [true, false])
    func `intervals by draws cover as often as is declared`(isPaired: Bool) {
        let (seeds, repetitions) = (Calibration.drawnSeeds, 200)
        var simulation = Simulation(seed: UInt64(200 + seeds))
        let covered = (0..<repetitions).count { _ in
            let arms = simulation.arms(seeds: seeds, ratios: [0.8, 1], isPaired: isPaired)
            return PairComparison(arms[0], arms[1], Self.ratio).interval?.contains(0.8) ?? true
        }
        let share = Double(covered) / Double(repetitions)
        #expect(share >= 0.945 - Self.slack(0.945, repetitions))
        Self.expect(
            share, declared: Calibration.drawnCoverage[isPaired ? .signFlip : .rankSum], "drawn", repetitions)
        Self.row("interval of the ratio by draws covers, \(isPaired ? "paired" : "unpaired")", [(seeds, share)])
    }

    // MARK: - Plans

    @Test
    func `a plan keeps its promise in at least 75 of 100 studies`() throws {
        let (scatter, effect) = (0.3, 0.8)
        // The power that so many seeds really have; more have more.
        let power = (6...30).map { seeds in
            var draws = Draws(seed: UInt64(seeds))
            let found = (0..<2000).count { _ in
                let test = SignFlipTest((0..<seeds).map { _ in log(effect) + scatter * draws.normal() })
                return test.p <= Self.alpha && exp(test.estimate) < Measure.negligibleRatio.low
            }
            return Double(found) / 2000
        }
        #expect(try #require(power.last) > 0.9)
        var shares: [(Int, Double)] = []
        for seeds in [8, 12, 20] {
            var draws = Draws(seed: UInt64(seeds))
            let kept = (0..<300).count { _ in
                let pilot = (0..<seeds).map { _ in log(effect) + scatter * draws.normal() }
                let plan = SeedPlan(differences: pilot, effect: effect, Self.ratio, alpha: Self.alpha).seeds
                return plan.map { power[min($0, 30) - 6] >= 0.775 } ?? true
            }
            let share = Double(kept) / 300
            shares.append((seeds, share))
            #expect(share >= 0.75 - Self.slack(0.75, 300), "\(seeds) seeds")
            Self.expect(share, declared: Calibration.keptPlans[seeds], "plans from \(seeds)", 300)
        }
        Self.row("plans with a power of 77.5 % or more, by seeds of the pilot", shares)
    }

    // MARK: - Curves

    @Test
    func `noisy curves that stay where they began are called unstable in at most 3 of 100 cases`() {
        var highest = 0.0
        for noise in [0.1, 0.2, 0.3] {
            var shares: [(Int, Double)] = []
            for steps in [20, 100, 1000] {
                var draws = Draws(seed: UInt64(steps))
                let unstable = (0..<1000).count { _ in
                    let losses = draws.stationaryLosses(steps, noise: noise)
                    return Instability.isUnstable(
                        lateLosses: losses.suffix(Instability.lateCount(of: steps)), initialLoss: losses[0],
                        constantLoss: nil)
                }
                let share = Double(unstable) / 1000
                shares.append((steps, share))
                highest = max(highest, share)
                #expect(share <= 0.03 + Self.slack(0.03, 1000), "\(noise), \(steps) steps")
            }
            Self.row("called unstable though stationary, spread \(noise), by steps", shares)
        }
        Self.expect(highest, declared: Calibration.falselyUnstable, "unstable", 1000)
    }

    /// When a run of noisy descent holds the target of its case.
    private func heldTime(_ descent: NoisyDescent, target: Double, _ draws: inout Draws) -> Int? {
        var time = HoldingTime()
        for (step, place) in descent.places(NearFloorCase.steps, &draws).enumerated() {
            time.append(step: step, isMet: (place.0 * place.0 + place.1 * place.1) / 2 <= target)
        }
        return time.held
    }

    @Test
    func `the faster of two arms near the floor is named in at least 57 of 60 pairs`() {
        var named = 0
        var draws = Draws(seed: 60)
        for pair in NearFloorCase.all {
            let arms = pair.descents.map { descent in
                Arm(
                    (0..<20).map { _ in
                        heldTime(descent, target: pair.target, &draws).map { Double(max(1, $0)) }
                    })
            }
            let comparison = PairComparison(arms[0], arms[1], Self.ratio)
            if comparison.verdict == .firstIsBetter {
                named += 1
            } else {
                print("calibration | not named:", pair, comparison.verdict, arms[0].failureCount)
            }
        }
        print("calibration | faster arm named near the floor | \(named) of \(NearFloorCase.all.count)")
        #expect(NearFloorCase.all.count == 60 && named >= 57)
        #expect(named == Calibration.namedNearFloor)
    }
}
