/// Mean and variance of one sample.
struct Moments {
    let count: Int
    let mean: Double
    /// Divided by n - 1; 0 for a single value.
    let variance: Double

    /// - Precondition: there is at least one value.
    init(_ values: [Double]) {
        precondition(!values.isEmpty, "the mean of no value")
        let mean = values.reduce(0, +) / Double(values.count)
        count = values.count
        self.mean = mean
        variance =
            values.count < 2 ? 0 : values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }

    var deviation: Double { variance.squareRoot() }
    /// Of the mean.
    var standardError: Double { (variance / Double(count)).squareRoot() }
}
