import Foundation

/// A loss on the logarithmic scale.
enum Decades {
    /// log10 of `value`, -infinity for 0.
    ///
    /// Rounded to ten decimals, so that two machines' mathematics libraries, which may differ in the last bit, give the
    /// same bytes.
    static func of(_ value: Double) -> Double {
        let decades = log10(value)
        return decades.isFinite ? (decades * 1e10).rounded() / 1e10 : decades
    }
}
