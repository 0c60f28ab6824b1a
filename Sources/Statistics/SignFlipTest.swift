import Randomness

/// Whether paired differences are symmetric around 0: the permutation test of Fisher 1935, whose statistic is their sum.
///
/// Up to 40 pairs all 2^n signs count: those of each half of the pairs are listed in the order of their sums, and the two
/// lists are merged, about 2^(n/2) steps (Horowitz and Sahni 1974). Beyond, 100 000 declared draws, half of them the
/// opposite of the other half, with p = (b + 1) / (m + 1) on each side (Phipson and Smyth 2010); they depend on the
/// differences alone.
///
/// The interval of the shift is this test inverted, so that it holds 0 just where the test does not reject: exact for
/// symmetric differences.
package struct SignFlipTest: Sendable {
    package static let exactCount = 40
    package static let drawCount = 100_000

    package let side: Side
    package let p: Double
    package let isExact: Bool
    /// The mean difference.
    package let estimate: Double

    private let differences: [Double]
    private let tolerance: Double
    private let drawn: [Double]

    /// `magnitude` is the largest number that the differences were taken of: what rounds away there is no evidence.
    ///
    /// - Precondition: there is at least one difference, and all are finite.
    package init(_ differences: [Double], magnitude: Double = 0, side: Side = .both) {
        precondition(
            !differences.isEmpty && differences.allSatisfy(\.isFinite),
            "a test of \(differences.count) differences, of which some are not finite")
        // Whoever lists the pairs in another order gets the same bits, and whoever swaps the arms the mirrored ones.
        let isTurned = differences.map { -$0 }.sorted().lexicographicallyPrecedes(differences.sorted())
        self.differences = differences.sorted { a, b in
            (abs(a), isTurned ? -a : a) < (abs(b), isTurned ? -b : b)
        }
        self.side = side
        let ties = Ties(differences: differences, magnitude: magnitude)
        tolerance = ties.tolerance * max(1, Double(differences.count) / 8)
        estimate = self.differences.reduce(0, +) / Double(differences.count)
        isExact = differences.count <= Self.exactCount
        drawn = isExact ? [] : Self.drawnMeans(self.differences)
        p = side.p(
            lower: Self.tail(self.differences.map { -$0 }, tolerance, drawn.map { -$0 }),
            higher: Self.tail(self.differences, tolerance, drawn))
    }

    /// The smallest p that `count` pairs can give: one of 2^n signs on a side, or none of the draws.
    package static func smallestP(count: Int, side: Side = .both) -> Double {
        side.smallestP(
            tail: count <= exactCount
                ? Double(sign: .plus, exponent: -count, significand: 1) : 1 / Double(drawCount + 1))
    }

    /// The shifts of the differences that the test does not reject at `alpha`; an end is infinite where so few pairs
    /// reject none.
    ///
    /// For 40 pairs about half a second, for 20 a millisecond.
    package func interval(alpha: Double) -> Interval {
        let tails = side.tails(alpha)
        let low = tails.low.map { lowEnd(differences, drawn, $0) } ?? -.infinity
        let high = tails.high.map { -lowEnd(differences.map { -$0 }, drawn.map { -$0 }, $0) } ?? .infinity
        // Where hardly anything is rejected the two meet.
        return Interval(low: min(low, high), high: max(low, high))
    }

    // MARK: - Internals

    /// The probability of a sum at least as high as the one seen, under random signs.
    ///
    /// Flipping the signs of a subset lowers the sum by twice the subset's own, so those subsets count whose sum is not
    /// above 0; the empty one always does.
    private static func tail(_ differences: [Double], _ tolerance: Double, _ drawn: [Double]) -> Double {
        guard differences.count > exactCount else {
            var sums = SubsetSums(of: differences.count)
            return Double(sums.count(differences, upTo: tolerance))
                / Double(sign: .plus, exponent: differences.count, significand: 1)
        }
        return Double(1 + drawn.count { $0 <= tolerance }) / Double(drawCount + 1)
    }

    /// The lowest shift that is not rejected when at most `alpha` of the signs may be as extreme.
    ///
    /// A shift δ is rejected where too few subsets have a mean up to δ: the end is one of these means.
    private func lowEnd(_ differences: [Double], _ drawn: [Double], _ alpha: Double) -> Double {
        let count = differences.count
        guard isExact else {
            let rank = Int((alpha * Double(Self.drawCount + 1)).rounded(.down))
            return rank < 1 ? -.infinity : drawn.sorted()[rank - 1]
        }
        let all = Double(sign: .plus, exponent: count, significand: 1)
        let rank = Int((alpha * all).rounded(.down))
        guard rank >= 1, let low = differences.min(), let high = differences.max() else { return -.infinity }
        guard low < high else { return low }
        var sums = SubsetSums(of: count)
        // By how many subsets a shift is accepted.
        let excess = { (shift: Double) in
            Double(sums.count(differences.map { $0 - shift }, upTo: tolerance) - rank) - 0.5
        }
        guard excess(low) < 0 else { return low }
        let guess = Self.expectedEnd(differences, alpha)
        return Crossing.find(
            from: low, to: high, guess: guess, step: (Moments(differences).mean - guess) / 50,
            precision: 1e-13 * max(abs(low), abs(high)), excess)
    }

    /// Where the lower end would be if random signs gave a normal distribution.
    private static func expectedEnd(_ differences: [Double], _ alpha: Double) -> Double {
        let (moments, z, count) = (Moments(differences), -Normal.quantile(alpha), Double(differences.count))
        return moments.mean - z * (moments.variance * (count - 1) / (count * (count - z * z))).squareRoot()
    }

    /// The means of drawn subsets and of their complements.
    private static func drawnMeans(_ differences: [Double]) -> [Double] {
        var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
        for difference in differences { seed = (seed ^ abs(difference).bitPattern) &* 0x0000_0100_0000_01B3 }
        var stream = CounterStream(seed: seed, index: UInt64(differences.count))
        var means: [Double] = []
        means.reserveCapacity(drawCount)
        for _ in 0..<drawCount / 2 {
            var (inside, outside, count) = (0.0, 0.0, 0)
            var signs: UInt64 = 0
            for (index, difference) in differences.enumerated() {
                if index % 64 == 0 { signs = stream.next() }
                if signs & 1 == 1 {
                    inside += difference
                    count += 1
                } else {
                    outside += difference
                }
                signs >>= 1
            }
            let others = differences.count - count
            means.append(count == 0 ? 0 : inside / Double(count))
            means.append(others == 0 ? 0 : outside / Double(others))
        }
        return means
    }
}

/// The sums of all subsets of some numbers, as two ascending lists of half sums.
///
/// The lists are kept for the next numbers: at 40 of them, to allocate 16 MB again would cost as much as to fill it.
private struct SubsetSums {
    private var first: [Double]
    private var second: [Double]

    init(of count: Int) {
        // Before each list stands what is below all.
        first = [Double](repeating: -.infinity, count: 1 + 1 << (count / 2))
        second = [Double](repeating: -.infinity, count: 1 + 1 << (count - count / 2))
    }

    /// How many subsets of `values` have a sum of at most `limit`, the empty one included.
    mutating func count(_ values: [Double], upTo limit: Double) -> Int {
        Self.fill(&first, values.prefix(values.count / 2))
        Self.fill(&second, values.dropFirst(values.count / 2))
        return first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                var (count, end) = (0, second.count - 1)
                for place in 1..<first.count {
                    let rest = limit - first[place]
                    while second[end] > rest { end -= 1 }
                    if end == 0 { break }
                    count += end
                }
                return count
            }
        }
    }

    /// In ascending order: each number merges the list with itself, moved, from the highest sum down.
    private static func fill(_ list: inout [Double], _ values: ArraySlice<Double>) {
        list.withUnsafeMutableBufferPointer { list in
            list[1] = 0
            var count = 1
            for value in values {
                // Which of the two is higher is as good as random, so that no branch should hang on it.
                var (kept, moved, place) = (count, count, 2 * count)
                while place > 0 {
                    let (one, other) = (list[kept], list[moved] + value)
                    let fromKept = one >= other ? 1 : 0
                    list[place] = max(one, other)
                    kept &-= fromKept
                    moved &-= 1 &- fromKept
                    place &-= 1
                }
                count *= 2
            }
        }
    }
}
