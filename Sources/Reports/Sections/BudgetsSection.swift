import TextFormats

/// Who leads at which budget: an order that holds at one may flip at another.
struct BudgetsSection {
    let comparison: Comparison

    var text: String {
        let budgets = BudgetRanks.all(comparison.arms)
        guard comparison.arms.count > 1, comparison.arms.count <= Comparison.largestArmCount, !budgets.isEmpty else {
            return ""
        }
        var table = MarkdownTable(
            [("after so many steps", .right)] + comparison.arms.map { (MarkdownText.escaped($0.name), .left) })
        for budget in budgets {
            table.append(
                [String(budget.steps)]
                    + zip(budget.medians, budget.ranks).map { median, rank in
                        median == .infinity
                            ? "diverged (\(rank))" : "\(NumberText.fixed(median, decimals: 2)) (\(rank))"
                    })
        }
        var area = MarkdownTable([("", .left)] + comparison.arms.map { (MarkdownText.escaped($0.name), .right) })
        area.append(
            ["fraction of all targets"]
                + comparison.arms.map { NumberText.fixed(RuntimeDistribution($0).area, decimals: 3) })
        return """
            ## Runtime distribution

            The median log10 excess after a fixed number of steps, and the rank by it. \(flips(budgets))

            \(table.text)
            51 targets from 1 down to 1e-8, evenly spaced on the logarithmic scale, times all seeds: what fraction of them \
            was reached, averaged over the logarithm of the number of steps (the area under `data/ecdf.csv`; COCO).

            \(area.text)

            """
    }

    private func flips(_ budgets: [BudgetRanks]) -> String {
        let flips = zip(budgets, budgets.dropFirst()).filter { $0.ranks != $1.ranks }
            .map { "between \($0.steps) and \($1.steps) steps" }
        return flips.isEmpty
            ? "The order is the same at all of them." : "**The order flips \(flips.joined(separator: ", "))**."
    }
}
