/// Curves as a line of text each: eight heights of bars, on one scale for all curves that are compared.
struct Sparkline {
    /// What stands in one cell.
    enum Cell: Sendable, Equatable {
        case value(Double)
        /// It had left the finite numbers by then.
        case diverged
        /// There is no number, for another reason.
        case missing
    }

    static let cellCount = 12
    private static let bars = Array("▁▂▃▄▅▆▇█")
    /// How many decades are shown below the top; what is further down is drawn at the bottom.
    private static let range = 8.0

    let low: Double
    let high: Double

    /// The scale of `curves`: its top is the highest start, so that one curve that grows beyond it does not flatten all
    /// others.
    init(of curves: [[Cell]]) {
        let high = curves.compactMap { $0.first?.finiteValue }.max() ?? 0
        self.high = high
        low = max(curves.joined().compactMap(\.finiteValue).min() ?? high, high - Self.range)
    }

    /// One character per cell: a bar, `x` for diverged, `·` for missing.
    func text(_ curve: [Cell]) -> String {
        String(
            curve.map { cell in
                switch cell {
                case .value(let value): bar(value)
                case .diverged: "x"
                case .missing: "·"
                }
            })
    }

    private func bar(_ value: Double) -> Character {
        guard value > low else { return Self.bars[0] }
        guard value < high else { return Self.bars[Self.bars.count - 1] }
        let height = Int((value - low) / (high - low) * Double(Self.bars.count))
        return Self.bars[min(height, Self.bars.count - 1)]
    }
}

extension Sparkline.Cell {
    fileprivate var finiteValue: Double? {
        if case .value(let value) = self, value.isFinite { value } else { nil }
    }
}
