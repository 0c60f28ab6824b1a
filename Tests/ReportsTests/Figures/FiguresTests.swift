import Foundation
import TestSupport
import Testing
import Theory
import Tracking

@testable import Reports

struct FiguresTests {
    private static let evil = "</title><script>alert(1)</script>\"'&\u{1}"

    private func charts(_ notebook: SampleNotebook) throws -> [(name: String, chart: Chart)] {
        try Report(of: .sweep("demo"), in: notebook.store).findings().figures.charts
    }

    private func notebook() throws -> SampleNotebook {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            .mixed
                + [0.1, 0.3].flatMap { rate in (1...6).map { SampleRun(learningRate: rate, seed: $0, factor: 0.7) } })
        return notebook
    }

    @Test(arguments: [
        [1e300], [-1e300], [1e300, 1e300], [-1e308, 1e308], [0, .leastNonzeroMagnitude], [.greatestFiniteMagnitude],
        [.nan, .infinity],
        [],
        [1e16, 1e16 + 2], [-1e300, 1e300],
    ])
    func `an axis has two ends whatever it shows`(values: [Double]) {
        let axis = Axis("", values, isLogarithmic: false)

        #expect(axis.low < axis.high)
        #expect(axis.low.isFinite && axis.high.isFinite && (axis.high - axis.low).isFinite)
        #expect(axis.ticks(atMost: 6).count <= 6)
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
            title: Self.evil, description: Self.evil, meaning: "", x: axis, y: axis,
            marks: [
                .horizontal(y: 0.5, label: Self.evil, nil), .start(Mark.Point(x: 0.5, y: 0.5), Self.evil),
            ],
            labels: [Chart.Label(text: Self.evil, style: SeriesStyle(color: 0))]
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
        (Axis("", from: -0.94, to: -0.72, isLogarithmic: true), ["0.12", "0.14", "0.16", "0.18"]),
        (Axis("", [5, 5], isLogarithmic: false), ["4", "4.5", "5", "5.5", "6"]),
    ])
    func `ticks are round numbers`(axis: Axis, texts: [String]) {
        #expect(axis.ticks(atMost: 7).map(\.text) == texts)
    }

    @Test(arguments: 2...9)
    func `there are no more ticks than asked for, and two if there can be`(limit: Int) {
        for (low, high) in [(0.0, 1.0), (-18.0, 3.0), (-0.3, 0.2), (2.01, 2.09), (0, 7.3), (-1e-9, 1e-9), (5e5, 6e5)] {
            for isLogarithmic in [true, false] where !isLogarithmic || abs(high) < 300 {
                let axis = Axis("", from: low, to: high, isLogarithmic: isLogarithmic)
                let ticks = axis.ticks(atMost: limit)
                #expect(ticks.count <= max(limit, 2), "\(low) to \(high): \(ticks)")
                #expect(ticks.allSatisfy { (low - 1e-9...high + 1e-9).contains($0.place) })
                #expect(Set(ticks.map(\.text)).count == ticks.count)
            }
        }
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

        let svg = svg(axis, [.line(points.map { $0.y.isFinite ? $0 : Mark.Point(x: $0.x, y: .nan) }, Self.style)])

        #expect(!svg.contains("class=\"s0\" d=\"M"))
    }

    private static let style = SeriesStyle(color: 0)

    private func svg(_ axis: Axis, _ marks: [Mark]) -> String {
        Chart(title: "", description: "", meaning: "", x: axis, y: axis, marks: marks, labels: []).svg
    }

    /// The y axis' numbers, 0 to 10, leave the plot 510 pixels from the left, 320 high from 64 down.
    @Test(
        arguments: [
            ([(2, 5), (4, Double.infinity)], 240.0, 64.0), ([(2, 5), (4, -Double.infinity)], 240, 384),
            ([(2, 5), (6, 25)], 189, 64), ([(5, 5), (25, 5)], 546, 224), ([(5, 5), (-15, 5)], 36, 224),
        ] as [([(Double, Double)], Double, Double)])
    func `what leaves the frame is marked where it leaves`(
        points: [(Double, Double)], x: Double, y: Double
    ) throws {
        let axis = Axis("", from: 0, to: 10, isLogarithmic: false)

        let svg = svg(axis, [.line(points.map { Mark.Point(x: $0.0, y: $0.1) }, Self.style)])

        let mark = try #require(svg.firstMatch(of: #/<path class="f0" d="M([0-9.]+) ([0-9.]+)m/#))
        #expect(abs((Double(mark.1) ?? 0) - x) < 4)
        #expect(abs((Double(mark.2) ?? 0) - y) < 1)
    }

    @Test
    func `marks that would cover each other are one, with their number`() {
        let axis = Axis("", from: 0, to: 10, isLogarithmic: false)
        let marks: [Mark] = [5, 5.1, 5.2, 9].map { .above(x: $0, count: 1, Self.style) }

        let svg = svg(axis, marks)

        #expect(svg.matches(of: #/<path class="s0" d="M[0-9.]+ [0-9.]+l8 8/#).count == 2)
        #expect(svg.contains(">3</text>"))
    }

    @Test
    func `an optimizer has one color in all pictures`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            [("adam", 0.8), ("sgd", 0.5)].flatMap { name, factor in
                [0.1, 0.2, 0.3].flatMap { rate in
                    (1...3).map { seed in
                        SampleRun(
                            optimizer: name, learningRate: rate, momentum: name == "sgd" ? 0 : nil, seed: seed,
                            factor: factor + rate / 10)
                    }
                }
            })

        for (name, chart) in try charts(notebook) {
            let colors = chart.labels.map { label in "\(label.text.prefix(3)) \(label.style.color ?? -1)" }
            #expect(Set(colors) == ["ada 0", "sgd 1"], "\(name)")
        }
    }

    @Test
    func `every picture says what its lines are`() throws {
        for (name, chart) in try charts(notebook()) {
            #expect(chart.caption.count > 60 && chart.caption.hasSuffix("."), "\(name)")
        }
    }

    @Test
    func `target and noise floor are drawn and named`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...3).map { SampleRun(batchSize: "1", seed: $0, stepCount: 60, plateau: 6) }, target: "excess=1e-3")

        let chart = try #require(try charts(notebook).first { $0.name == "convergence" }?.chart)

        #expect(chart.svg.contains(">target excess=1e-3</text>"))
        #expect(chart.svg.contains(">noise floor</text>"))
        #expect(chart.caption.contains("The noise floor is the excess around which runs scatter"))
    }

    @Test
    func `contours lie where the excess has their level`() throws {
        let objective = try #require(Objective(.line(), of: SampleRun().plan(dataset: 1)))

        for point in Landscape.contour(of: objective, at: 0.37) {
            let excess = try #require(objective.excess(at: [point.x, point.y]))
            #expect(abs(excess - 0.37) < 1e-12)
        }
    }
}
