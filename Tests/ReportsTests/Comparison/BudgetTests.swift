import Testing
import TextFormats
import Tracking

@testable import Reports
@testable import Statistics

/// What depends on how many steps, configurations or learning rates were paid for.
struct BudgetTests {
    private func data(_ runs: [SampleRun]) throws -> ReportData {
        let notebook = try SampleNotebook()
        try notebook.addSweep(runs)
        return try notebook.data()
    }

    @Test
    func `an order that flips between budgets is said so`() throws {
        let runs = (1...3).flatMap { seed in
            [
                // Fast at first, but it stops moving; slow, but it keeps moving.
                SampleRun(seed: seed, stepCount: 110, factor: 0.8, plateau: 12),
                SampleRun(optimizer: "adam", momentum: nil, seed: seed, stepCount: 110, factor: 0.85),
            ]
        }
        let data = try data(runs)
        let comparison = try Comparison(data, options: ReportOptions())

        let budgets = BudgetRanks.all(comparison.arms)

        #expect(budgets.map(\.steps) == [10, 30, 100])
        let sgd = try #require(comparison.arms.firstIndex { $0.name == "sgd" })
        #expect(budgets.map { $0.ranks?[sgd] } == [1, 2, 2])
        #expect(
            Document(BudgetsSection(comparison: comparison).blocks).markdown.contains(
                "**The order flips between 10 and 30 steps**"))
    }

    @Test
    func `the area counts every target of every seed`() throws {
        let comparison = try Comparison(
            data([SampleRun(factor: 1e-9), SampleRun(seed: 2, ending: .diverged(at: 5), factor: 1e-9)]),
            options: ReportOptions())
        let distribution = RuntimeDistribution(comparison.arms[0])

        // One update reaches all targets, one of two runs counts.
        #expect(distribution.area == 0.5)
        #expect(distribution.fraction(target: 50, budget: 1) == 0.5)
        #expect(distribution.fraction(target: 50, budget: 0) == 0)
    }

    @Test
    func `there are 51 targets from 1 to 1e-8`() {
        #expect(TargetHits.targets.count == 51)
        #expect(TargetHits.targets.first == 1)
        #expect(TargetHits.targets.last == 1e-8)
        #expect(TargetHits.targets[25] == 1e-4)
    }

    @Test(arguments: [(1, [0, 1]), (5, [0, 1, 2, 3, 4, 5])])
    func `places of a short figure are all its steps`(last: Int, steps: [Int]) {
        #expect(StepSampler.logarithmicSteps(to: last, count: 48) == steps)
    }

    @Test(arguments: [0, 1, 2, 48, 199, 10_000, 1_000_000])
    func `places of a figure ascend from 0 to the last step`(last: Int) {
        let steps = StepSampler.logarithmicSteps(to: last, count: 48)

        #expect(steps.first == 0)
        #expect(steps.last == last)
        #expect(zip(steps, steps.dropFirst()).allSatisfy(<))
        #expect(steps.count <= 51)
    }

    @Test
    func `the edge of stability is bracketed by the rates that were tried`() throws {
        let data = try data([
            SampleRun(learningRate: 0.3), SampleRun(learningRate: 0.6), SampleRun(learningRate: 0.9, factor: 3),
            SampleRun(learningRate: 1.2, ending: .diverged(at: 9), factor: 5),
        ])

        let series = try #require(RateSeries.all(data, ReportMeasure(of: data.runs, isTargetAsked: false)).first)

        #expect(series.name == "sgd")
        #expect(series.lastStable == 0.6)
        #expect(series.firstUnstable == 0.9)
        // 2 / 3.07: the larger eigenvalue of [[4/3, 4/3], [4/3, 2]].
        let edge = try #require(series.theoreticalEdge)
        #expect(abs(edge - 0.6575) < 1e-3)
        #expect(TheoryCheck.all(data, [series]).last?.passes == true)
    }

    @Test
    func `trying more configurations has a price list`() throws {
        let data = try data(
            [0.5, 0.6, 0.7].enumerated().map {
                SampleRun(learningRate: 0.1 * Double($0 + 1), stepCount: 60, factor: $1)
            })

        let value = try #require(TuningValue.all(data).first)

        #expect(value.trialCount == 3)
        #expect(value.shownCounts == [1, 2, 3])
        #expect(value.best.value(of: 3) < value.best.value(of: 1))
        #expect(Document(TuningSection(values: [value]).blocks).markdown.contains("| sgd | 3 |"))
    }
}
