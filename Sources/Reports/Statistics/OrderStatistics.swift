/// Statistics of one sorted sample that need no assumption on its distribution.
///
/// Failures stand in the sample as infinity: they rank last and are never dropped.
struct OrderStatistics: Sendable {
    /// In ascending order; NaN is not allowed.
    let values: [Double]

    init(_ values: [Double]) {
        precondition(!values.contains { $0.isNaN }, "NaN has no rank")
        self.values = values.sorted()
    }

    /// The middle value, or the mean of the two middle ones; nil without values.
    var median: Double? {
        guard !values.isEmpty else { return nil }
        return (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
    }

    /// An interval that covers the population's median with a probability of at least `level`, whatever the
    /// distribution: [x_(k), x_(n+1-k)] with the largest k that keeps 1 - 2 Σ_{i<k} C(n, i) / 2^n ≥ `level`.
    ///
    /// There is none for fewer than six values at 95 %.
    func medianInterval(level: Double = 0.95) -> (low: Double, high: Double, coverage: Double)? {
        let n = values.count
        guard n > 0, n < 1000 else { return nil }
        var term = 1.0
        for _ in 0..<n { term /= 2 }
        var tail = 0.0
        var k = 0
        var coverage = 1.0
        while k < n / 2 {
            tail += term
            guard 1 - 2 * tail >= level else { break }
            coverage = 1 - 2 * tail
            k += 1
            term *= Double(n - k + 1) / Double(k)
        }
        guard k > 0 else { return nil }
        return (values[k - 1], values[n - k], coverage)
    }
}
