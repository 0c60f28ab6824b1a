import Statistics
import TextFormats

/// One direction of a chart: which values it shows, and where.
struct Axis: Sendable, Equatable {
    let label: String
    /// Values at both ends; of a logarithmic axis, their decades.
    let low: Double
    let high: Double
    /// Whether positions are decades of the values.
    let isLogarithmic: Bool

    /// From the lowest to the highest of `values`, with some room.
    ///
    /// Values that are not finite have no place.
    init(_ label: String, _ values: [Double], isLogarithmic: Bool) {
        let places = values.filter(\.isFinite)
        let (low, high) = (places.min() ?? 0, places.max() ?? 1)
        let room = low == high ? 1 : (high - low) * 0.04
        self.init(label, from: low - room, to: high + room, isLogarithmic: isLogarithmic)
    }

    init(_ label: String, from low: Double, to high: Double, isLogarithmic: Bool) {
        precondition(low < high, "an axis from \(low) to \(high)")
        (self.label, self.low, self.high, self.isLogarithmic) = (label, low, high, isLogarithmic)
    }

    /// 0 at the low end, 1 at the high end; infinite values lie beyond.
    func position(_ value: Double) -> Double { (value - low) / (high - low) }

    /// Some round values with their places and texts.
    var ticks: [(place: Double, text: String)] {
        if isLogarithmic, high - low < 2.5 { return closeDecades }
        let step = isLogarithmic ? max(1, Self.roundStep((high - low) / 8)) : Self.roundStep((high - low) / 6)
        let first = (low / step).rounded(.up)
        let count = Int(((high / step).rounded(.down) - first).rounded())
        guard count >= 0 else { return [] }
        return (0...count).map { index in
            let value = (first + Double(index)) * step
            return (value, isLogarithmic ? Self.power(Int(value)) : NumberText.exact(Self.cleaned(value)))
        }
    }

    /// 1, 2 and 5 times the powers of ten.
    private var closeDecades: [(place: Double, text: String)] {
        (Int(low.rounded(.down))...Int(high.rounded(.up))).flatMap { power in
            [1.0, 2, 5].map { digit in
                let place = Double(power) + Log10.of(digit)
                return (place, NumberText.exact(Self.cleaned(digit * (Double("1e\(power)") ?? 0))))
            }
        }.filter { (low...high).contains($0.place) }
    }

    /// 1, 2 or 5 times a power of ten, at least `step`.
    private static func roundStep(_ step: Double) -> Double {
        var unit = 1.0
        while unit > step { unit /= 10 }
        while unit * 10 <= step { unit *= 10 }
        return [1, 2, 5, 10].first { $0 * unit >= step }.map { $0 * unit } ?? step
    }

    /// Without the rounding of a product such as 3 * 0.1.
    private static func cleaned(_ value: Double) -> Double {
        Double(NumberText.rounded(value, digits: 12)) ?? value
    }

    private static func power(_ decades: Int) -> String {
        (-3...3).contains(decades) ? NumberText.exact(Double("1e\(decades)") ?? 0) : "1e\(decades)"
    }
}
