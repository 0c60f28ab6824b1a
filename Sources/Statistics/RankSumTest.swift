import Randomness

/// Whether values of one sample tend to be lower than those of another: Mann and Whitney 1947, with tied values at their
/// mean rank.
///
/// Up to 40 values on each side exact, ties included: the distribution of the rank sum over all ways to split the pooled
/// ranks. Beyond, declared draws of such splits, with p = (b + 1) / (m + 1) on each side, which depend on the ranks
/// alone. Infinite values are the highest, all tied with each other.
package struct RankSumTest: Sendable, Equatable {
    package static let exactCount = 40
    package static let drawCount = 20_000

    package let p: Double
    /// How many pairs (a, b) have a < b, ties counted 1/2.
    package let wins: Double
    package let isExact: Bool

    /// - Precondition: no sample is empty, and NaN is not among them.
    package init(_ a: [Double], _ b: [Double], side: Side = .both) {
        var splits: Splits?
        self.init(a, b, Ties(values: a + b), side: side, &splits)
    }

    /// `splits` are those of the last test, which are the same as long as the values only change places.
    private init(_ a: [Double], _ b: [Double], _ ties: Ties, side: Side, _ splits: inout Splits?) {
        precondition(!a.isEmpty && !b.isEmpty, "a test of \(a.count) against \(b.count) values")
        let ranks = Self.doubledRanks(a + b, ties)
        let sum = ranks.prefix(a.count).reduce(0, +)
        let pairs = a.count * b.count
        wins = Double(pairs) - (Double(sum) / 2 - Double(a.count * (a.count + 1)) / 2)
        isExact = max(a.count, b.count) <= Self.exactCount
        let pool = ranks.sorted()
        if splits?.pool != pool {
            splits = isExact ? Splits(counting: pool, of: a.count) : Splits(drawing: pool, of: a.count)
        }
        let tails = splits?.tails(sum) ?? (lower: 1, higher: 1)
        p = side.p(lower: tails.lower, higher: tails.higher)
    }

    /// The smallest p that samples of these sizes can give: one of all splits on a side.
    package static func smallestP(_ first: Int, _ second: Int, side: Side = .both) -> Double {
        let splits = (1...first).reduce(1.0) { $0 * Double($1) / Double(second + $1) }
        return side.smallestP(tail: max(splits, max(first, second) <= exactCount ? 0 : 1 / Double(drawCount + 1)))
    }

    /// The median of all differences a - b, and the shifts of a against b that the test does not reject at `alpha`
    /// (Hodges and Lehmann 1963).
    ///
    /// Two failures differ by nothing and are left out. The ends are differences that occurred; infinite where so few
    /// values reject nothing, or where failures do.
    package static func shift(
        _ a: [Double], _ b: [Double], alpha: Double, side: Side = .both
    ) -> (estimate: Double, interval: Interval)? {
        let differences = a.flatMap { x in b.compactMap { y in x.isInfinite && x == y ? nil : x - y } }.sorted()
        guard !differences.isEmpty, let estimate = OrderStatistics(differences).median else { return nil }
        let ties = Ties(values: a + b)
        var places: [Double] = []
        for value in differences where value.isFinite {
            if let last = places.last, ties.areTied(last, value) { continue }
            places.append(value)
        }
        let tails = side.tails(alpha)
        let low = tails.low.map { lowEnd(a, b, places, ties, $0) } ?? -.infinity
        let high = tails.high.map { -lowEnd(a.map { -$0 }, b.map { -$0 }, places.reversed().map { -$0 }, ties, $0) }
        return (estimate, Interval(low: low, high: max(low, high ?? .infinity)))
    }

    // MARK: - Internals

    /// The lowest shift that is not rejected: of all `places` and what lies between two of them the first one.
    private static func lowEnd(
        _ a: [Double], _ b: [Double], _ places: [Double], _ ties: Ties, _ alpha: Double
    ) -> Double {
        var splits: Splits?
        let isAccepted = { (shift: Double) in
            RankSumTest(a.map { $0 - shift }, b, ties, side: .higher, &splits).p > alpha
        }
        // Without a finite difference failures alone tell them apart, and no shift changes that.
        guard let first = places.first, let last = places.last else { return isAccepted(0) ? -.infinity : .infinity }
        // Between places[k - 1] and places[k]; where one falls on a place, it belongs to what is beside it.
        let shift = { (index: Int) in
            index == 0
                ? first - 1 - abs(first)
                : index == places.count ? last + 1 + abs(last) : (places[index - 1] + places[index]) / 2
        }
        guard !isAccepted(shift(0)) else { return -.infinity }
        var (rejected, accepted) = (0, places.count + 1)
        while accepted - rejected > 1 {
            let middle = (rejected + accepted) / 2
            if isAccepted(shift(middle)) { accepted = middle } else { rejected = middle }
        }
        // Nothing finite is accepted: the samples are apart by failures alone.
        return accepted > places.count ? .infinity : places[accepted - 1]
    }

    /// Twice the rank of each value, so that mean ranks are whole numbers.
    private static func doubledRanks(_ values: [Double], _ ties: Ties) -> [Int] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Int](repeating: 0, count: values.count)
        var first = 0
        while first < order.count {
            var last = first
            while last + 1 < order.count, ties.areTied(values[order[last + 1]], values[order[first]]) { last += 1 }
            for place in first...last { ranks[order[place]] = first + last + 2 }
            first = last + 1
        }
        return ranks
    }
}

/// The sums of ranks over the ways to split a pool of them, counted or drawn.
private struct Splits {
    let pool: [Int]
    /// Shares of the splits whose sum is at most, and at least, so many units.
    private let upTo: [Double]
    private let from: [Double]
    private let unit: Int

    /// Counts the subsets of `count` ranks by their sums.
    init(counting pool: [Int], of count: Int) {
        // All ranks are even unless some are tied.
        let unit = pool.allSatisfy { $0.isMultiple(of: 2) } ? 2 : 1
        let ranks = pool.map { $0 / unit }
        let highest = ranks.suffix(count).reduce(0, +)
        let width = highest + 1
        // How many subsets of k ranks have the sum s, at k * width + s.
        var ways = [Double](repeating: 0, count: (count + 1) * width)
        ways[0] = 1
        ways.withUnsafeMutableBufferPointer { ways in
            var sum = 0
            for (index, rank) in ranks.enumerated() {
                sum = min(highest, sum + rank)
                for size in stride(from: min(index + 1, count), through: 1, by: -1) {
                    let (from, to) = ((size - 1) * width, size * width + rank)
                    guard sum >= rank else { continue }
                    for total in 0...sum - rank { ways[to + total] += ways[from + total] }
                }
            }
        }
        self.init(pool, ways: Array(ways[(count * width)...]), unit: unit, added: 0)
    }

    /// Draws splits, by the pool alone, so that swapped arms and mirrored values have the same ones, swapped and mirrored.
    init(drawing pool: [Int], of count: Int) {
        let (total, ends) = (pool.reduce(0, +), 2 * (pool.count + 1))
        let mirrored = pool.reversed().map { ends - $0 }
        let isTurned = mirrored.lexicographicallyPrecedes(pool)
        var ranks = isTurned ? mirrored : pool
        let drawnCount = min(count, pool.count - count)
        var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
        for rank in ranks { seed = (seed ^ UInt64(rank)) &* 0x0000_0100_0000_01B3 }
        var stream = CounterStream(seed: seed, index: UInt64(drawnCount))
        // Where a swap or a mirror leads to the same pool, what they make of a draw is one more.
        let swaps = 2 * count == pool.count ? [false, true] : [count != drawnCount]
        let mirrors = mirrored == pool ? [false, true] : [isTurned]
        var ways = [Double](repeating: 0, count: total + 1)
        for _ in 0..<RankSumTest.drawCount / (swaps.count * mirrors.count) {
            var sum = 0
            for place in 0..<drawnCount {
                let rest = UInt64(ranks.count - place)
                ranks.swapAt(place, place + Int(stream.next().multipliedFullWidth(by: rest).high))
                sum += ranks[place]
            }
            for isMirrored in mirrors {
                let seen = isMirrored ? drawnCount * ends - sum : sum
                for isSwapped in swaps { ways[isSwapped ? total - seen : seen] += 1 }
            }
        }
        self.init(pool, ways: ways, unit: 1, added: 1)
    }

    /// `added` is the split that was seen, which belongs to those that are drawn.
    private init(_ pool: [Int], ways: [Double], unit: Int, added: Double) {
        let all = ways.reduce(added, +)
        let running = { (ways: [Double]) in
            ways.reduce(into: (sum: added, shares: [Double]())) { running, count in
                running.sum += count
                running.shares.append(min(1, running.sum / all))
            }.shares
        }
        (self.pool, self.unit) = (pool, unit)
        (upTo, from) = (running(ways), running(ways.reversed()).reversed())
    }

    func tails(_ sum: Int) -> (lower: Double, higher: Double) { (upTo[sum / unit], from[sum / unit]) }
}
