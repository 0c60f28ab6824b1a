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
        self.init(a, b, Ties(values: a + b), side: side)
    }

    init(_ a: [Double], _ b: [Double], _ ties: Ties, side: Side) {
        precondition(!a.isEmpty && !b.isEmpty, "a test of \(a.count) against \(b.count) values")
        let ranks = Self.doubledRanks(a + b, ties)
        let sum = ranks.prefix(a.count).reduce(0, +)
        let pairs = a.count * b.count
        wins = Double(pairs) - (Double(sum) / 2 - Double(a.count * (a.count + 1)) / 2)
        isExact = max(a.count, b.count) <= Self.exactCount
        let tails = isExact ? Self.exactTails(ranks, sum, a.count) : Self.drawnTails(ranks, sum, a.count)
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
        let isAccepted = { (shift: Double) in
            RankSumTest(a.map { $0 - shift }, b, ties, side: .higher).p > alpha
        }
        // Between places[k - 1] and places[k] at 2k, on places[k] at 2k + 1.
        let shift = { (index: Int) -> Double in
            if index % 2 == 1 { return places[index / 2] }
            if index == 0 { return places[0] - 1 - abs(places[0]) }
            let last = places[places.count - 1]
            return index / 2 == places.count ? last + 1 + abs(last) : (places[index / 2 - 1] + places[index / 2]) / 2
        }
        // Without a finite difference failures alone tell them apart, and no shift changes that.
        guard !places.isEmpty else { return isAccepted(0) ? -.infinity : .infinity }
        guard !isAccepted(shift(0)) else { return -.infinity }
        var (rejected, accepted) = (0, 2 * places.count + 1)
        while accepted - rejected > 1 {
            let middle = (rejected + accepted) / 2
            if isAccepted(shift(middle)) { accepted = middle } else { rejected = middle }
        }
        // Nothing finite is accepted: the samples are apart by failures alone.
        guard accepted <= 2 * places.count else { return .infinity }
        return accepted % 2 == 1 ? places[accepted / 2] : places[accepted / 2 - 1]
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

    /// Counts the subsets of so many ranks by their sums.
    private static func exactTails(_ ranks: [Int], _ sum: Int, _ count: Int) -> (lower: Double, higher: Double) {
        // All ranks are even unless some are tied.
        let unit = ranks.allSatisfy { $0.isMultiple(of: 2) } ? 2 : 1
        let (ranks, sum) = (ranks.map { $0 / unit }, sum / unit)
        let highest = ranks.sorted().suffix(count).reduce(0, +)
        let width = highest + 1
        // How many subsets of k ranks have the sum s, at k * width + s.
        var ways = [Double](repeating: 0, count: (count + 1) * width)
        ways[0] = 1
        ways.withUnsafeMutableBufferPointer { ways in
            for (index, rank) in ranks.enumerated() where rank <= highest {
                for size in stride(from: min(index + 1, count), through: 1, by: -1) {
                    let (from, to) = ((size - 1) * width, size * width + rank)
                    for total in 0..<width - rank { ways[to + total] += ways[from + total] }
                }
            }
        }
        let last = ways[(count * width)...]
        let all = last.reduce(0, +)
        let lower = last.prefix(sum + 1).reduce(0, +)
        let upper = last.dropFirst(sum).reduce(0, +)
        return (min(1, lower / all), min(1, upper / all))
    }

    private static func drawnTails(_ ranks: [Int], _ sum: Int, _ count: Int) -> (lower: Double, higher: Double) {
        var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
        var pool = ranks.sorted()
        for rank in pool { seed = (seed ^ UInt64(rank)) &* 0x0000_0100_0000_01B3 }
        var stream = CounterStream(seed: seed, index: UInt64(count))
        var (lower, higher) = (1, 1)
        for _ in 0..<drawCount {
            var drawn = 0
            for place in 0..<count {
                let rest = UInt64(pool.count - place)
                pool.swapAt(place, place + Int(stream.next().multipliedFullWidth(by: rest).high))
                drawn += pool[place]
            }
            if drawn <= sum { lower += 1 }
            if drawn >= sum { higher += 1 }
        }
        return (Double(lower) / Double(drawCount + 1), Double(higher) / Double(drawCount + 1))
    }
}
