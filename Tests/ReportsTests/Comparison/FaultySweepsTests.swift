import TestRows
import Testing
import Tracking

@testable import Reports

/// A zoo of sweeps that compare nothing fairly: each is to be named for what it is.
struct FaultySweepsTests {
    struct Sweep: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let runs: [SampleRun]
        /// The condition that is not met; nil for a fair one.
        let condition: String?
        /// What is said of it.
        let banner: String
    }

    private static func runs(_ seeds: ClosedRange<Int64> = 1...6, _ change: (inout SampleRun) -> Void) -> [SampleRun] {
        seeds.map { seed in
            var run = SampleRun(seed: seed)
            change(&run)
            return run
        }
    }

    private static func adam(_ seeds: ClosedRange<Int64> = 1...6, _ change: (inout SampleRun) -> Void = { _ in })
        -> [SampleRun]
    {
        runs(seeds) {
            ($0.optimizer, $0.momentum, $0.factor) = ("adam", nil, 0.6)
            change(&$0)
        }
    }

    private static func lbfgs(_ change: (inout SampleRun) -> Void) -> [SampleRun] {
        runs {
            ($0.optimizer, $0.momentum, $0.factor) = ("lbfgs", nil, 0.4)
            change(&$0)
        }
    }

    static let sweeps = [
        Sweep(testDescription: "a fair one", runs: runs { _ in } + adam(), condition: nil, banner: ""),
        Sweep(
            testDescription: "missing seeds", runs: runs { $0.ending = $0.seed > 4 ? .queued : .done } + adam(),
            condition: "every planned run has a result", banner: "2 of 12 have none"),
        Sweep(
            testDescription: "unequal budgets", runs: runs { $0.stepCount = 48 } + adam(),
            condition: "the same number of steps for all", banner: "24 or 48"),
        Sweep(
            testDescription: "unequal batches", runs: runs { $0.batchSize = "1" } + adam(),
            condition: "the same number of sample gradients for all", banner: "24 or 72"),
        Sweep(
            testDescription: "an optimizer that searches as often as the other steps",
            runs: lbfgs { $0.evaluations = 24 } + adam(), condition: nil, banner: ""),
        Sweep(
            testDescription: "an optimizer that searches more often",
            runs: lbfgs { $0.evaluations = 30 + Int($0.seed) } + adam(),
            condition: "the same number of sample gradients for all", banner: "lbfgs 93 to 108, adam 72"),
        Sweep(
            testDescription: "an optimizer that searches uncounted", runs: lbfgs { _ in } + adam(),
            condition: "the same number of sample gradients for all", banner: "lbfgs unknown, adam 72"),
        Sweep(
            testDescription: "best at the grid's edge",
            runs: [0.1, 0.2, 0.4].flatMap { rate in
                runs {
                    $0.learningRate = rate
                    $0.factor = 1 - rate
                }
            } + adam(),
            condition: "best learning rates inside their grids",
            banner: "best at edge - widen the grid: sgd at 0.4 of 0.1 to 0.4"),
        Sweep(
            testDescription: "all seeds identical", runs: runs { $0.start = 1 } + adam(),
            condition: "seeds have an effect", banner: "all seeds identical: sgd"),
        Sweep(
            testDescription: "different starts", runs: runs { $0.start = 10 + Double($0.seed) } + adam(),
            condition: "the same start on each seed", banner: "different on 6 seeds"),
        Sweep(
            testDescription: "more effort for one",
            runs: [0.1, 0.2, 0.4].flatMap { rate in
                runs {
                    $0.learningRate = rate
                    $0.factor = rate == 0.2 ? 0.5 : 0.8
                }
            } + adam(),
            condition: "the same number of configurations tried for each optimizer", banner: "adam 1, sgd 3"),
        Sweep(
            testDescription: "an optimizer that always diverges",
            runs: runs { _ in } + adam { $0.ending = .diverged(at: 3) }, condition: nil, banner: ""),
    ]

    @Test(arguments: sweeps)
    func `a faulty sweep is named for its fault`(sweep: Sweep) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(sweep.runs)

        let data = try notebook.data()
        let checks = FairnessCheck.all(data, try Comparison(data, options: ReportOptions()))
        let markdown = try notebook.markdown()

        let failed = checks.filter { !$0.passes }
        if let condition = sweep.condition {
            let found = failed.first { $0.name == condition }
            #expect(found?.finding == sweep.banner, "\(failed)")
            let verdict = markdown.split(separator: "## Completeness")[0]
            #expect(verdict.contains("> - \(condition): \(sweep.banner)"))
        } else {
            #expect(failed.isEmpty)
            #expect(!markdown.contains("[!CAUTION]"))
        }
    }

    @Test
    func `repeated runs are counted`() throws {
        let notebook = try SampleNotebook()
        let ids = try (0..<3).map { _ in try notebook.addRun(SampleRun()) }
        let data = try notebook.data(on: .runs(ids))

        let checks = FairnessCheck.all(data, try Comparison(data, options: ReportOptions()))

        #expect(checks.first { $0.name == "no run repeats another" }?.finding == "2 repeated")
    }

    @Test
    func `the samples of an optimizer that searches are those of its evaluations, where batches have one size`() throws
    {
        let notebook = try SampleNotebook()
        let runs = ["full", "1", "2"].map { batch in
            SampleRun(optimizer: "lbfgs", batchSize: batch, momentum: nil, evaluations: 50)
        }

        try notebook.addSweep(runs + [SampleRun(batchSize: "2", evaluations: 24)])

        // The last of two batches of 3 samples has 1.
        #expect(try notebook.data().runs.map(\.samplesUsed) == [150, 50, nil, 36])
        #expect(try notebook.records("runs").map { $0["samples_used"] } == ["150", "50", "", "36"])
    }

    @Test
    func `an optimizer that always diverges is last, and no number hides it`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(Self.runs { _ in } + Self.adam { $0.ending = .diverged(at: 3) })

        let markdown = try notebook.markdown()

        #expect(markdown.contains("adam: no median, since at least half of its runs failed: 6 runs, 6 diverged."))
        #expect(markdown.contains("- sgd is better than adam in excess at the end: "))
        #expect(markdown.contains("| 2 | adam |"))
    }

    @Test
    func `a target that was changed after the plan is said beside the planned one`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(Self.runs { _ in } + Self.adam(), target: "excess=1e-3")
        let options = ReportOptions(isReproducible: true, target: try ReportTarget(text: "excess=1e-2"))

        let planned = try notebook.markdown()
        let changed = String(
            decoding: try notebook.report(on: .sweep("demo"), options)["report.md"] ?? [], as: UTF8.self)

        #expect(planned.contains("The target is excess=1e-3."))
        #expect(!planned.contains("[!CAUTION]"))
        #expect(changed.contains("> - target settled before the runs: planned excess=1e-3, reported excess=1e-2"))
    }

    @Test
    func `a planned target below the smallest possible loss is said to be out of reach`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(Self.runs { _ in } + Self.adam(), target: "loss=0.01")
        let asked = ReportOptions(target: try ReportTarget(text: "loss=0.01"))

        let markdown = try notebook.markdown()
        let error = #expect(throws: ReportError.self) { try notebook.report(on: .sweep("demo"), asked) }

        #expect(markdown.contains("The target is loss=0.01, which no run can reach on this problem"))
        #expect(markdown.contains(" in excess at the end: "))
        #expect(error?.code == .badTarget)
    }
}
