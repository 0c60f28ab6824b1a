/// A curve in one line of text: a bar of one of eight heights per cell.
enum SparkText {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// The last finite value in each of `width` even parts of the steps 0 to `lastStep`; `·` where there is none.
    static func line(_ points: [CurvePlot.Point], width: Int, lastStep: Int, scale: CurvePlot.Scale) -> String {
        var cells = [Double?](repeating: nil, count: max(1, width))
        for point in points where point.value.isFinite && !(scale.isLogarithmic && point.value <= 0) {
            cells[min(cells.count - 1, point.step * cells.count / (max(0, lastStep) + 1))] = point.value
        }
        return String(
            cells.map { cell in
                cell.map { bars[min(bars.count - 1, Int(scale.height(of: $0) * Double(bars.count)))] } ?? "·"
            })
    }
}
