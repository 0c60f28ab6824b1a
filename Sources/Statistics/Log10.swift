import Foundation

/// A loss on the logarithmic scale.
package enum Log10 {
    /// log10 of `value`, -infinity for 0, and infinity, which ranks behind all numbers, for what has none: NaN, and less than 0.
    ///
    /// Rounded to ten decimals, so that two machines' mathematics libraries, which may differ in the last bit, give the
    /// same bytes.
    package static func of(_ value: Double) -> Double {
        let exponent = log10(value)
        if exponent.isNaN { return .infinity }
        return exponent.isFinite ? (exponent * 1e10).rounded() / 1e10 : exponent
    }
}
