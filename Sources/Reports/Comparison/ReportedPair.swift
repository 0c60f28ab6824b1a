import Statistics
import TextFormats
import Tracking

/// Two arms of a report, compared or not.
struct ReportedPair: Sendable {
    /// Why two arms cannot be compared.
    enum Obstacle: Sendable, Equatable {
        case otherProblem
        /// The arms were given different numbers of steps, and their values after the smaller one are not known.
        case budgets
        /// Of an optimizer that needs several evaluations a step it is not known at which step they were spent.
        case evaluations
        /// The target is below two noise floors of an arm that holds it now and then.
        case targetAtFloor
    }

    let first: String
    let second: String
    let measure: ReportMeasure
    /// The steps after which both are compared, where their budgets differ.
    let cut: Int?
    let obstacle: Obstacle?
    /// What belongs into its first sentence besides the test: choices on the same seeds, and earlier looks.
    let notes: [String]
    /// Whether a verdict on it was read before on fewer seeds, so that p has to be smaller.
    let isLookedAtAgain: Bool
    /// Whether some seeds choose, or would if there were enough.
    let choosesSeeds: Bool
    private(set) var result: PairComparison

    init(_ first: Arm, _ second: Arm, _ measure: ReportMeasure, in data: ReportData, alpha: Double = 0.05) {
        (self.first, self.second, self.measure) = (first.name, second.name, measure)
        let budgets = Set((first.runs + second.runs).map(\.run.plan.steps))
        cut = budgets.count > 1 ? budgets.min() : nil
        obstacle = Self.obstacle(first, second, measure.quantity, cut: cut)
        choosesSeeds = [first, second].contains(where: \.choice.choosesSeeds)
        let question = QuestionText.pair(
            [first.group.id], [second.group.id], measure.name(target: data.target, cut: cut))
        let looks = (data.looks[question] ?? []).earlierLooks(
            at: first.seedsOfResults.compared(with: second.seedsOfResults))
        isLookedAtAgain = looks > 0
        let level = alpha / Double(1 + looks)
        let choices = [first, second].filter { $0.choice == .onTheSameSeeds }.map { arm in
            "\(arm.name) is the best of \(arm.triedCount.counted("configuration")) chosen on the same seeds (optimistic)"
        }
        let look = "look \(looks + 1) at this question, so p must be at most \(NumberText.rounded(level, digits: 2))"
        notes = choices + (looks > 0 ? [look] : [])
        let rules = PairComparison.Rules(
            alpha: level, isOptimistic: [first, second].contains { [.onTooFewSeeds, .byHalving].contains($0.choice) })
        let empty = Statistics.Arm([])
        result =
            obstacle == nil
            ? PairComparison(
                first.outcomes(measure.quantity, after: cut), second.outcomes(measure.quantity, after: cut),
                measure.measure, rules)
            : PairComparison(empty, empty, measure.measure, rules)
    }

    /// With the p values of all `pairs` raised together.
    static func corrected(_ pairs: [ReportedPair]) -> [ReportedPair] {
        zip(pairs, PairComparison.corrected(pairs.map(\.result))).map { pair, result in
            var pair = pair
            pair.result = result
            return pair
        }
    }

    var verdict: Verdict { result.verdict }

    var winner: String? {
        switch verdict {
        case .firstIsBetter: first
        case .secondIsBetter: second
        case .tied, .undecided: nil
        }
    }

    var loser: String? {
        winner.map { $0 == first ? second : first }
    }

    // MARK: - Internals

    private static func obstacle(
        _ first: Arm, _ second: Arm, _ quantity: ReportMeasure.Quantity, cut: Int?
    ) -> Obstacle? {
        let problems = Dictionary(first.runs.map { ($0.seed, $0.problem) }) { one, _ in one }
        let common = second.runs.compactMap { run in problems[run.seed].map { ($0, run.problem) } }
        let isOther =
            common.isEmpty
            ? first.runs.contains { run in second.runs.contains { $0.problem != run.problem } }
            : common.contains { $0 != $1 }
        if isOther { return .otherProblem }
        if cut != nil, quantity == .loss { return .budgets }
        let isSeveral = (first.runs + second.runs).map(\.run.needsSeveralEvaluations)
        if quantity == .time, isSeveral.contains(true), isSeveral.contains(false) { return .evaluations }
        // An arm that never holds it is not there by luck.
        let isLuck = { (arm: Arm) in
            arm.targetInFloors ?? .infinity < NoiseLevel.rankingLimit && arm.statistics.successCount > 0
        }
        if quantity == .time, isLuck(first) || isLuck(second) { return .targetAtFloor }
        return nil
    }
}
