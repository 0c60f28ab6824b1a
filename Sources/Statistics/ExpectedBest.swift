/// What the best of k trials is worth, when k of n are drawn without replacement.
///
/// Exact, unlike the estimate with replacement of Dodge and others, "Show Your Work", 2019.
package struct ExpectedBest: Sendable, Equatable {
    /// The values of all trials, lowest first; lower is better, and infinity is a trial that failed.
    private let values: [Double]

    package init(_ values: [Double]) {
        self.values = OrderStatistics(values).values
    }

    /// E_k = Σ_i v_(i) C(n - i, k - 1) / C(n, k), i = 1...n; infinite where a draw of failures only is possible.
    ///
    /// - Precondition: k is between 1 and the number of trials.
    package func value(of k: Int) -> Double {
        precondition((1...max(1, values.count)).contains(k), "the best of \(k) among \(values.count) trials")
        let count = values.count
        var weight = Double(k) / Double(count)
        var sum = 0.0
        for (index, value) in values.enumerated() where index <= count - k {
            sum += weight * value
            weight *= Double(count - index - k) / Double(count - index - 1)
        }
        return sum
    }

    /// The probability that k trials hold the best value of all: 1 - C(n - m, k) / C(n, k) with m equal best ones.
    package func probabilityOfBest(of k: Int) -> Double {
        let count = values.count
        let worse = count - values.count { $0 == values[0] }
        guard k <= worse else { return 1 }
        var missed = 1.0
        for drawn in 0..<k { missed *= Double(worse - drawn) / Double(count - drawn) }
        return 1 - missed
    }
}
