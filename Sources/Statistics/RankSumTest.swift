import Foundation

/// Whether values of one sample tend to be smaller than those of another: Mann and Whitney 1947, with tied values at
/// their mean rank.
///
/// For up to 100 values exact, ties included: the distribution of the rank sum over all ways to split the pooled
/// ranks. Beyond that the normal approximation, corrected for ties and continuity. Infinite values are the largest,
/// all tied with each other.
package struct RankSumTest: Sendable, Equatable {
    package static let exactCount = 100

    /// Twice the smaller tail, at most 1.
    package let p: Double
    /// How many pairs (a, b) have a < b, ties counted 1/2.
    package let wins: Double
    package let isExact: Bool

    /// - Precondition: no sample is empty, and NaN is not among them.
    package init(_ a: [Double], _ b: [Double]) {
        precondition(!a.isEmpty && !b.isEmpty, "a test of \(a.count) against \(b.count) values")
        let ranks = Self.doubledRanks(a + b)
        let sum = ranks.prefix(a.count).reduce(0, +)
        let pairs = a.count * b.count
        wins = Double(pairs) - (Double(sum) / 2 - Double(a.count * (a.count + 1)) / 2)
        isExact = a.count + b.count <= Self.exactCount
        p =
            isExact
            ? Self.exactP(ranks, sum: sum, count: a.count)
            : Self.normalP(ranks, wins: wins, counts: (a.count, b.count))
    }

    /// The smallest p that samples of these sizes can give: 2 of all splits.
    package static func smallestP(_ first: Int, _ second: Int) -> Double {
        min(1, (1...first).reduce(2) { $0 * Double($1) / Double(second + $1) })
    }

    /// Twice the rank of each value, so that mean ranks are whole numbers.
    private static func doubledRanks(_ values: [Double]) -> [Int] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Int](repeating: 0, count: values.count)
        var first = 0
        while first < order.count {
            var last = first
            while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
            for place in first...last { ranks[order[place]] = first + last + 2 }
            first = last + 1
        }
        return ranks
    }

    /// Counts the subsets of so many ranks by their sums.
    private static func exactP(_ ranks: [Int], sum: Int, count: Int) -> Double {
        let highest = ranks.sorted().suffix(count).reduce(0, +)
        // ways[k][s]: how many subsets of k ranks have the sum s.
        var ways = [[Double]](repeating: [Double](repeating: 0, count: highest + 1), count: count + 1)
        ways[0][0] = 1
        for (index, rank) in ranks.enumerated() {
            for size in stride(from: min(index + 1, count), through: 1, by: -1) where rank <= highest {
                for total in rank...highest where ways[size - 1][total - rank] != 0 {
                    ways[size][total] += ways[size - 1][total - rank]
                }
            }
        }
        let all = ways[count].reduce(0, +)
        let lower = ways[count][...sum].reduce(0, +)
        let upper = ways[count][sum...].reduce(0, +)
        return min(1, 2 * min(lower, upper) / all)
    }

    private static func normalP(_ ranks: [Int], wins: Double, counts: (Int, Int)) -> Double {
        let (first, second) = (Double(counts.0), Double(counts.1))
        let total = first + second
        let ties = Dictionary(grouping: ranks) { $0 }.values.map { Double($0.count) }.sorted()
        let tied = ties.reduce(0) { $0 + ($1 * $1 * $1 - $1) }
        let variance = first * second / 12 * (total + 1 - tied / (total * (total - 1)))
        guard variance > 0 else { return 1 }
        let distance = max(0, abs(wins - first * second / 2) - 0.5)
        return min(1, erfc(distance / (2 * variance).squareRoot()))
    }
}
