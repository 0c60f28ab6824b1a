import Testing
import Tracking

@testable import Reports
@testable import Statistics

/// What is compared, in SQL and in the program.
struct PairQueriesTests {
    private static let studies = [QueryStudy.large, QueryStudy.clean, QueryStudy.unequal, QueryStudy.unpaired]

    @Test(arguments: studies, [nil, "excess=1%"])
    func `pairs have the numbers that the tests take`(runs: [SampleRun], target: String?) throws {
        let notebook = try QueryStudy.notebook(runs, target: target)
        let findings = try notebook.findings()
        let (pairs, arms) = (findings.comparison.pairs, findings.comparison.arms)
        let measure = findings.comparison.measure

        let all = try notebook.rows(.pairwise, of: findings)

        for pair in pairs {
            let rows = all.filter { $0["a"] == .text(pair.first) && $0["b"] == .text(pair.second) }
            let sides = try [pair.first, pair.second].map { name in
                try #require(arms.first { $0.name == name }).outcomes(measure.quantity, after: pair.cut).replicates
                    .filter(\.outcome.hasResult)
            }
            for (side, column) in zip(sides, ["a_value", "b_value"]) {
                let own = rows.filter { row in side.contains { row["seed"] == .integer($0.seed) } }
                #expect(own.count == side.count)
                for (row, replicate) in zip(own, side) {
                    let value: Double? = if case .value(let value) = replicate.outcome { value } else { nil }
                    expect(row[column], toBe: value, "\(column) of seed \(replicate.seed)")
                }
            }
            check(rows, against: pair)
        }
    }

    /// The rows' p, with repeated pairs counted once.
    private func check(_ rows: [[String: SQLValue]], against pair: ReportedPair) {
        let differences = rows.compactMap { $0["difference"]?.double }
        let result = pair.result
        #expect(result.test != nil)
        switch result.test {
        case .signFlip:
            var kept: [Double] = []
            for value in differences where !kept.contains(where: { abs($0 - value) < 1e-12 }) { kept.append(value) }
            #expect(differences.count == result.pairCount + result.repeatedCount)
            #expect(kept.count == result.pairCount)
            #expect(zip(kept, result.differences).allSatisfy { abs($0 - $1) < 1e-9 })
            #expect(SignFlipTest(kept).p == result.p)
        case .sign:
            let (lower, higher) = (differences.count { $0 < -1e-9 }, differences.count { $0 > 1e-9 })
            #expect(lower + higher == result.usedCount)
            #expect(SignTest(lower: lower, higher: higher).p == result.p)
        case .rankSum:
            #expect(differences.isEmpty)
            let values = ["a_value", "b_value"].map { column in rows.compactMap { $0[column]?.double } }
            #expect(values.map(\.count) == [result.counts.0 - result.failures.0, result.counts.1 - result.failures.1])
        case nil: break
        }
    }

    @Test
    func `the studies have every test and a cut`() throws {
        let pairs = try Self.studies.flatMap { runs in
            try [nil, "excess=1%"].flatMap { try QueryStudy.notebook(runs, target: $0).findings().comparison.pairs }
        }

        #expect(Set(pairs.map(\.result.test)) == [.signFlip, .sign, .rankSum])
        #expect(pairs.contains { $0.cut == 40 } && pairs.contains { $0.result.repeatedCount > 0 })
        #expect(pairs.contains { $0.measure.quantity == .time } && pairs.contains { $0.measure.quantity == .excess })
    }

    @Test
    func `only pairs that can be compared, and only those with the baseline, have rows`() throws {
        let notebook = try QueryStudy.notebook(QueryStudy.rates)
        let findings = try notebook.findings(on: .sweep("demo"), ReportOptions(baseline: "sgd-0.2-full-0.0-false"))

        let rows = try notebook.rows(.pairwise, of: findings)

        let wanted = findings.comparison.pairs.filter { $0.obstacle == nil }.map { [$0.first, $0.second] }
        #expect(Set(rows.map { [$0["a"]?.string ?? "", $0["b"]?.string ?? ""] }) == Set(wanted))
        #expect(wanted.count == 3 && findings.comparison.pairs.count == 4)
    }

    @Test(arguments: [QueryStudy.large, QueryStudy.clean, QueryStudy.unequal])
    func `budgets have the medians and ranks of their table`(runs: [SampleRun]) throws {
        let notebook = try QueryStudy.notebook(runs)
        let findings = try notebook.findings()
        let budgets = BudgetRanks.all(findings.comparison.arms)

        let rows = try notebook.rows(.budgets, of: findings)

        #expect(rows.count == budgets.count * findings.comparison.arms.count && !rows.isEmpty)
        var rest = rows[...]
        for budget in budgets {
            for index in budget.medians.indices {
                let row = rest.removeFirst()
                #expect(row["budget"] == .integer(Int64(budget.steps)))
                #expect(row["arm"] == .text(findings.comparison.arms[index].name))
                expect(row["log10_excess"], toBe: budget.medians[index], "median at \(budget.steps)")
                #expect(row["rank"] == (budget.ranks.map { .integer(Int64($0[index])) } ?? .null))
            }
        }
    }

    @Test(arguments: [QueryStudy.large, QueryStudy.clean, QueryStudy.unequal])
    func `targets have the areas of their table`(runs: [SampleRun]) throws {
        let notebook = try QueryStudy.notebook(runs)
        let findings = try notebook.findings()

        let rows = try notebook.rows(.targets, of: findings)

        #expect(rows.map { $0["arm"]?.string } == findings.comparison.arms.map(\.name))
        for (row, arm) in zip(rows, findings.comparison.arms) {
            expect(row["fraction_of_all_targets"], toBe: RuntimeDistribution(arm).area, arm.name)
            let hits = arm.runs.filter(\.hasValue).reduce(0) { $0 + $1.hits.steps.count }
            #expect(row["targets_reached"] == .integer(Int64(hits)))
        }
    }
}
