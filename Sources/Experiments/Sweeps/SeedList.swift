import TextFormats

/// Seeds as typed: `1..20`, `1,2,5` or both, `1..3,7`.
package enum SeedList {
    package static func seeds(of text: String) throws(ExperimentError) -> [Int64] {
        var seeds: [Int64] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if let range = part.firstRange(of: "..") {
                guard let first = Int64(part[..<range.lowerBound]), let last = Int64(part[range.upperBound...]),
                    first <= last
                else { throw notSeeds(text) }
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

    private static func notSeeds(_ text: String) -> ExperimentError {
        ExperimentError(
            .invalidValue, about: "\(option: "seeds")",
            "'\(text)' is not a list of seeds",
            advice: "write 1..20 or 1,2,5")
    }
}
