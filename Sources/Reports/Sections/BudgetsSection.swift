import Statistics
import TextFormats
import Tracking

/// Who leads at which budget: an order that holds at one may flip at another.
struct BudgetsSection {
    static let title = "Runtime distribution"

    let comparison: Comparison

    /// Those that are shown; none of a single arm, or of too many.
    var budgets: [BudgetRanks] {
        (2...Comparison.largestArmCount).contains(comparison.arms.count) ? BudgetRanks.all(comparison.arms) : []
    }

    var blocks: [Document.Block] {
        let budgets = budgets
        guard !budgets.isEmpty else { return [] }
        var table = Document.Table(
            [("after so many steps", .right)] + comparison.arms.map { (Prose(text: $0.name), .left) })
        for budget in budgets {
            table.append(
                ["\(budget.steps)"]
                    + budget.medians.indices.map { index in
                        let median = budget.medians[index]
                        let note = budget.ranks.map { "(\($0[index]))" } ?? (budget.ended[index] ? "(ended)" : "")
                        let text = median == .infinity ? "failed" : NumberText.fixed(median, decimals: 2)
                        return note.isEmpty ? "\(text: text)" : "\(text: text) \(text: note)"
                    })
        }
        var area = Document.Table([("", .left)] + comparison.arms.map { (Prose(text: $0.name), .right) })
        area.append(
            ["fraction of all targets"]
                + comparison.arms.map { "\(NumberText.fixed(RuntimeDistribution($0).area, decimals: 3))" })
        return [
            .heading(level: 2, Prose(words: Self.title)),
            .paragraph(
                """
                The median log10 excess after a fixed number of steps, and the rank by it, which is of what was seen, without a test. \
                \(em: "Ended"): a run had stopped early by then and keeps its last value, so there is no rank. \(flips(budgets))
                """),
            .table(table),
            .paragraph(
                """
                51 targets from 1 down to 1e-8, evenly spaced on the logarithmic scale, times all seeds: what fraction of them \
                was reached, averaged over the logarithm of the number of steps (the area under \(code: "data/ecdf.csv"); COCO).
                """),
            .table(area),
        ]
    }

    private func flips(_ budgets: [BudgetRanks]) -> Prose {
        let ranked = budgets.filter { $0.ranks != nil }
        let flips = zip(ranked, ranked.dropFirst()).filter { $0.ranks != $1.ranks }
            .map { "between \($0.steps) and \($1.steps) steps" }
        guard ranked.count > 1 else { return "" }
        return flips.isEmpty
            ? "The order is the same at all of them that have ranks."
            : "\(strong: "The order flips \(flips.joined(separator: ", "))")."
    }
}

/// The arms at one number of steps.
struct BudgetRanks: Sendable {
    let steps: Int
    /// Of log10 excess, infinite where half of the runs failed before.
    let medians: [Double]
    /// Whether a run of the arm had stopped early by then.
    let ended: [Bool]
    /// Nil where one had: who stops at a target is not worse for it.
    let ranks: [Int]?

    /// The budgets that all runs were given; none where an arm has no result, or a minimum is not known.
    static func all(_ arms: [Arm]) -> [BudgetRanks] {
        let isKnown = arms.allSatisfy { arm in
            arm.runs.contains(where: \.hasResult) && arm.runs.allSatisfy { $0.problem.optimum != nil }
        }
        guard isKnown else { return [] }
        let budgets = Trajectory.comparedBudgets.enumerated().filter { _, steps in
            arms.allSatisfy { $0.runs.allSatisfy { $0.run.plan.steps >= steps } }
        }
        return budgets.map { index, steps in
            let medians = arms.map { arm in
                OrderStatistics(arm.runs.compactMap { $0.rankedLogExcess(atBudget: index) }).median ?? .infinity
            }
            let ended = arms.map { arm in arm.runs.contains { $0.isDone && $0.run.stepsDone < steps } }
            return BudgetRanks(
                steps: steps, medians: medians, ended: ended,
                ranks: ended.contains(true) ? nil : medians.map { value in 1 + medians.count { $0 < value } })
        }
    }
}
