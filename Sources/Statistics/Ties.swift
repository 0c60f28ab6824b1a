/// Which numbers are the same, as far as their rounding lets one tell.
///
/// Two are tied whose difference is within 1e-9 of the largest difference there is, plus eight units of rounding of the
/// largest number: equal steps at different scales, say log 4 - log 2 and log 2, differ in their last bits. Nothing is
/// rounded before.
package struct Ties: Sendable, Equatable {
    package let tolerance: Double

    /// Of differences that were taken of numbers up to `magnitude`.
    init(differences: [Double], magnitude: Double) {
        let largest = differences.lazy.filter(\.isFinite).map { abs($0) }.max() ?? 0
        tolerance = 1e-9 * largest + 8 * magnitude.ulpOrZero
    }

    /// Of the numbers of one sample, in which infinite ones are tied anyhow.
    init(values: [Double]) {
        let finite = values.filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
        self.init(differences: [high - low], magnitude: max(abs(low), abs(high)))
    }

    func areTied(_ a: Double, _ b: Double) -> Bool { a == b || abs(a - b) <= tolerance }
}

extension Double {
    fileprivate var ulpOrZero: Double { isFinite && self != 0 ? abs(self) * 0x1p-52 : 0 }
}
