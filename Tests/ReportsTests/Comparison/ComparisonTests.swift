import TestRows
import Testing
import TextFormats
import Tracking

@testable import Reports
@testable import Statistics

/// Whether differences are found where they are, and only there.
struct ComparisonTests {
    /// Two optimizers on so many seeds; the time to the target grows with `factor`.
    private func notebook(
        seeds: Int, factors: (Double, Double) = (0.5, 0.8), ending: (Int64) -> SampleRun.Ending = { _ in .done }
    ) throws -> SampleNotebook {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...Int64(seeds)).flatMap { seed in
                [
                    SampleRun(seed: seed, stepCount: 60, factor: factors.0),
                    SampleRun(
                        optimizer: "adam", momentum: nil, seed: seed, stepCount: 60, ending: ending(seed),
                        factor: factors.1),
                ]
            })
        return notebook
    }

    private func comparison(_ notebook: SampleNotebook, _ options: ReportOptions = ReportOptions()) throws -> Comparison
    {
        try Comparison(notebook.data(on: .sweep("demo"), options), options: options)
    }

    @Test
    func `a large difference on enough seeds has a winner`() throws {
        let comparison = try comparison(notebook(seeds: 8))
        let pair = try #require(comparison.pairs.first)

        #expect(pair.winner == "sgd")
        #expect(pair.loser == "adam")
        #expect(pair.measure.quantity == .excess)
        #expect(pair.result.test == .signFlip)
        #expect(pair.result.p == 2.0 / 256)
        let chance = try #require(pair.result.chance)
        #expect(chance.estimate == 1)
        // Eight of eight seeds do not exclude that one in five says otherwise.
        #expect(chance.interval.high == 1)
        #expect(abs(chance.interval.low - 0.675592) < 1e-6)
        #expect(comparison.arms.map(\.name) == ["sgd", "adam"])
        #expect(comparison.arms.map { comparison.ranks(of: $0) } == [1...1, 2...2])
    }

    @Test(arguments: 1...5)
    func `five seeds never claim a winner`(seeds: Int) throws {
        let comparison = try comparison(notebook(seeds: seeds, factors: (0.1, 0.9)))

        #expect(comparison.pairs.allSatisfy { $0.winner == nil })
        #expect(comparison.arms.map { comparison.ranks(of: $0) } == [1...2, 1...2])
    }

    @Test
    func `equal arms are tied, which is more than undecided`() throws {
        let many = try comparison(notebook(seeds: 8, factors: (0.8, 0.8)))
        let few = try comparison(notebook(seeds: 5, factors: (0.8, 0.8)))

        #expect(many.pairs[0].verdict == .tied)
        #expect(few.pairs[0].verdict == .undecided(.nothingTellsThemApart))
    }

    @Test
    func `one run that fails changes the test, and is charged`() throws {
        let comparison = try comparison(notebook(seeds: 8) { $0 > 4 ? .diverged(at: 20) : .done })
        let pair = try #require(comparison.pairs.first)
        let adam = try #require(comparison.arms.last)

        #expect(adam.statistics.successCount == 4)
        let times = adam.statistics.times
        #expect(times.suffix(4).allSatisfy { $0 == RunningTime(reached: nil, budget: 60) })
        #expect(adam.statistics.expectedTime == Double(times.reduce(0) { $0 + $1.charged }) / 4)
        #expect(pair.result.test == .sign)
        #expect(pair.result.p == 2.0 / 256)
        #expect(pair.winner == "sgd")
    }

    @Test
    func `arms without any success are not told apart by their times`() throws {
        let comparison = try comparison(
            notebook(seeds: 8, factors: (0.97, 0.99)), ReportOptions(target: ReportTarget(text: "excess=1e-9")))

        #expect(comparison.pairs[0].measure.quantity == .time)
        #expect(comparison.pairs[0].verdict == .undecided(.nothingTellsThemApart))
    }

    @Test
    func `seeds that only one arm has are dropped and counted`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...8).map { SampleRun(seed: $0) }
                + (3...9).map { SampleRun(optimizer: "adam", momentum: nil, seed: $0, factor: 0.8) })

        let pair = try #require(try comparison(notebook).pairs.first)

        #expect(pair.result.pairCount == 6)
        #expect(pair.result.unpairedCount == 3)
    }

    @Test
    func `all p values are raised together`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...6).flatMap { seed in
                ["sgd", "adam", "lion"].enumerated().map { index, name in
                    SampleRun(optimizer: name, seed: seed, stepCount: 60, factor: 0.5 + 0.1 * Double(index))
                }
            })

        let comparison = try comparison(notebook)

        #expect(comparison.pairs.map(\.result.p) == [0.03125, 0.03125, 0.03125])
        #expect(comparison.pairs.map(\.result.adjustedP) == [0.09375, 0.09375, 0.09375])
        #expect(comparison.pairs.allSatisfy { $0.winner == nil })
        let against = try self.comparison(notebook, ReportOptions(baseline: "lion"))
        #expect(against.pairs.map(\.result.adjustedP) == [0.0625, 0.0625])
    }

    @Test
    func `a baseline that is not there is named with those that are`() throws {
        let notebook = try notebook(seeds: 2)

        let error = #expect(throws: ReportError.self) {
            try comparison(notebook, ReportOptions(baseline: "adagrad"))
        }

        #expect(error?.description == "the baseline 'adagrad' is not in this report; it has sgd, adam")
    }

    @Test
    func `configurations chosen on some seeds are reported on the others`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...9).flatMap { seed in
                [
                    // Better on the first three seeds only.
                    SampleRun(learningRate: 0.1, seed: seed, factor: seed <= 3 ? 0.3 : 0.9),
                    SampleRun(learningRate: 0.2, seed: seed, factor: 0.5),
                    SampleRun(optimizer: "adam", momentum: nil, seed: seed, factor: 0.6),
                ]
            })

        let honest = try comparison(notebook, ReportOptions(tuningSeeds: .named([1, 2, 3])))
        let standard = try comparison(notebook)
        let optimistic = try comparison(notebook, ReportOptions(tuningSeeds: .same))

        let arm = try #require(honest.arms.first { $0.name == "sgd" })
        #expect(arm.group.best.run.plan.learningRate == 0.1)
        #expect(arm.runs.map(\.seed) == [4, 5, 6, 7, 8, 9])
        #expect(!arm.isOptimistic)
        #expect(standard.choosingSeeds == [1, 2, 3])
        #expect(standard.arms.map(\.group.id) == honest.arms.map(\.group.id))
        #expect(optimistic.arms.first { $0.name == "sgd" }?.isOptimistic == true)
        #expect(optimistic.arms.first { $0.name == "sgd" }?.group.best.run.plan.learningRate == 0.2)
    }

    @Test
    func `a configuration with none but choosing seeds is listed and not compared`() throws {
        let notebook = try SampleNotebook()
        let runs = (1...10).map { SampleRun(learningRate: 0.1, seed: $0) } + [SampleRun(learningRate: 0.2, seed: 1)]
        try notebook.addSweep(runs)

        let arms = try comparison(notebook).arms

        #expect(arms.map(\.group.best.run.plan.learningRate) == [0.1])
        #expect(arms.map { $0.runs.map(\.seed) } == [[4, 5, 6, 7, 8, 9, 10]])
        #expect(try notebook.markdown().contains("lr 0.2"))
    }

    @Test
    func `configurations of one optimizer are compared with each other`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([0.1, 0.2].flatMap { rate in (1...3).map { SampleRun(learningRate: rate, seed: $0) } })

        #expect(try comparison(notebook).arms.map(\.name) == ["lr 0.1", "lr 0.2"])
    }

    @Test
    func `where the minimum is not unique, final losses are compared`() throws {
        let line = Dataset.line()
        let notebook = try SampleNotebook(
            dataset: Dataset(
                contentHash: "flat", kind: "csv", source: "", x: line.x, y: line.y, optimum: nil,
                hessian: line.hessian))
        try notebook.addSweep(
            (1...6).flatMap { seed in
                [
                    SampleRun(seed: seed, stepCount: 5),
                    SampleRun(optimizer: "adam", momentum: nil, seed: seed, stepCount: 5, factor: 0.9),
                ]
            })

        let pair = try #require(try comparison(notebook).pairs.first)

        #expect(pair.measure.quantity == .loss)
        #expect(pair.winner == "sgd")
        #expect(try notebook.markdown().contains("sgd: median final loss "))
    }

    @Test
    func `runs are called by their numbers where they were named so`() throws {
        let notebook = try SampleNotebook()
        let ids = try [0.1, 0.2].map { try notebook.addRun(SampleRun(learningRate: $0)) }

        let arms = try Comparison(notebook.data(on: .runs(ids)), options: ReportOptions()).arms

        #expect(arms.map(\.name) == ["run 1", "run 2"])
    }
}
