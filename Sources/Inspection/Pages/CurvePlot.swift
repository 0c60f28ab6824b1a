import Foundation
import TextFormats

/// A curve drawn with braille dots, two to the right and four up in each character.
struct CurvePlot {
    /// A point of a curve; a value that is not finite leaves a gap.
    struct Point: Sendable, Equatable {
        let step: Int
        let value: Double
    }

    /// From which value to which a plot reaches, and whether in decades.
    struct Scale: Equatable {
        let low: Double
        let high: Double
        let isLogarithmic: Bool

        /// Fits all values; in decades if all are above 0.
        init(of values: some Sequence<Double>) {
            var (low, high) = (Double.infinity, -Double.infinity)
            for value in values where value.isFinite {
                low = min(low, value)
                high = max(high, value)
            }
            isLogarithmic = low > 0 && high > 2 * low
            (self.low, self.high) = low <= high ? (low, high) : (0, 0)
        }

        /// Where a value is, from 0 at the bottom to 1 at the top.
        func height(of value: Double) -> Double {
            guard high > low else { return 0.5 }
            // Halved, because a range may be wider than the largest number.
            let height =
                isLogarithmic
                ? (log(value) - log(low)) / (log(high) - log(low))
                : (value / 2 - low / 2) / (high / 2 - low / 2)
            return min(1, max(0, height))
        }
    }

    private let width: Int
    private let height: Int
    private let firstStep: Int
    private let lastStep: Int
    private let scale: Scale
    /// Which dots are set, row by row from the top.
    private var dots: [Bool]

    /// A plot of so many characters, for steps from `firstStep` to `lastStep`.
    init(width: Int, height: Int, firstStep: Int = 0, lastStep: Int, scale: Scale) {
        self.width = max(1, width)
        self.height = max(1, height)
        self.firstStep = min(firstStep, Int.max - 1)
        self.lastStep = max(self.firstStep + 1, lastStep)
        self.scale = scale
        dots = Array(repeating: false, count: self.width * 2 * self.height * 4)
    }

    private var dotColumns: Int { width * 2 }
    private var dotRows: Int { height * 4 }

    /// Draws each point, and between neighboring columns a line.
    mutating func draw(_ points: some Sequence<Point>) {
        var previous: (column: Int, row: Int)?
        for point in points {
            guard point.value.isFinite, !(scale.isLogarithmic && point.value <= 0) else {
                previous = nil
                continue
            }
            let column = column(of: point.step)
            let row = Int(((1 - scale.height(of: point.value)) * Double(dotRows - 1)).rounded())
            let from = previous.map { $0.column >= column - 1 ? $0.row : row } ?? row
            for between in min(from, row)...max(from, row) { dots[between * dotColumns + column] = true }
            previous = (column, row)
        }
    }

    /// Steps of another program may be as far apart as 64 bits allow.
    private func column(of step: Int) -> Int {
        let span = UInt(bitPattern: lastStep &- firstStep)
        let offset = min(span, UInt(bitPattern: max(firstStep, step) &- firstStep))
        return Int(span.dividingFullWidth(offset.multipliedFullWidth(by: UInt(dotColumns - 1))).quotient)
    }

    /// One text per row of characters.
    var rows: [String] {
        (0..<height).map { row in
            String(
                String.UnicodeScalarView(
                    (0..<width).map { column in
                        var pattern: UInt32 = 0
                        for (bit, offset) in Self.bits.enumerated()
                        where dots[(row * 4 + offset.row) * dotColumns + column * 2 + offset.column] {
                            pattern |= 1 << UInt32(bit)
                        }
                        return Unicode.Scalar(0x2800 + pattern) ?? " "
                    }))
        }
    }

    /// Where each bit of a braille pattern is, as Unicode numbers the dots.
    private static let bits: [(row: Int, column: Int)] = [
        (0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1),
    ]

    /// The rows with the scale's ends at their left, and the steps below.
    func text() -> String {
        let labels = [CellText.label(scale.high), CellText.label(scale.low)]
        let margin = labels.map(\.count).max() ?? 0
        var lines: [String] = []
        for (index, row) in rows.enumerated() {
            let label = index == 0 ? labels[0] : index == height - 1 ? labels[1] : ""
            let line = String(repeating: " ", count: margin - label.count) + label + " │" + row
            lines.append(line.trimmingEnd(of: "\u{2800}"))
        }
        let (begin, end) = ("\(firstStep)", "step \(lastStep)")
        lines.append(
            String(repeating: " ", count: margin + 2) + begin
                + String(repeating: " ", count: max(1, width - begin.count - end.count)) + end)
        return lines.joined(separator: "\n")
    }
}

extension CellText {
    /// Three digits, for the end of a scale.
    static func label(_ value: Double) -> String {
        NumberText.rounded(value, digits: 3)
    }
}

extension String {
    func trimmingEnd(of character: Character) -> String {
        var text = self[...]
        while text.last == character { text = text.dropLast() }
        return String(text)
    }
}

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
