/// Suggestions for a name that does not exist.
enum NearName {
    /// The end of a sentence: "; did you mean 'a' or 'b'?", or just "." if no name is near.
    static func hint(for name: String, among names: [String]) -> String {
        let near = names.map { (name: $0, distance: distance($0, name)) }
            .filter { $0.distance <= max(1, name.count / 3) }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3)
        return near.isEmpty ? "." : "; did you mean \(near.map { "'\($0.name)'" }.joined(separator: " or "))?"
    }

    /// The least number of insertions, deletions and substitutions that lead from one to the other (Levenshtein).
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, character) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let substitution = diagonal + (character == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
