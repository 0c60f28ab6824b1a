/// A curve in a line of text: eight heights of bars, on a scale shared by all curves that are compared.
struct Sparkline {
    static let cells = 12
    private static let bars = Array("▁▂▃▄▅▆▇█")

    let low: Double
    let high: Double

    /// How much is shown below the highest start; a curve further down is drawn at the bottom.
    private static let range = 8.0

    /// The scale of `curves`; nil stands for a point that no number can be shown for.
    ///
    /// Its top is the highest start, so that one curve that grows beyond does not flatten all others.
    init(of curves: [[Double?]]) {
        high = curves.compactMap { $0.first ?? nil }.max() ?? 0
        low = max(curves.joined().compactMap { $0 }.min() ?? 0, high - Self.range)
    }

    /// One bar per point, `x` where there is none.
    func text(_ curve: [Double?]) -> String {
        String(
            curve.map { point in
                guard let point else { return "x" }
                guard high > low else { return Self.bars[0] }
                let height = (point - low) / (high - low) * Double(Self.bars.count)
                return Self.bars[max(0, min(Self.bars.count - 1, Int(height)))]
            })
    }
}
