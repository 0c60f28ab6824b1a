import Testing

@testable import Inspection

/// Curves in one line.
struct SparkTextTests {
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
