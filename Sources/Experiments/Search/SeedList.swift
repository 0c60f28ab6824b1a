package import TextFormats

/// Seeds as typed: `1..20`, `1,2,5` or both, `1..3,7`.
package enum SeedList {
    package static func seeds(of text: String) throws(ExperimentError) -> [Int64] {
        var seeds: [Int64] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if let range = part.firstRange(of: "..") {
                guard let first = Int64(part[..<range.lowerBound]), let last = Int64(part[range.upperBound...])
                else { throw notSeeds(text) }
                guard first <= last else {
                    throw ExperimentError(
                        .invalidValue, about: "\(option: "seeds")", "the range '\(part)' ends before it begins",
                        advice: "write the smaller number first, \(last)..\(first)")
                }
                guard last.subtractingReportingOverflow(first).partialValue < Int64(SearchSpace.largestCount),
                    !last.subtractingReportingOverflow(first).overflow
                else {
                    throw ExperimentError(
                        .invalidValue, about: "\(option: "seeds")",
                        "'\(text)' is more than \(SearchSpace.largestCount) seeds",
                        advice: "give fewer")
                }
                seeds += first...last
            } else if let seed = Int64(part) {
                seeds.append(seed)
            } else {
                throw notSeeds(text)
            }
        }
        return seeds.withoutRepeats()
    }

    /// The shortest text of these seeds, which reads back as them.
    package static func text(of seeds: [Int64]) -> String {
        var ranges: [ClosedRange<Int64>] = []
        for seed in seeds {
            if let last = ranges.last, seed > last.upperBound, seed - 1 == last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound...seed
            } else {
                ranges.append(seed...seed)
            }
        }
        return ranges.map { range in
            switch range.upperBound - range.lowerBound {
            case 0: "\(range.lowerBound)"
            case 1: "\(range.lowerBound),\(range.upperBound)"
            default: "\(range.lowerBound)..\(range.upperBound)"
            }
        }.joined(separator: ",")
    }

    private static let words: [Int64: String] = [
        2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
        11: "eleven", 12: "twelve", 15: "fifteen", 20: "twenty", 30: "thirty", 50: "fifty", 100: "a hundred",
    ]

    /// What there is to say of a seed that is given twice, and of a single number above 1, by which most people mean how many:
    /// the seed of that number is the only one, or the only further one beside `known`.
    ///
    /// The seed that comes next is no surprise.
    package static func hint(of text: String?, beside known: [Int64] = []) -> MessageText? {
        guard let text else { return nil }
        if let seed = repeated(in: text) { return "seed \(seed) is given more than once, and counts once" }
        guard let seed = Int64(text) else { return nil }
        guard let last = known.max() else {
            guard seed > 1 else { return nil }
            return "one seed, number \(seed); write 1..\(seed) for \(words[seed] ?? "\(seed)")"
        }
        guard last < seed - 1 else { return nil }
        return "one further seed, number \(seed); write \(last + 1)..\(seed) for all from \(last + 1) on"
    }

    /// The first number that a list names again, ranges aside.
    private static func repeated(in text: String) -> Int64? {
        var known: Set<Int64> = []
        return text.split(separator: ",").compactMap { Int64($0) }.first { !known.insert($0).inserted }
    }

    private static func notSeeds(_ text: String) -> ExperimentError {
        ExperimentError(
            .invalidValue, about: "\(option: "seeds")",
            "'\(text)' is not a list of seeds",
            advice: "write 1..20 or 1,2,5")
    }
}
