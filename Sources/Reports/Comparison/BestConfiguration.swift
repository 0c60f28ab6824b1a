import Statistics
import TextFormats
import Theory
package import Tracking

/// The configuration of a sweep that did best over its seeds, by the rule that also orders a report.
package struct BestConfiguration: Sendable {
    /// What is best.
    package enum Criterion: String, Sendable, CaseIterable {
        /// The value at the end: the excess where the minimum is known, else the loss over all data.
        case value
        /// The steps until a target is held.
        case time
    }

    /// The settings that tell it from the others, such as "lr 0.1, momentum 0.9".
    package let settings: String
    package let criterion: Criterion
    /// What is compared, such as "excess at the end".
    package let measure: String
    /// What counts as a success.
    package let target: String
    /// Over the seeds that compare; infinite where half of them fail.
    package let median: Double
    /// Over the seeds on which it was chosen; nil where none were set apart.
    package let choosingMedian: Double?
    package let choosingSeeds: [Int64]
    /// How many configurations there are in all.
    package let configurationCount: Int
    /// Whether it was chosen on the very seeds that compare.
    package let isOptimistic: Bool
    /// Seeds that compare and have a result; how many of them are done, diverged and unstable.
    package let seedCount: Int
    package let doneCount: Int
    package let divergedCount: Int
    package let unstableCount: Int
    /// The middle run of those that compare; of two the better one.
    package let run: Run
    /// Those that compare, in the order of their seeds.
    let runs: [Run]
    let kind: ArmChoice.Kind
    /// Whether it is the best of several optimizers, which the seeds that compare have ranked.
    let isRanked: Bool

    /// By time where a target was planned with the sweep or is given, else by value, unless a `criterion` is.
    ///
    /// Reads results, the last tenth of each run's losses, and for times the steps up to the target. Throws where no
    /// configuration has a run that succeeded.
    package init(
        ofSweep name: String, by criterion: Criterion? = nil, target: ReportTarget? = nil,
        choosingOn seeds: TuningSeeds = .standard, among ids: Set<Int64>? = nil, in store: Store
    ) throws {
        let selection = try ReportSelection(.sweep(name), in: store, isAlive: { _ in true })
        let candidates = selection.runs.filter { ids?.contains($0.id) ?? true }
        let planned = selection.sweep?.plan.target.flatMap { try? ReportTarget(text: $0) }
        let success = target ?? planned ?? .standard
        var reader = MeasureReader(store, isTargetDemanded: target != nil)
        let isAsked = criterion.map { $0 == .time } ?? (target != nil || planned != nil)
        let hasTarget = try isAsked && candidates.contains { try reader.excess(of: success, for: $0) != nil }
        let hasExcess = try candidates.allSatisfy { try reader.problem(of: $0).optimum != nil }
        guard criterion != .time || hasTarget else {
            throw ReportError(
                .nothingToReport,
                "the runs of the sweep '\(name)' cannot be ranked by time: the minimum of their loss is not known or not unique"
            )
        }
        let quantity = ReportMeasure.quantity(isTargetAsked: isAsked, hasTarget: hasTarget, hasExcess: hasExcess)
        let measured = try reader.measure(
            candidates, quantity.read(until: success), at: .final, cut: nil, goal: .min)
        let measuredRuns = measured.map { MeasuredRun(run: $0.run, outcome: $0.outcome) }
        let measure = ReportMeasure(quantity, values: measuredRuns.compactMap(\.value))
        let choice = ArmChoice(
            measuredRuns, measure.measure, seeds: seeds, stored: selection.sweep?.plan.choosingSeeds,
            isHalving: selection.isHalving)
        let best = choice.arms[0]
        let replicates = Statistics.Arm(best.compared.map { .init(seed: $0.run.plan.seed, outcome: $0.outcome) })
        guard let middle = ConfigurationChoice.medianReplicate(of: replicates, measure.measure),
            best.compared.contains(where: { $0.value != nil })
        else {
            throw ReportError(
                .nothingToReport,
                "no configuration of the sweep '\(name)' can be called the best: "
                    + Self.reason(quantity, measuredRuns, target: success),
                advice: quantity == .time && measuredRuns.contains { $0.outcome == .failure }
                    ? "give a larger one with \(option: "success")" : nil)
        }
        let configurations = Dictionary(grouping: candidates) { $0.plan.groupID }.compactMapValues { runs in
            runs.first.map { ConfigurationFields(json: $0.plan.config, without: "seed") }
        }
        let fields = FieldComparison(of: Array(configurations.values))
        settings = configurations[best.groupID].map(fields.label) ?? best.optimizer
        self.criterion = quantity == .time ? .time : .value
        self.measure = measure.name(target: success, cut: nil)
        self.target = success.text
        let median = { (runs: [MeasuredRun]) in
            OrderStatistics(runs.filter(\.outcome.hasResult).map { $0.value ?? .infinity }).median
        }
        self.median = median(best.compared) ?? .infinity
        choosingMedian = median(best.choosing)
        choosingSeeds = choice.choosingSeeds.sorted()
        configurationCount = selection.triedCount(Array(configurations.values))
        isOptimistic = configurations.count > 1 && choice.choosingSeeds.isEmpty
        (runs, kind, isRanked) = (best.compared.map(\.run), best.kind, Set(candidates.map(\.plan.optimizer)).count > 1)
        let ended = best.compared.filter(\.outcome.hasResult)
        seedCount = ended.count
        doneCount = ended.count { $0.run.state == .done }
        divergedCount = ended.count { $0.run.state == .diverged }
        let unstable = Set(measured.filter { $0.standing == .failed(.unstable) }.map(\.run.id))
        unstableCount = ended.count { unstable.contains($0.run.id) }
        let seed = replicates.replicates[middle].seed
        run = best.compared.first { $0.run.plan.seed == seed }?.run ?? best.compared[0].run
    }

    private static func reason(
        _ quantity: ReportMeasure.Quantity, _ runs: [MeasuredRun], target: ReportTarget
    ) -> MessageText {
        guard runs.contains(where: \.outcome.hasResult) else { return "no run has a result" }
        return quantity == .time ? "no run holds the target \(target.text)" : "every run failed"
    }
}

extension ReportMeasure.Quantity {
    /// What is read of each run; a time is that until it holds `target`.
    fileprivate func read(until target: ReportTarget) -> RunQuantity {
        switch self {
        case .loss: .loss
        case .excess: .excess
        case .time: .time(JudgedQuantity.Condition(target))
        }
    }
}
