import Foundation
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
    /// Values that are not finite have no place, nor have those whose distance may not be.
    init(_ label: String, _ values: [Double], isLogarithmic: Bool) {
        let places = values.filter { $0.magnitude <= 1e300 }
        let (low, high) = (places.min() ?? 0, places.max() ?? 1)
        let room = low == high ? max(1, 4 * low.ulp) : max((high - low) * 0.04, .leastNormalMagnitude)
        self.init(label, from: low - room, to: high + room, isLogarithmic: isLogarithmic)
    }

    init(_ label: String, from low: Double, to high: Double, isLogarithmic: Bool) {
        precondition(low < high, "an axis from \(low) to \(high)")
        (self.label, self.low, self.high, self.isLogarithmic) = (label, low, high, isLogarithmic)
    }

    /// 0 at the low end, 1 at the high end; infinite values lie beyond.
    func position(_ value: Double) -> Double { (value - low) / (high - low) }

    /// At most so many round values, if there are two, with their places and texts.
    func ticks(atMost limit: Int) -> [(place: Double, text: String)] {
        guard isLogarithmic else { return Self.evenTicks(from: low, to: high, atMost: limit) { $0 } }
        for digits in [[1.0, 2, 5], [1, 3]] {
            let ticks = ticks(within: digits)
            if high - low < 2.5, (2...limit).contains(ticks.count) { return ticks }
        }
        let decades = decades(atMost: limit)
        guard decades.count < 2 else { return decades }
        // Within one decade, the values themselves are almost even.
        return Self.evenTicks(from: pow(10, low), to: pow(10, high), atMost: limit, place: Log10.of)
    }

    private func decades(atMost limit: Int) -> [(place: Double, text: String)] {
        var step = max(1, Self.roundStep((high - low) / Double(limit)))
        while (high / step).rounded(.down) - (low / step).rounded(.up) >= Double(limit) {
            step = Self.roundStep(step * 1.5)
        }
        return Self.multiples(of: step, from: low, to: high).map { ($0, Self.power(Int($0))) }
    }

    /// These digits times the powers of ten.
    private func ticks(within digits: [Double]) -> [(place: Double, text: String)] {
        (Int(low.rounded(.down))...Int(high.rounded(.up))).flatMap { power in
            digits.map { digit in
                let place = Double(power) + Log10.of(digit)
                return (place, Self.text(digit * (Double("1e\(power)") ?? 0)))
            }
        }.filter { (low...high).contains($0.place) }
    }

    private static func evenTicks(
        from low: Double, to high: Double, atMost limit: Int, place: (Double) -> Double
    ) -> [(place: Double, text: String)] {
        guard high - low > 1e-300, (high - low).isFinite else { return [] }
        var step = roundStep((high - low) / Double(limit))
        while (high / step).rounded(.down) - (low / step).rounded(.up) >= Double(limit) {
            step = roundStep(step * 1.5)
        }
        return multiples(of: step, from: low, to: high).map { (place($0), text($0)) }
    }

    private static func multiples(of step: Double, from low: Double, to high: Double) -> [Double] {
        let first = (low / step).rounded(.up)
        let count = Int(((high / step).rounded(.down) - first).rounded())
        guard count >= 0 else { return [] }
        return (0...count).map { (first + Double($0)) * step }
    }

    /// 1, 2 or 5 times a power of ten, at least `step`.
    private static func roundStep(_ step: Double) -> Double {
        var unit = 1.0
        while unit > step { unit /= 10 }
        while unit * 10 <= step { unit *= 10 }
        return [1, 2, 5, 10].first { $0 * unit >= step * (1 - 1e-12) }.map { $0 * unit } ?? step
    }

    /// Without the rounding of a product such as 3 * 0.1.
    private static func text(_ value: Double) -> String {
        NumberText.exact(Double(NumberText.rounded(value, digits: 12)) ?? value)
    }

    private static func power(_ decades: Int) -> String {
        (-3...3).contains(decades) ? NumberText.exact(Double("1e\(decades)") ?? 0) : "1e\(decades)"
    }
}
