/// The excess of a run at chosen numbers of updates.
struct StepSampler: Sendable {
    /// Ascending.
    let steps: [Int]
    /// One per entry of `steps`, as far as the run has come; nil where the excess is no number.
    private(set) var values: [Double?] = []

    init(_ steps: [Int]) {
        self.steps = steps
    }

    /// Takes the excess after so many updates; they come in order.
    mutating func append(_ excess: Double?, after updates: Int) {
        while values.count < steps.count, steps[values.count] <= updates {
            values.append(steps[values.count] == updates ? excess.flatMap { $0.isFinite ? $0 : nil } : nil)
        }
    }

    /// The excess at the entry of `steps` with this index; nil where the run never came there.
    subscript(index: Int) -> Double? { index < values.count ? values[index] : nil }

    /// About `count` numbers of updates from 0 to `last`, evenly spaced on the logarithmic scale from 1 on.
    static func logarithmicSteps(to last: Int, count: Int) -> [Int] {
        guard last > 0 else { return [0] }
        var steps = [0]
        // The factor need not be exact: it only chooses where to look.
        var place = 1.0
        let factor = max(1.0, Double(last).nthRoot(count))
        while steps.count <= count, let latest = steps.last, latest < last {
            let next = min(last, max(latest + 1, Int(place.rounded())))
            steps.append(next)
            place = max(place * factor, Double(next))
        }
        if steps.last != last { steps.append(last) }
        return steps
    }
}

extension Double {
    /// x^(1/n) by bisection: the same bits everywhere, unlike a library's `pow`.
    fileprivate func nthRoot(_ n: Int) -> Double {
        var (low, high) = (1.0, self)
        for _ in 0..<60 {
            let middle = low + (high - low) / 2
            let power = (0..<n).reduce(1.0) { product, _ in product * middle }
            if power < self { low = middle } else { high = middle }
        }
        return high
    }
}
