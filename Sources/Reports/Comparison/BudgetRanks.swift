import Statistics
import Tracking

/// The arms at one number of steps.
struct BudgetRanks: Sendable {
    let steps: Int
    /// Of log10 excess, infinite where half of the runs are not there any more.
    let medians: [Double]
    let ranks: [Int]

    /// The budgets that all runs were given.
    static func all(_ arms: [Arm]) -> [BudgetRanks] {
        let budgets = Trajectory.comparedBudgets.enumerated().filter { _, steps in
            arms.allSatisfy { $0.runs.allSatisfy { $0.run.plan.steps >= steps } }
        }
        return budgets.map { index, steps in
            let medians = arms.map { arm in
                OrderStatistics(arm.runs.map { $0.budgets[index].map(Log10.of) ?? .infinity }).median ?? .infinity
            }
            return BudgetRanks(
                steps: steps, medians: medians, ranks: medians.map { value in 1 + medians.count { $0 < value } })
        }
    }
}
