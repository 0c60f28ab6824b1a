import TextFormats
import Tracking

/// One condition of a fair comparison, and whether the report's runs meet it.
struct FairnessCheck: Sendable, Equatable {
    let name: String
    let passes: Bool
    /// What was found.
    let finding: String

    /// All conditions, in the order in which a reader should doubt.
    static func all(_ data: ReportData, _ comparison: Comparison) -> [FairnessCheck] {
        [
            complete(data), unrepeated(data), problem(data), target(data), floors(comparison), steps(comparison),
            samples(comparison),
            effort(data),
            selection(comparison), edges(comparison), seeds(comparison), starts(comparison),
            program(data),
        ].compactMap(\.self)
    }

    private static func complete(_ data: ReportData) -> FairnessCheck {
        let missing = data.runs.count { !$0.hasResult }
        return FairnessCheck(
            name: "every planned run has a result", passes: missing == 0,
            finding: missing == 0
                ? "\(data.runs.count) of \(data.runs.count)" : "\(missing) of \(data.runs.count) have none")
    }

    private static func unrepeated(_ data: ReportData) -> FairnessCheck {
        let repeated = Completeness.duplicateCount(data.runs)
        return FairnessCheck(
            name: "no run repeats another", passes: repeated == 0,
            finding: repeated == 0 ? "all differ" : "\(repeated) repeated")
    }

    private static func problem(_ data: ReportData) -> FairnessCheck {
        let count = data.problems.count
        return FairnessCheck(
            name: "the same data, loss and number type for all", passes: count == 1,
            finding: count == 1 ? "one problem" : "\(count) different problems")
    }

    private static func target(_ data: ReportData) -> FairnessCheck {
        guard let planned = data.plannedTarget else {
            let source = data.sweep?.plan.target != nil ? "planned with the sweep" : "not stored before the runs"
            let isSettled = data.sweep?.plan.target != nil || data.target == .standard
            return FairnessCheck(
                name: "target settled before the runs", passes: isSettled,
                finding: data.target == .standard
                    ? "\(data.target.text), from the data alone" : "\(data.target.text), \(source)")
        }
        return FairnessCheck(
            name: "target settled before the runs", passes: false,
            finding: "planned \(planned), reported \(data.target.text)")
    }

    /// Nearer to the noise floor it is luck when a run holds the target; said only where that ranks the runs.
    private static func floors(_ comparison: Comparison) -> FairnessCheck? {
        guard comparison.measure.quantity == .time else { return nil }
        let near = comparison.arms.filter { $0.targetInFloors ?? .infinity < NoiseLevel.warningLimit }
        return FairnessCheck(
            name: "target at least ten noise floors high", passes: near.isEmpty,
            finding: near.isEmpty
                ? "no floor is near it"
                : near.map { arm in
                    "\(NumberText.rounded(arm.targetInFloors ?? 0, digits: 2)) floors of \(arm.name)"
                }.joined(separator: ", "))
    }

    private static func steps(_ comparison: Comparison) -> FairnessCheck {
        check("the same number of steps for all", comparison.arms.flatMap(\.runs).map { $0.run.plan.steps }) {
            String($0)
        }
    }

    /// Planned ones, but those of an optimizer that searches can only be counted.
    private static func samples(_ comparison: Comparison) -> FairnessCheck {
        let name = "the same number of sample gradients for all"
        let runs = comparison.arms.flatMap(\.runs)
        guard runs.contains(where: \.isSearching) else {
            return check(name, runs.compactMap(\.samplesPlanned)) { String($0) }
        }
        let counts = comparison.arms.map { arm in (arm.name, arm.runs.map(\.samplesPlanned)) }
        let findings = counts.map { name, counts in
            let known = counts.compactMap { $0 }
            guard known.count == counts.count, let least = known.min(), let most = known.max() else {
                return "\(name) unknown"
            }
            return least == most ? "\(name) \(least)" : "\(name) \(least) to \(most)"
        }
        let all = counts.flatMap(\.1)
        return FairnessCheck(
            name: name, passes: Set(all).count == 1 && !all.contains(nil), finding: findings.joined(separator: ", "))
    }

    private static func effort(_ data: ReportData) -> FairnessCheck {
        let counts = data.optimizers.map { ($0.name, data.triedCount($0.runs)) }
        return FairnessCheck(
            name: "the same number of configurations tried for each optimizer",
            passes: Set(counts.map(\.1)).count <= 1,
            finding: counts.map { "\($0) \($1)" }.joined(separator: ", "))
    }

    private static func selection(_ comparison: Comparison) -> FairnessCheck {
        let optimistic = comparison.arms.filter(\.isOptimistic)
        let seeds = comparison.choosingSeeds.sorted().map(String.init).joined(separator: ", ")
        return FairnessCheck(
            name: "configurations chosen on other seeds than reported", passes: optimistic.isEmpty,
            finding: optimistic.isEmpty
                ? comparison.choosingSeeds.isEmpty
                    ? "none was chosen"
                    : comparison.arms.contains { $0.choice == .onOtherSeeds }
                        ? "chosen on the seeds \(seeds)" : "none was chosen; the order is that on the seeds \(seeds)"
                : "optimistic (chosen on the same seeds): \(optimistic.map(\.name).joined(separator: ", "))")
    }

    private static func edges(_ comparison: Comparison) -> FairnessCheck {
        let edges = comparison.arms.filter(\.isAtEdge)
        return FairnessCheck(
            name: "best learning rates inside their grids", passes: edges.isEmpty,
            finding: edges.isEmpty
                ? "all inside, or one only"
                : "best at edge - widen the grid: "
                    + edges.map { arm in
                        let rates = arm.learningRates.map(NumberText.exact)
                        return "\(arm.name) at \(NumberText.exact(arm.group.best.run.plan.learningRate)) of "
                            + "\(rates.first ?? "") to \(rates.last ?? "")"
                    }.joined(separator: ", "))
    }

    private static func seeds(_ comparison: Comparison) -> FairnessCheck {
        let identical = comparison.arms.filter { $0.statistics.isDeterministic }
        return FairnessCheck(
            name: "seeds have an effect", passes: identical.isEmpty,
            finding: identical.isEmpty
                ? "trajectories differ" : "all seeds identical: \(identical.map(\.name).joined(separator: ", "))")
    }

    private static func starts(_ comparison: Comparison) -> FairnessCheck {
        var starts: [Int64: [[UInt64]]] = [:]
        for run in comparison.arms.flatMap(\.runs) {
            guard let values = run.initialValues else { continue }
            starts[run.seed, default: []].append(values.map(\.bitPattern))
        }
        let different = starts.filter { Set($0.value).count > 1 }.keys.sorted()
        let isVacuous = comparison.arms.count > 1 && starts.allSatisfy { $0.value.count < 2 }
        return FairnessCheck(
            name: "the same start on each seed", passes: different.isEmpty,
            finding: isVacuous
                ? "no seed in common"
                : different.isEmpty ? "bit for bit" : "different on \(different.count.counted("seed"))")
    }

    private static func program(_ data: ReportData) -> FairnessCheck {
        check("the same program version", data.runs.map(\.run.version)) {
            $0
        }
    }

    private static func check<Value: Hashable & Comparable>(
        _ name: String, _ values: [Value], _ text: (Value) -> String
    ) -> FairnessCheck {
        let distinct = Set(values).sorted()
        return FairnessCheck(
            name: name, passes: distinct.count <= 1, finding: distinct.map(text).joined(separator: " or "))
    }
}
