import Statistics
import Testing
import Tracking

@testable import Reports

/// A report reads every step of a run, a verdict as little as it can: both must come to the same outcome.
struct RunReadingTests {
    private let notebook: SampleNotebook

    init() throws {
        notebook = try SampleNotebook()
        try notebook.addSweep([
            SampleRun(stepCount: 40, factor: 0.6), SampleRun(seed: 2, stepCount: 40, factor: 0.02),
            SampleRun(seed: 3, stepCount: 40, factor: 1.2), SampleRun(seed: 4, stepCount: 40, ending: .failed),
            SampleRun(seed: 5, stepCount: 40, ending: .diverged(at: 30)),
            SampleRun(seed: 6, stepCount: 40, stoppedAfter: 25),
            SampleRun(seed: 7, stepCount: 40, dtype: "float32"), SampleRun(seed: 8, stepCount: 40, ending: .queued),
        ])
    }

    @Test(arguments: [nil, 20])
    func `outcomes are equal, whatever is measured`(cut: Int?) throws {
        let target = try ReportTarget(text: "excess=1e-2")
        // A further budget, so that the report keeps the value after 20 steps.
        try notebook.addSweep([SampleRun(stepCount: 20)], named: "short")
        let ids = try notebook.store.runs.all().map(\.id)
        let all = try ReportSelection(.runs(ids), in: notebook.store, isAlive: { _ in true })
        var curves = CurvesFile(stride: 1, parameters: all.parameters) { _ in }
        let reported = try ReportData(
            all, in: notebook.store, options: ReportOptions(target: target), curves: &curves
        ).runs
        var reader = MeasureReader(notebook.store)
        let quantities: [(ReportMeasure.Quantity, RunQuantity)] =
            [(.excess, .excess), (.time, .time(JudgedQuantity.Condition(target)))]
            + (cut == nil ? [(.loss, .loss)] : [])

        for (inReport, inVerdict) in quantities {
            let judged = try reader.measure(all.runs, inVerdict, at: .final, cut: cut, goal: .min)
            #expect(reported.map { $0.outcome(inReport, after: cut) } == judged.map(\.outcome), "\(inReport)")
            #expect(judged.contains { $0.outcome == .failure } && judged.contains { $0.outcome == .noResult })
        }
        let floor = try #require(reported[1].value(of: .excess, after: nil))
        #expect(floor == reported[1].problem.excessFloor)
        #expect(reported[2].isUnstable && reported[2].outcome(.excess, after: nil) == .failure)
    }
}
