/// Which of a sweep's seeds choose among its configurations, while the others compare them.
enum ChoosingSeeds {
    /// The first quarter, rounded down, at least 3; nil for fewer than 9 seeds.
    static func of(_ seeds: [Int64]) -> Set<Int64>? {
        let sorted = Set(seeds).sorted()
        return sorted.count < 9 ? nil : Set(sorted.prefix(max(3, sorted.count / 4)))
    }
}
