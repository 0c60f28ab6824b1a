/// Whether the first of two is better on more pairs than the second: the sign test (Arbuthnott 1710), exact.
///
/// Needs no scale: a failure is just worse. Pairs that tell nothing apart stay out.
package struct SignTest: Sendable, Equatable {
    package let p: Double

    /// Of `lower + higher` pairs in the first of which the first is lower.
    package init(lower: Int, higher: Int, side: Side = .both) {
        let count = lower + higher
        p = side.p(
            lower: Binomial.lowerTail(higher, of: count), higher: Binomial.lowerTail(lower, of: count))
    }

    package static func smallestP(count: Int, side: Side = .both) -> Double {
        side.smallestP(tail: Double(sign: .plus, exponent: -count, significand: 1))
    }

    /// The median of the ratios or differences of the pairs, between the order statistics that the test does not reject;
    /// an end is infinite where so few pairs reject nothing.
    package static func interval(_ values: [Double], alpha: Double, side: Side = .both) -> Interval {
        let sorted = values.sorted()
        let tails = side.tails(alpha)
        let rank = { (tail: Double?) in tail.map { Binomial.rank(below: $0, of: sorted.count) } ?? 0 }
        let (low, high) = (rank(tails.low), rank(tails.high))
        return Interval(
            low: low == 0 ? -.infinity : sorted[low - 1], high: high == 0 ? .infinity : sorted[sorted.count - high])
    }
}

/// Fair coins: the binomial distribution with probability 1/2.
enum Binomial {
    /// P(X ≤ k) of `count` throws.
    static func lowerTail(_ k: Int, of count: Int) -> Double {
        guard k < count else { return 1 }
        guard k >= 0 else { return 0 }
        // 2^-n is the first of the terms; where it would vanish they are relative to the largest one, in the middle.
        if count <= 1000 {
            var term = Double(sign: .plus, exponent: -count, significand: 1)
            var tail = term
            for index in 0..<k {
                term *= Double(count - index) / Double(index + 1)
                tail += term
            }
            return min(1, tail)
        }
        let middle = count / 2
        var (tail, all) = (0.0, 0.0)
        var term = 1.0
        for index in stride(from: middle, through: 0, by: -1) {
            all += term
            if index <= k { tail += term }
            term *= Double(index) / Double(count - index + 1)
        }
        term = 1
        for index in middle..<count {
            term *= Double(count - index) / Double(index + 1)
            all += term
            if index + 1 <= k { tail += term }
        }
        return min(1, tail / all)
    }

    /// The largest rank k with P(X ≤ k - 1) ≤ `tail`: from the k-th value on, counted from 1, a median is not rejected.
    static func rank(below tail: Double, of count: Int) -> Int {
        var (low, high) = (0, count / 2 + 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lowerTail(middle - 1, of: count) <= tail { low = middle } else { high = middle }
        }
        return low
    }
}
