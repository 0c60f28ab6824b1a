import Foundation
import TestSimulations
import Testing

@testable import Statistics

/// 20 experiments of one kind in which no arm is better, in a notebook and through the program.
struct EqualArms {
    private let kind: Calibration.FalseFinding
    private let seed: UInt64

    init(_ kind: Calibration.FalseFinding, seed: UInt64) {
        (self.kind, self.seed) = (kind, seed)
    }

    /// How many cases there are by number of seeds: few where they take long.
    ///
    /// An exact interval of 40 seeds takes seconds in a debug build, and 50 configurations of two optimizers on 40 seeds
    /// are 4000 runs: one case of these must do.
    private var counts: [Int: Int] {
        switch (kind.configurations, kind.failureRate) {
        case (50, 0): [6: 5, 8: 5, 10: 7, 20: 2, 40: 1]
        case (50, _): [6: 5, 8: 5, 10: 8, 20: 2, 40: 0]
        case _ where kind.arms > 2: [6: 5, 8: 5, 10: 5, 20: 4, 40: 1]
        default: isSlowInterval ? [6: 4, 8: 5, 10: 5, 20: 4, 40: 2] : [6: 4, 8: 4, 10: 4, 20: 4, 40: 4]
        }
    }

    /// Whether a case is reported, too, besides being judged: the first ones of each number of seeds.
    ///
    /// From ten seeds on a report resamples every configuration, which in a debug build takes half a second and more for
    /// each: all cases below, of few configurations some of each number, and of 50 one with a choice on other seeds.
    private func isReported(_ number: Int, seeds: Int) -> Bool {
        switch (kind.configurations, kind.arms) {
        case _ where seeds < 10: true
        case (1, 2): number <= 2
        case (1, _): number == 1
        case (10, _): number == 1 && seeds <= 20
        default: number == 1 && seeds == 10 && kind.failureRate == 0
        }
    }

    private var isSlowInterval: Bool { kind.isPaired && kind.failureRate == 0 && kind.configurations == 1 }

    /// The arms of a sweep of so many optimizers, as `gradbook judge` takes them.
    static func names(of sweep: String, _ count: Int) -> [String] {
        SimulatedNotebook.optimizers.prefix(count).map { "\(sweep):optimizer=\($0)" }
    }

    /// Compares what the program says of each case with what the rules say; how many cases there were, and in how many
    /// one arm was called better.
    func run() throws -> (cases: Int, better: Int) {
        let notebook = try SimulatedNotebook()
        var cases: [Case] = []
        for seeds in Calibration.seeds {
            var simulation = Simulation(seed: seed + UInt64(seeds))
            simulation.failureRate = kind.failureRate
            let ratios = [Double](repeating: 1, count: kind.arms * kind.configurations)
            for number in 1..<1 + (counts[seeds] ?? 0) {
                let arms = simulation.arms(seeds: seeds, ratios: ratios, isPaired: kind.isPaired)
                let configurations = SimulatedNotebook.configurations(arms, each: kind.configurations)
                cases.append(
                    Case(
                        name: "equal-\(seeds)-\(number)", seeds: seeds, configurations: configurations,
                        isReported: isReported(number, seeds: seeds)))
            }
        }
        for one in cases { try notebook.addSweep(one.name, one.configurations) }
        try notebook.close()
        let better = try cases.count { try isBetter($0, notebook.scratch) }
        print(
            "calibration | through the program, called better though equal, \(description) | \(better) of \(cases.count)"
        )
        return (cases.count, better)
    }

    // MARK: - Internals

    private var description: String {
        "\(kind.isPaired ? "paired" : "unpaired"), \(kind.arms) arms, best of \(kind.configurations), "
            + "\(Int(100 * kind.failureRate)) % failures"
    }

    private struct Case {
        let name: String
        let seeds: Int
        let configurations: [SimulatedNotebook.Configuration]
        let isReported: Bool
    }

    /// Whether the program calls an arm better, after comparing with the rules all that it says.
    private func isBetter(_ one: Case, _ scratch: Scratch) throws -> Bool {
        let name = one.name
        let chosen = chosen(one.configurations, seeds: one.seeds)
        let arms = chosen.arms
        let expected = PairComparison.corrected(arms.dropFirst().map { compare(arms[0], $0, chosen) })
        let judged = try scratch.judge(Self.names(of: name, arms.count))
        #expect(judged.count == expected.count)
        for (index, (said, rules)) in zip(judged, expected).enumerated() {
            let wrong = SaidComparison(said).differences(from: rules)
            #expect(wrong.isEmpty, "\(description), \(name), judge, pair \(index): \(wrong)")
            let ids = [said["first"], said["second"]].map { ($0 as? [String: Any])?["group_ids"] as? [String] }
            #expect(
                ids == [[arms[0].groupID(in: name)], [arms[index + 1].groupID(in: name)]], "\(description), \(name)")
        }
        let all = one.isReported ? try reported(one, chosen, scratch) : expected
        return all.contains { $0.verdict == .firstIsBetter || $0.verdict == .secondIsBetter }
    }

    private func compare(
        _ first: SimulatedNotebook.Configuration, _ second: SimulatedNotebook.Configuration, _ chosen: Chosen
    ) -> PairComparison {
        PairComparison(
            chosen.compared(first.arm), chosen.compared(second.arm), Measure(scale: .ratio),
            PairComparison.Rules(isOptimistic: kind.configurations > 1 && chosen.choosing.isEmpty))
    }

    /// All pairs of a report by the rules, after comparing with them what it says.
    private func reported(_ one: Case, _ chosen: Chosen, _ scratch: Scratch) throws -> [PairComparison] {
        let (name, arms) = (one.name, chosen.arms)
        // Ten slow intervals are too many.
        let isOneAgainstAll = isSlowInterval && kind.arms > 2 && one.seeds == 40
        let tables = try scratch.report(name, isOneAgainstAll ? ["--baseline", arms[0].optimizer] : [])
        let rows = try tables("pairwise")
        let names = Dictionary(uniqueKeysWithValues: arms.map { ($0.optimizer, $0) })
        let pairs = try rows.map { row in
            let (first, second) = try (#require(names[row["a"] ?? ""]), #require(names[row["b"] ?? ""]))
            return compare(first, second, chosen)
        }
        #expect(pairs.count == (isOneAgainstAll ? arms.count - 1 : arms.count * (arms.count - 1) / 2))
        let corrected = PairComparison.corrected(pairs)
        for (row, rules) in zip(rows, corrected) {
            let wrong = SaidComparison(row).differences(from: rules)
            #expect(wrong.isEmpty, "\(description), \(name), report, \(row["a"] ?? "") / \(row["b"] ?? ""): \(wrong)")
        }
        // What is compared stands before all others.
        var known: Set<String> = []
        let shown = try tables("summary").compactMap { $0["group_id"] }.filter { known.insert($0).inserted }
        #expect(
            Set(shown.prefix(arms.count)) == Set(arms.map { $0.groupID(in: name) }), "\(description), \(name), report")
        return corrected
    }

    /// The configuration of each optimizer that is compared, and the seeds that chose it.
    private func chosen(_ configurations: [SimulatedNotebook.Configuration], seeds: Int) -> Chosen {
        guard kind.configurations > 1 else { return Chosen(arms: configurations, choosing: []) }
        let choosing = ConfigurationChoice.choosingSeeds(of: 1...Int64(seeds)) ?? []
        let score = { (arm: Arm) in
            let part = arm.replicates.filter { choosing.isEmpty || choosing.contains($0.seed) }
            return ConfigurationChoice.Score(part.map(\.outcome), Measure(scale: .ratio))
        }
        let best = SimulatedNotebook.optimizers.prefix(kind.arms).compactMap { name in
            configurations.filter { $0.optimizer == name }.min { score($0.arm) < score($1.arm) }
        }
        return Chosen(arms: best, choosing: choosing)
    }

    private struct Chosen {
        let arms: [SimulatedNotebook.Configuration]
        /// Empty where nothing was chosen on seeds of its own.
        let choosing: Set<Int64>

        func compared(_ arm: Arm) -> Arm { Arm(arm.replicates.filter { !choosing.contains($0.seed) }) }
    }
}

extension SimulatedNotebook {
    /// Arms as configurations of one optimizer after another, so many each.
    static func configurations(_ arms: [Arm], each count: Int = 1) -> [Configuration] {
        arms.enumerated().map { index, arm in
            Configuration(
                optimizer: optimizers[index / count], learningRate: 0.001 * Double(index % count + 1), arm: arm)
        }
    }
}
