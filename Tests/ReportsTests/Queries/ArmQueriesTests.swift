import Testing
import Tracking

@testable import Reports
@testable import Statistics

/// The rows of arms and configurations in SQL and in the program.
struct ArmQueriesTests {
    @Test(arguments: [QueryStudy.large, QueryStudy.clean, QueryStudy.rates, QueryStudy.unequal])
    func `arms have the numbers of their table`(runs: [SampleRun]) throws {
        let notebook = try QueryStudy.notebook(runs)
        let findings = try notebook.findings()

        let rows = try notebook.rows(.arms, of: findings)

        #expect(rows.count == findings.comparison.arms.count)
        for (row, arm) in zip(rows, findings.comparison.arms) {
            let statistics = arm.statistics
            #expect(row["arm"] == .text(arm.name) && row["group_id"] == .text(arm.group.id))
            let counts = [
                "planned": statistics.plannedCount, "results": statistics.resultCount, "done": statistics.doneCount,
                "diverged": statistics.divergedCount, "unstable": statistics.unstableCount,
                "successes": statistics.successCount,
            ]
            for (name, count) in counts { #expect(row[name] == .integer(Int64(count)), "\(name) of \(arm.name)") }
            let successes = statistics.times.compactMap(\.reached).map { Double(max(1, $0)) }
            let numbers = [
                "learning_rate": arm.group.best.run.plan.learningRate, "middle_time": statistics.medianTime,
                "middle_time_low": statistics.medianTimeInterval?.low,
                "middle_time_high": statistics.medianTimeInterval?.high, "expected_time": statistics.expectedTime,
                "mean_success": successes.isEmpty ? nil : Moments(successes).mean,
                "samples": statistics.expectedTime.map { $0 * Double(arm.group.best.run.plan.batchSize) },
                "median_log10_excess": statistics.logExcesses.median,
                "log10_excess_low": statistics.logExcesses.medianInterval()?.low,
                "log10_excess_high": statistics.logExcesses.medianInterval()?.high,
                "iqm_log10_excess": statistics.logExcesses.interquartileMean,
                "worst_log10_excess": statistics.logExcesses.values.last, "median_final_loss": statistics.losses.median,
            ]
            for (name, number) in numbers { expect(row[name], toBe: number, "\(name) of \(arm.name)") }
        }
    }

    @Test
    func `the study has what a query may get wrong`() throws {
        let findings = try QueryStudy.notebook(QueryStudy.large).findings()
        let statistics = findings.comparison.arms.map(\.statistics)

        #expect(findings.comparison.choosingSeeds == [1, 2, 3])
        #expect(statistics.contains { $0.divergedCount > 0 && $0.unstableCount > 0 && $0.failureCount > 2 })
        #expect(statistics.contains { $0.resultCount < $0.plannedCount })
        #expect(statistics.allSatisfy { $0.successCount > 0 && $0.logExcesses.interquartileMean != nil })
    }

    @Test
    func `an excess of 0 has a logarithm below all others`() throws {
        let notebook = try QueryStudy.notebook([SampleRun(factor: 0), SampleRun(seed: 2), SampleRun(seed: 3)])
        let findings = try notebook.findings()

        let row = try #require(notebook.rows(.arms, of: findings).first)

        #expect(findings.comparison.arms[0].statistics.logExcesses.values[0] == -.infinity)
        expect(row["median_log10_excess"], toBe: findings.comparison.arms[0].statistics.logExcesses.median, "median")
    }

    @Test
    func `default and tuned settings are on the same seeds`() throws {
        let notebook = try QueryStudy.notebook(QueryStudy.large)
        let findings = try notebook.findings(on: .sweep("demo"), ReportOptions(defaults: QueryStudy.defaults))

        let rows = try notebook.rows(.defaults, of: findings)

        #expect(findings.gains.contains { $0.standard != nil && !$0.isDefaultBest })
        let expected = findings.gains.flatMap { gain in
            (gain.standard.map { [("default", $0.group.id, $0.statistics)] } ?? [])
                + [("tuned", gain.tuned.group.id, gain.tuned.statistics)]
        }
        #expect(rows.count == expected.count)
        for (row, (settings, group, statistics)) in zip(rows, expected) {
            #expect(row["settings"] == .text(settings) && row["group_id"] == .text(group))
            #expect(row["results"] == .integer(Int64(statistics.resultCount)))
            #expect(row["successes"] == .integer(Int64(statistics.successCount)))
            expect(row["expected_time"], toBe: statistics.expectedTime, "\(settings) of \(group)")
        }
    }

    @Test(arguments: [QueryStudy.large, QueryStudy.rates])
    func `trials have the numbers of tuning and of learning rates`(runs: [SampleRun]) throws {
        let notebook = try QueryStudy.notebook(runs)
        let findings = try notebook.findings()
        let rows = try notebook.rows(.trials, of: findings)
        let byGroup = Dictionary(rows.map { ($0["group_id"]?.string ?? "", $0) }) { first, _ in first }

        #expect(byGroup.count == findings.data.groups.count)
        for group in findings.data.groups {
            let row = try #require(byGroup[group.id])
            #expect(row["planned"] == .integer(Int64(group.plannedCount)))
            #expect(row["results"] == .integer(Int64(group.resultCount)))
            #expect(row["diverged"] == .integer(Int64(group.divergedCount)))
            #expect(row["unstable"] == .integer(Int64(group.unstableCount)))
            #expect(row["grown"] == .integer(Int64(group.runs.count { $0.hasGrown })))
            expect(row["median_log10_excess"], toBe: group.logExcesses?.median, "median of \(group.id)")
            expect(row["lower_quartile"], toBe: group.logExcesses?.quartile(1), "quartile of \(group.id)")
            expect(row["upper_quartile"], toBe: group.logExcesses?.quartile(3), "quartile of \(group.id)")
            expect(row["expected_time"], toBe: ArmStatistics(group.runs).expectedTime, "time of \(group.id)")
        }
        for value in findings.tuning {
            let times = rows.filter { $0["optimizer"] == .text(value.optimizer) }.map {
                $0["expected_time"]?.double ?? .infinity
            }
            for count in 1...value.trialCount {
                let (found, known) = (ExpectedBest(times).value(of: count), value.best.value(of: count))
                #expect(found == known || abs(found - known) < 1e-9 * known)
            }
        }
        for series in findings.series {
            let own = series.groups.compactMap { byGroup[$0.id] }
            let best = own.min { first, second in score(first) < score(second) }
            #expect(best?["learning_rate"]?.double == series.best.map(RateSeries.rate))
            let isStable = { (row: [String: SQLValue]) in
                ["diverged", "unstable", "grown"].allSatisfy { row[$0] == .integer(0) }
            }
            #expect(own.first { !isStable($0) }?["learning_rate"]?.double == series.firstUnstable)
            #expect(own.prefix(while: isStable).last?["learning_rate"]?.double == series.lastStable)
        }
    }

    private func score(_ row: [String: SQLValue]) -> (Double, Double) {
        let (failures, results) = (row["failures"]?.double ?? .nan, row["results"]?.double ?? .nan)
        return (failures / results, row["mean_logarithm"]?.double ?? .infinity)
    }

    @Test
    func `each problem has its own target`() throws {
        let notebook = try QueryStudy.notebook(QueryStudy.rates, target: "excess=1%")
        let findings = try notebook.findings()

        let rows = try notebook.rows(.times, of: findings)

        #expect(Set(findings.data.runs.map(\.success)).count == 2)
        let times = findings.data.runs.map { $0.time?.reached }
        #expect(rows.map { $0["steps_to_target"]?.double } == times.map { $0.map(Double.init) })
        #expect(Set(times).count > 4)
    }

    @Test
    func `a fork counts from the first start of its line`() throws {
        let notebook = try SampleNotebook()
        let first = try notebook.addRun(SampleRun(stepCount: 30, factor: 0.9, initialLoss: 30))
        let second = try notebook.addRun(
            SampleRun(stepCount: 30, factor: 0.95, initialLoss: 1, parent: (first, 10)))
        let fork = SampleRun(momentum: 0.5, stepCount: 40, factor: 1.05, start: 0, initialLoss: 1)
        var forked = fork
        forked.parent = (second, 12)
        let ids = [first, second, try notebook.addRun(fork), try notebook.addRun(forked)]
        let findings = try notebook.findings(on: .runs(ids))

        let rows = try notebook.rows(.trials, of: findings)
        let unstable = findings.data.runs.filter(\.isUnstable).map(\.run.id)

        #expect(unstable == [ids[2]])
        #expect(try notebook.store.runs.unstable(among: findings.data.runs.map(\.run)) == [ids[2]])
        #expect(rows.reduce(0) { $0 + ($1["unstable"]?.double ?? .nan) } == 1)
    }

    @Test
    func `the steps before a fork are those of the run it came from`() throws {
        let notebook = try SampleNotebook()
        let first = try notebook.addRun(SampleRun(stepCount: 100, factor: 0.8))
        let second = try notebook.addRun(
            SampleRun(momentum: 0.1, seed: 2, stepCount: 100, factor: 0.7, parent: (first, 60)))
        let ids = [
            first, second,
            try notebook.addRun(SampleRun(momentum: 0.2, seed: 3, stepCount: 100, factor: 0.95, parent: (second, 80))),
            try notebook.addRun(SampleRun(momentum: 0.3, stepCount: 50, factor: 0.8)),
        ]
        let findings = try notebook.findings(on: .runs(ids))
        let (comparison, runs) = (findings.comparison, findings.data.runs)

        let times = try notebook.rows(.times, of: findings).map { $0["steps_to_target"]?.double }
        let budgets = try notebook.rows(.budgets, of: findings).map { $0["log10_excess"] }
        let areas = try notebook.rows(.targets, of: findings).map { $0["fraction_of_all_targets"] }

        #expect(times == runs.map { $0.time?.reached.map(Double.init) ?? nil })
        #expect(times[1] == times[0] && times[2] == times[0] && times[0] != nil)
        for (found, known) in zip(budgets, BudgetRanks.all(comparison.arms).flatMap(\.medians)) {
            expect(found, toBe: known, "median")
        }
        for (found, arm) in zip(areas, comparison.arms) {
            expect(found, toBe: RuntimeDistribution(arm).area, arm.name)
        }
    }
}
