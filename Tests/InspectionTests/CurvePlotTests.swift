import Testing

@testable import Inspection

/// Curves drawn with braille dots, and as one line of bars.
struct CurvePlotTests {
    private func plot(_ values: [Double], width: Int = 4, height: Int = 2) -> [String] {
        let points = values.enumerated().map { CurvePlot.Point(step: $0, value: $1) }
        var plot = CurvePlot(
            width: width, height: height, lastStep: values.count - 1, scale: CurvePlot.Scale(of: values))
        plot.draw(points)
        return plot.rows
    }

    @Test
    func `a falling line goes from the top left to the bottom right`() {
        #expect(plot([8, 7, 6, 5, 4, 3, 2, 1].map { -$0 }.reversed()) == ["⠙⢦⡀⠀", "⠀⠀⠙⢦"])
    }

    @Test
    func `a curve of decades is drawn in decades`() {
        #expect(plot([1e7, 1e6, 1e5, 1e4, 1e3, 100, 10, 1]) == ["⠙⢦⡀⠀", "⠀⠀⠙⢦"])
    }

    @Test
    func `a jump is drawn as a line without gaps`() {
        #expect(plot([1, 1, 1, 1, -1, -1, -1, -1]) == ["⠉⠉⡇⠀", "⠀⠀⣇⣀"])
    }

    @Test
    func `what is not finite leaves a gap`() {
        #expect(plot([0, 0, .nan, .infinity, 0, 0, -1, 1], height: 1).map { Array($0)[1] } == ["⠀"])
    }

    @Test(arguments: [[], [3.0], [0, 0, 0], [.nan, .nan], [1e308, -1e308], [1e-300, 1e308]])
    func `any values can be drawn`(values: [Double]) {
        #expect(plot(values).map(\.count) == [4, 4])
    }

    private func line(_ values: [Double], width: Int, lastStep: Int) -> String {
        let points = values.enumerated().map { CurvePlot.Point(step: $0, value: $1) }
        return SparkText.line(points, width: width, lastStep: lastStep, scale: CurvePlot.Scale(of: values))
    }

    @Test
    func `each cell has the height of its last value, and steps that are not there are dots`() {
        #expect(line([1, 10, 100, 1000], width: 4, lastStep: 3) == "▁▃▆█")
        #expect(line([1000, 1], width: 4, lastStep: 3) == "█▁··")
        #expect(line([8, 4, .nan, 0, 8, 0], width: 3, lastStep: 5) == "▅▁▁")
    }
}
