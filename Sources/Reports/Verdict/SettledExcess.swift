import Statistics

/// At which excess a run had settled by its end.
struct SettledExcess: Sendable, Equatable {
    /// The last tenth of its recorded steps, and the tenth before their middle.
    let late: Range<Int>
    let middle: Range<Int>

    init(steps: Range<Int>) {
        let count = steps.count
        late = steps.upperBound - min(count, Instability.lateCount(of: count))..<steps.upperBound
        middle = steps.lowerBound + count * 4 / 10..<steps.lowerBound + count / 2
    }

    /// The median of the late excesses, if it is at least 0.7 times that of the middle ones; nil for a run that still went
    /// down, or is too short to tell.
    static func of(late: [Double], middle: [Double]) -> Double? {
        guard middle.count >= 5, !(late + middle).contains(where: \.isNaN),
            let end = OrderStatistics(late).median, let before = OrderStatistics(middle).median, end >= 0.7 * before
        else { return nil }
        return end
    }
}
