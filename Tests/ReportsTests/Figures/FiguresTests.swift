import Foundation
import TestSupport
import Testing
import Theory
import Tracking

@testable import Reports

struct FiguresTests {
    private static let evil = "</title><script>alert(1)</script>\"'&\u{1}"

    private func charts(_ notebook: SampleNotebook) throws -> [(name: String, chart: Chart)] {
        let data = try notebook.data()
        return Findings(
            data, try Comparison(data, options: ReportOptions()), options: ReportOptions(), subject: .sweep("demo"),
            spelling: SampleNotebook.spelling
        ).figures.charts
    }

    private func notebook() throws -> SampleNotebook {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            .mixed
                + [0.1, 0.3].flatMap { rate in (1...6).map { SampleRun(learningRate: rate, seed: $0, factor: 0.7) } })
        return notebook
    }

    @Test
    func `a sweep has all five pictures, each named and described`() throws {
        let charts = try charts(notebook())

        #expect(charts.map(\.name) == ["convergence", "sensitivity", "ecdf", "landscape", "fit"])
        for (_, chart) in charts {
            #expect(chart.svg.contains("<title>\(chart.title)</title>\n<desc>"))
            #expect(chart.svg.contains("prefers-color-scheme: dark"))
            #expect(!chart.svg.contains("nan") && !chart.svg.contains("inf"))
        }
    }

    @Test(.enabled(if: Program.named("rsvg-convert") != nil))
    func `every picture can be drawn by another program`() throws {
        for (name, chart) in try charts(notebook()) {
            let picture = try Program.named("rsvg-convert")?.run([], input: Data(chart.svg.utf8))

            #expect(picture?.outputBytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true, "\(name)")
        }
    }

    @Test
    func `a name cannot leave its text`() {
        let axis = Axis(Self.evil, [0, 1], isLogarithmic: false)
        let svg = Chart(
            title: Self.evil, description: Self.evil, x: axis, y: axis, marks: [],
            labels: [(Self.evil, SeriesStyle(index: 0))]
        ).svg

        #expect(!svg.contains("<script"))
        #expect(!svg.contains("\u{1}"))
        #expect(svg.components(separatedBy: "</title>").count == 2)
    }

    @Test(arguments: [
        (Axis("", from: 0, to: 1, isLogarithmic: false), ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (Axis("", from: -3.1, to: 1.2, isLogarithmic: true), ["0.001", "0.01", "0.1", "1", "10"]),
        (Axis("", from: -18, to: 0, isLogarithmic: true), ["1e-15", "1e-10", "1e-5", "1"]),
        (Axis("", from: -1.5, to: -0.2, isLogarithmic: true), ["0.05", "0.1", "0.2", "0.5"]),
        (Axis("", [5, 5], isLogarithmic: false), ["4", "4.5", "5", "5.5", "6"]),
    ])
    func `ticks are round numbers`(axis: Axis, texts: [String]) {
        #expect(axis.ticks.map(\.text) == texts)
    }

    @Test
    func `values without a number have no place`() {
        let axis = Axis("", [.infinity, 1, -.infinity, 3], isLogarithmic: false)

        #expect(axis.low == 1 - 0.08)
        #expect(axis.high == 3 + 0.08)
    }

    @Test
    func `a line is broken where it has no value`() {
        let axis = Axis("", from: 0, to: 10, isLogarithmic: false)
        let points = [(0, 0), (5, Double.infinity), (10, 10)].map { Mark.Point(x: Double($0), y: $1) }

        let svg = Chart(
            title: "", description: "", x: axis, y: axis, marks: [.line(points, SeriesStyle(index: 0))], labels: []
        ).svg

        #expect(svg.contains("M70 376M550 36"))
    }

    @Test
    func `contours lie where the excess has their level`() throws {
        let objective = try #require(Objective(.line(), of: SampleRun().plan(dataset: 1)))

        for point in Figures.contour(of: objective, at: 0.37) {
            let excess = try #require(objective.excess(at: [point.x, point.y]))
            #expect(abs(excess - 0.37) < 1e-12)
        }
    }
}
