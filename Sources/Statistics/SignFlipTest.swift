import Randomness

/// Whether paired differences are symmetric around 0: the permutation test of Fisher 1935.
///
/// Its statistic is |Σ d|. Exact for up to 16 pairs, by all 2^n signs; beyond that by 100 000 random ones, with
/// p = (b + 1) / (m + 1) (Phipson and Smyth 2010).
package struct SignFlipTest: Sendable, Equatable {
    package static let exactCount = 16
    package static let drawCount = 100_000

    package let p: Double
    package let isExact: Bool

    /// - Precondition: there is at least one difference, and all are finite.
    package init(_ differences: [Double], seed: UInt64) {
        precondition(
            !differences.isEmpty && differences.allSatisfy(\.isFinite),
            "a test of \(differences.count) differences, of which some are not finite")
        let count = differences.count
        let observed = abs(differences.reduce(0, +))
        // Sums of the same numbers in another order may differ in their last bits, and still are ties.
        let bound = observed - 1e-12 * differences.reduce(0) { $0 + abs($1) }
        isExact = count <= Self.exactCount
        if isExact {
            let total = 1 << count
            let extreme = (0..<total).count { signs in
                var sum = 0.0
                for index in 0..<count { sum += signs >> index & 1 == 1 ? -differences[index] : differences[index] }
                return abs(sum) >= bound
            }
            p = Double(extreme) / Double(total)
        } else {
            var stream = CounterStream(seed: seed, index: UInt64(count))
            var extreme = 0
            for _ in 0..<Self.drawCount {
                var sum = 0.0
                var signs: UInt64 = 0
                for (index, difference) in differences.enumerated() {
                    if index % 64 == 0 { signs = stream.next() }
                    sum += signs & 1 == 1 ? -difference : difference
                    signs >>= 1
                }
                if abs(sum) >= bound { extreme += 1 }
            }
            p = Double(extreme + 1) / Double(Self.drawCount + 1)
        }
    }

    /// The smallest p that `count` pairs can give: 2 of 2^n signs, or none of the random ones.
    package static func smallestP(count: Int) -> Double {
        count <= exactCount
            ? min(1, Double(sign: .plus, exponent: 1 - count, significand: 1)) : 1 / Double(drawCount + 1)
    }
}

/// p values of several tests, raised so that the chance of any false finding among them stays at the level (Holm 1979).
package enum HolmCorrection {
    /// In the order of `values`.
    ///
    /// With p_(1) ≤ … ≤ p_(m) in ascending order, the adjusted p_(i) is max_{j ≤ i} min(1, (m + 1 - j) p_(j)).
    package static func adjusted(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var adjusted = values
        var highest = 0.0
        for (place, index) in order.enumerated() {
            highest = max(highest, min(1, Double(values.count - place) * values[index]))
            adjusted[index] = highest
        }
        return adjusted
    }
}
