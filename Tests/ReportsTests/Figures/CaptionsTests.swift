import Foundation
import Testing

@testable import Reports

/// What pictures show beside their lines, and what their captions say of it.
struct CaptionsTests {
    private func charts(_ runs: [SampleRun], target: String? = nil) throws -> [String: Chart] {
        let notebook = try SampleNotebook()
        try notebook.addSweep(runs, target: target)
        let charts = try Report(of: .sweep("demo"), in: notebook.store).findings().figures.charts
        return Dictionary(charts.map { ($0.name, $0.chart) }) { first, _ in first }
    }

    @Test
    func `a single run has neither median nor band`() throws {
        let caption = try #require(charts([SampleRun()])["convergence"]?.caption)

        #expect(caption.hasPrefix("Each line is one run;"))
        #expect(!caption.contains("quartiles"))
    }

    @Test
    func `a line with fewer points than steps says so`() throws {
        let long = try #require(charts([SampleRun(stepCount: 400, factor: 0.99)])["convergence"]?.caption)
        let short = try #require(charts([SampleRun(stepCount: 8)])["convergence"]?.caption)

        #expect(long.contains(/Of 400 steps [0-9]+ are drawn/))
        #expect(!short.contains("are drawn"))
    }

    @Test
    func `a fork begins where it left its parent, not beyond the edge`() throws {
        let runs = [SampleRun(), SampleRun(learningRate: 0.2, parent: (run: 1, step: 12))]
        let chart = try #require(charts(runs)["convergence"])

        #expect(chart.leaving.isEmpty)
        let starts = chart.marks.compactMap { mark -> Double? in
            if case .line(let points, _) = mark { points.map(\.x).min() } else { nil }
        }
        #expect(starts.contains { $0 >= 1.07 } && starts.contains(0))
    }

    @Test
    func `rates whose excess is all the same are seen below where they began`() throws {
        let runs = [0.1, 0.2, 0.3].map { SampleRun(learningRate: $0, stepCount: 200) }
        let chart = try #require(charts(runs, target: "excess=1e-3")["sensitivity"])

        #expect(chart.y.high > -1)
        #expect(chart.svg.contains(">target excess=1e-3</text>"))
        #expect(chart.caption.contains("The dotted line is the target."))
    }

    @Test
    func `a configuration without a curve is named`() throws {
        let runs = [SampleRun(), SampleRun(learningRate: 0.3, ending: .diverged(at: 9))]
        let chart = try #require(charts(runs)["fit"])

        #expect(chart.labels.count == 1)
        #expect(chart.caption.contains("no run ended well: lr 0.3."))
    }
}
