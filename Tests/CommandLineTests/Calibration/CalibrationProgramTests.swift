import Foundation
import TestSimulations
import TestSupport
import Testing

@testable import Statistics

/// Simulated experiments through the program (long tier): 20 cases of each kind of ``Statistics/Calibration``.
///
/// The numbers of a case are put into a notebook, and what `gradbook judge` and `gradbook report` print of it must be what
/// the rules say of the numbers themselves: the verdict, p alone and corrected, the effect, its interval, the pairs, the
/// chosen configurations, the seeds of a plan, the unstable runs. So the figures that ``Statistics/CalibrationTests``
/// measures over many more cases are the program's, too.
@Suite(.enabled(if: TestTier.isLong))
struct CalibrationProgramTests {
    private static let ratio = Measure(scale: .ratio)

    /// Three standard errors of a share.
    private static func slack(_ share: Double, _ count: Int) -> Double {
        3 * (share * (1 - share) / Double(count)).squareRoot()
    }

    // MARK: - Verdicts where nothing differs

    @Test
    func `the program says of equal arms what the rules say, and rarely that one is better`() async throws {
        // The longest first.
        let kinds = Calibration.falseFindings.enumerated().sorted { $0.1.configurations > $1.1.configurations }
        let found = try await withThrowingTaskGroup(of: (cases: Int, better: Int).self) { group in
            for (index, kind) in kinds {
                group.addTask { try EqualArms(kind, seed: UInt64(100_000 + 1000 * index)).run() }
            }
            return try await group.reduce(into: (cases: 0, better: 0)) { sum, part in
                sum = (sum.cases + part.cases, sum.better + part.better)
            }
        }

        print("calibration | through the program, called better though equal | \(found.better) of \(found.cases)")
        #expect(found.cases == 20 * Calibration.falseFindings.count)
        #expect(Double(found.better) / Double(found.cases) <= 0.05 + Self.slack(0.05, found.cases))
    }

    // MARK: - Plans

    @Test
    func `the program plans the seeds that the rules plan, and the plans keep their promise`() throws {
        let (scatter, effect) = (0.3, 0.8)
        let fewest = try #require((10...30).first { power($0, scatter: scatter, effect: effect) >= 0.775 })
        let notebook = try SimulatedNotebook()
        // A plan depends on how the differences scatter, so equal arms, which leave most cases undecided, are as good.
        var cases: [(name: String, arms: [Arm])] = []
        for seeds in [8, 12, 20] {
            var simulation = Simulation(seed: UInt64(seeds))
            simulation.own = scatter / 2.0.squareRoot()
            cases += (1...20).map { ("plan-\(seeds)-\($0)", simulation.arms(seeds: seeds)) }
        }
        for (name, arms) in cases { try notebook.addSweep(name, SimulatedNotebook.configurations(arms)) }
        try notebook.close()

        var (planned, kept) = (0, 0)
        for (name, arms) in cases {
            let rules = PairComparison.corrected([PairComparison(arms[0], arms[1], Self.ratio)])[0]
            let pair = try #require(try notebook.scratch.judge(EqualArms.names(of: name, 2)).first)
            let said = pair["plan"] as? [String: Any]
            guard rules.verdict == .undecided(.notBeyondChance) else {
                #expect(said == nil, "\(name)")
                continue
            }
            let plan = SeedPlan(differences: rules.differences, effect: effect, Self.ratio, alpha: 0.05)
            #expect(said?["effect"] as? Double == effect && said?["seeds"] as? Int == plan.seeds, "\(name)")
            planned += 1
            if plan.seeds ?? .max >= fewest { kept += 1 }
        }

        print("calibration | through the program, plans that kept their promise | \(kept) of \(planned)")
        #expect(planned >= 50)
        #expect(Double(kept) / Double(planned) >= 0.75 - Self.slack(0.75, planned))
    }

    /// How often so many seeds find an effect.
    private func power(_ seeds: Int, scatter: Double, effect: Double) -> Double {
        var draws = Draws(seed: UInt64(seeds))
        let found = (0..<1000).count { _ in
            let test = SignFlipTest((0..<seeds).map { _ in log(effect) + scatter * draws.normal() })
            return test.p <= 0.05 && exp(test.estimate) < Measure.negligibleRatio.low
        }
        return Double(found) / 1000
    }

    // MARK: - Curves

    @Test
    func `the program calls those noisy curves unstable that the rules call so`() throws {
        let notebook = try SimulatedNotebook()
        var expected: [(name: String, seeds: [Int])] = []
        for noise in [0.1, 0.2, 0.3] {
            for steps in [20, 100, 1000] {
                let name = "noise-\(Int(10 * noise))-\(steps)"
                var draws = Draws(seed: UInt64(steps))
                // High enough that the best constant answer is no better.
                let losses = (1...20).map { _ in draws.stationaryLosses(steps, noise: noise).map { 1000 * $0 } }
                try notebook.addSweep(name, losses: losses)
                let unstable = losses.indices.filter { index in
                    Instability.isUnstable(
                        lateLosses: losses[index].suffix(Instability.lateCount(of: steps)),
                        initialLoss: losses[index][0], constantLoss: nil)
                }
                expected.append((name, unstable.map { $0 + 1 }))
            }
        }
        try notebook.close()

        for (name, seeds) in expected {
            let listed = try notebook.scratch.gradbook(
                "runs", "sweep=\(name) unstable=yes", "--columns", "seed", "--format", "csv")
            #expect(listed.exitCode == 0, "\(listed.error)")
            let listedSeeds = listed.output.split(separator: "\n").dropFirst().compactMap { Int($0) }.sorted()
            #expect(listedSeeds == seeds, "\(name)")
            let summary = try notebook.scratch.report(name)("summary")
            #expect(try #require(summary.first)["n_unstable"] == "\(seeds.count)", "\(name)")
        }
        let (count, cases) = (expected.map(\.seeds.count).reduce(0, +), 20 * expected.count)
        print("calibration | through the program, called unstable though stationary | \(count) of \(cases)")
        #expect(Double(count) / Double(cases) <= 0.03 + Self.slack(0.03, cases))
    }

    @Test
    func `the program names the faster of two arms near the floor as the rules do`() throws {
        let notebook = try SimulatedNotebook()
        var draws = Draws(seed: 61)
        // Every third of the 60.
        let cases = NearFloorCase.all.enumerated().filter { $0.offset.isMultiple(of: 3) }.map(\.element)
        var expected: [PairComparison] = []
        for (index, pair) in cases.enumerated() {
            let paths = pair.descents.map { descent in
                (0..<20).map { _ in descent.places(NearFloorCase.steps + 1, &draws) }
            }
            try notebook.addSweep("near-\(index)", paths: paths)
            let arms = paths.map { paths in
                Arm(
                    paths.map { path in
                        var time = HoldingTime()
                        for (step, place) in path.enumerated() {
                            time.append(
                                step: step, isMet: (place.0 * place.0 + place.1 * place.1) / 2 <= pair.target)
                        }
                        return time.held.map { Double(max(1, $0)) }
                    })
            }
            expected.append(PairComparison.corrected([PairComparison(arms[0], arms[1], Self.ratio)])[0])
        }
        try notebook.close()

        for (index, rules) in expected.enumerated() {
            let (name, target) = ("near-\(index)", "excess=\(cases[index].target)")
            let pair = try #require(
                try notebook.scratch.judge(
                    EqualArms.names(of: name, 2) + ["--by", "time", "--success", target]
                ).first)
            let judged = SaidComparison(pair).differences(from: rules)
            #expect(judged.isEmpty, "\(name), judge: \(judged)")
            let row = try #require(try notebook.scratch.report(name, ["--success", target])("pairwise").first)
            // A report names the better-looking arm first.
            guard row["a"] == SimulatedNotebook.optimizers[0] else {
                Issue.record("\(name): \(row["a"] ?? "") comes first")
                continue
            }
            let reported = SaidComparison(row).differences(from: rules)
            #expect(reported.isEmpty, "\(name), report: \(reported)")
        }
        let named = expected.count { $0.verdict == .firstIsBetter }
        print("calibration | through the program, faster arm named near the floor | \(named) of \(expected.count)")
        #expect(expected.count == 20 && named >= 19)
    }
}
