import Statistics
import TextFormats
package import Tracking

/// Two arms, what was measured of them, and what that amounts to.
package struct JudgedPair: Sendable {
    let first: JudgedArm
    let second: JudgedArm
    let firstRuns: [JudgedRun]
    let secondRuns: [JudgedRun]
    /// In words.
    let measureName: String
    /// What the measure means beyond its name, and what a reader should know of it.
    let measureExplanations: [String]
    let goal: Measure.Goal
    let cut: Int?
    /// Why the two are not compared; nil where they are.
    let obstacle: String?
    /// The level before it was divided among the looks.
    let alpha: Double
    /// How often somebody looked before, on fewer of these seeds.
    let earlierLooks: Int
    private(set) var result: PairComparison
    private(set) var plan: SeedPlan?

    package var outcome: Outcome {
        guard obstacle == nil else { return .notComparable }
        return switch result.verdict {
        case .firstIsBetter: .better
        case .secondIsBetter: .worse
        case .tied: .tied
        case .undecided(.noResults): .notComparable
        case .undecided: .undecided
        }
    }

    /// The verdict on the first arm, in one word.
    package enum Outcome: String, Sendable {
        case better, worse, tied, undecided
        case notComparable = "not comparable"
    }

    var text: VerdictText {
        let absences = [(first, firstRuns), (second, secondRuns)].compactMap { arm, runs -> String? in
            let absent = runs.count { !$0.outcome.hasResult }
            guard let reasons = RunStanding.absences(in: runs.map(\.standing)) else { return nil }
            return "\(absent.counted("run")) of \(arm.name) (\(reasons))"
        }
        return VerdictText(
            first.name, second.name, result, measure: measureName, exclusions: absences,
            notes: [first.note, second.note].compactMap(\.self),
            choosesSeeds: [first, second].contains { $0.choice?.kind.choosesSeeds == true })
    }

    package var sentence: String {
        guard let obstacle else { return text.sentence }
        return "\(first.name) and \(second.name) are not comparable in \(measureName): \(obstacle)."
    }

    package var explanations: [String] {
        guard obstacle == nil else { return [] }
        let failures = [(first, firstRuns), (second, secondRuns)].compactMap { arm, runs in
            let never = runs.count { $0.standing == .ended && $0.outcome == .failure }
            let kinds = [RunStanding.failures(in: runs.map(\.standing)), never > 0 ? "\(never) never held it" : nil]
                .compactMap(\.self)
            return kinds.isEmpty ? nil : "Failures of \(arm.name): \(kinds.joined(separator: ", "))."
        }
        let looks =
            earlierLooks == 0
            ? []
            : [
                "This is look \(earlierLooks + 1) at this question, so p must be at most \(NumberText.rounded(result.rules.alpha, digits: 2)) instead of \(NumberText.exact(alpha))."
            ]
        let cuts = cut.map { ["Budgets differ, so every run is compared after \($0) steps."] } ?? []
        return measureExplanations + cuts + failures + looks + text.explanations(plan: plan)
    }

    // MARK: - Making

    init(
        _ first: (JudgedArm, [JudgedRun]), _ second: (JudgedArm, [JudgedRun]), _ measure: Measure,
        name: (text: String, explanations: [String?]), cut: Int?, obstacle: String?, request: JudgeRequest,
        looks: (_ question: String) throws -> [StoredVerdict]
    ) rethrows {
        (self.first, firstRuns) = first
        (self.second, secondRuns) = second
        (measureName, measureExplanations) = (name.text, name.explanations.compactMap(\.self))
        (goal, self.cut, self.obstacle, alpha) = (measure.goal, cut, obstacle, request.alpha)
        earlierLooks = try looks(Self.question(first.0, second.0, name.text)).earlierLooks(
            at: Self.comparedSeeds(first.1, second.1))
        let arm = { (runs: [JudgedRun]) in
            Statistics.Arm(runs.map { .init(seed: $0.seed, outcome: $0.outcome, trajectory: $0.trajectory) })
        }
        let rules = PairComparison.Rules(
            alpha: request.alpha / Double(1 + earlierLooks), isOneSided: request.isOneSided,
            isOptimistic: first.0.isOptimistic || second.0.isOptimistic)
        let empty = Statistics.Arm([])
        result =
            obstacle == nil
            ? PairComparison(arm(first.1), arm(second.1), measure, rules) : PairComparison(empty, empty, measure, rules)
    }

    /// With the p values of all raised together, and what more seeds would do where that is of use.
    static func completed(_ pairs: [JudgedPair], planRatio: Double) -> [JudgedPair] {
        zip(pairs, PairComparison.corrected(pairs.map(\.result))).map { pair, result in
            var pair = pair
            pair.result = result
            if pair.lacksSeeds, result.differences.count > 2, result.measure.scale == .ratio {
                pair.plan = SeedPlan(
                    differences: result.differences, effect: planRatio, result.measure,
                    alpha: result.rules.alpha / Double(result.familySize), isOneSided: result.rules.isOneSided)
            }
            return pair
        }
    }

    /// Whether more seeds could decide it.
    private var lacksSeeds: Bool {
        guard obstacle == nil, case .undecided(let cause) = result.verdict else { return false }
        return [.tooFewSeeds, .notBeyondChance, .notBeyondChanceAmongAll].contains(cause)
    }

    // MARK: - Looks

    private static func comparedSeeds(_ first: [JudgedRun], _ second: [JudgedRun]) -> Set<Int64> {
        Set(ended(first).map(\.seed)).compared(with: Set(ended(second).map(\.seed)))
    }

    private static func ended(_ runs: [JudgedRun]) -> [JudgedRun] { runs.filter(\.outcome.hasResult) }

    /// What is kept of it, so that the next look is counted; nil where there was nothing to see.
    package var look: StoredVerdict? {
        guard let p = result.p, obstacle == nil else { return nil }
        let seeds = Self.comparedSeeds(firstRuns, secondRuns)
        let runs = Self.ended(firstRuns + secondRuns).filter { seeds.contains($0.seed) }
        let isTooFew = result.verdict == .undecided(.tooFewSeeds)
        return StoredVerdict(
            question: Self.question(first, second, measureName), first: first.name, second: second.name,
            measure: measureName, seeds: seeds, runs: Set(runs.compactMap(\.run.plan.identity)),
            alpha: result.rules.alpha,
            p: p, verdict: isTooFew ? StoredVerdict.tooFewSeeds : outcome.rawValue)
    }

    private static func question(_ first: JudgedArm, _ second: JudgedArm, _ measure: String) -> String {
        QuestionText.pair(first.groupIDs, second.groupIDs, measure)
    }
}

extension Set<Int64> {
    /// The seeds on which two arms are compared: their common ones, or all where none is common.
    func compared(with others: Set<Int64>) -> Set<Int64> {
        isDisjoint(with: others) ? union(others) : intersection(others)
    }
}

extension [StoredVerdict] {
    /// How often somebody looked at the same question before, on fewer than these seeds.
    func earlierLooks(at seeds: Set<Int64>) -> Int {
        Set(filter { $0.seeds.isStrictSubset(of: seeds) && $0.isLook }.map(\.seeds)).count
    }
}

extension StoredVerdict {
    /// As a verdict is stored that could not have been another, whatever the runs showed.
    static let tooFewSeeds = "undecided: too few seeds"

    /// Whether somebody saw a result that could have been the last.
    fileprivate var isLook: Bool { p != nil && verdict != Self.tooFewSeeds }
}
