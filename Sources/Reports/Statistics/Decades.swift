import Foundation

/// Loss on a logarithmic scale.
enum Decades {
    /// log10, finite at 0, rounded to ten decimals so that it does not depend on the machine's logarithm.
    static func of(_ value: Double) -> Double {
        (log10(max(value, .leastNormalMagnitude)) * 1e10).rounded() / 1e10
    }
}
