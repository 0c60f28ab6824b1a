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

    /// How many cases there are by number of seeds: where 40 take long, one.
    ///
    /// An exact interval of 40 pairs takes seconds in a debug build, and 50 configurations of two optimizers on 40 seeds
    /// are 4000 runs.
    private var counts: [Int: Int] {
        let isSlow = kind.configurations == 50 || isSlowInterval && kind.arms > 2
        return isSlow
            ? [6: 5, 8: 5, 10: 5, 20: 4, 40: 1]
            : isSlowInterval ? [6: 4, 8: 5, 10: 5, 20: 4, 40: 2] : [6: 4, 8: 4, 10: 4, 20: 4, 40: 4]
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
        var cases: [(name: String, seeds: Int, configurations: [SimulatedNotebook.Configuration])] = []
        for seeds in Calibration.seeds {
            var simulation = Simulation(seed: seed + UInt64(seeds))
            simulation.failureRate = kind.failureRate
            let ratios = [Double](repeating: 1, count: kind.arms * kind.configurations)
            for number in 1...(counts[seeds] ?? 1) {
                let arms = simulation.arms(seeds: seeds, ratios: ratios, isPaired: kind.isPaired)
                let configurations = SimulatedNotebook.configurations(arms, each: kind.configurations)
                cases.append(("equal-\(seeds)-\(number)", seeds, configurations))
            }
        }
        for (name, _, configurations) in cases { try notebook.addSweep(name, configurations) }
        try notebook.close()
        let better = try cases.count { try isBetter($0.name, seeds: $0.seeds, $0.configurations, notebook.scratch) }
        return (cases.count, better)
    }

    // MARK: - Internals

    private var description: String {
        "\(kind.isPaired ? "paired" : "unpaired"), \(kind.arms) arms, best of \(kind.configurations), "
            + "\(Int(100 * kind.failureRate)) % failures"
    }

    private func isBetter(
        _ name: String, seeds: Int, _ configurations: [SimulatedNotebook.Configuration], _ scratch: Scratch
    ) throws -> Bool {
        let chosen = chosen(configurations, seeds: seeds)
        let rules = PairComparison.Rules(isOptimistic: kind.configurations > 1 && chosen.choosing.isEmpty)
        let compare = { (first: SimulatedNotebook.Configuration, second: SimulatedNotebook.Configuration) in
            PairComparison(
                chosen.compared(first.arm), chosen.compared(second.arm), Measure(scale: .ratio), rules)
        }
        let arms = chosen.arms
        let expected = PairComparison.corrected(arms.dropFirst().map { compare(arms[0], $0) })
        let judged = try scratch.judge(Self.names(of: name, arms.count))
        #expect(judged.count == expected.count)
        for (index, (said, rules)) in zip(judged, expected).enumerated() {
            let wrong = SaidComparison(said).differences(from: rules)
            #expect(wrong.isEmpty, "\(description), \(name), judge, pair \(index): \(wrong)")
            let ids = [said["first"], said["second"]].map { ($0 as? [String: Any])?["group_ids"] as? [String] }
            #expect(
                ids == [[arms[0].groupID(in: name)], [arms[index + 1].groupID(in: name)]], "\(description), \(name)")
        }
        // Ten slow intervals are too many.
        let isOneAgainstAll = isSlowInterval && kind.arms > 2 && seeds == 40
        let tables = try scratch.report(name, isOneAgainstAll ? ["--baseline", arms[0].optimizer] : [])
        let rows = try tables("pairwise")
        let names = Dictionary(uniqueKeysWithValues: arms.map { ($0.optimizer, $0) })
        let pairs = try rows.map { row in
            let (first, second) = try (#require(names[row["a"] ?? ""]), #require(names[row["b"] ?? ""]))
            return compare(first, second)
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
        return corrected.contains { $0.verdict == .firstIsBetter || $0.verdict == .secondIsBetter }
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
