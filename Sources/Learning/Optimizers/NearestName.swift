/// Finds the name that a mistyped one was probably meant to be.
package enum NearestName {
    /// " (did you mean 'x'?)" for the nearest of `names`, or nothing when none is near.
    package static func hint(for name: String, among names: [String]) -> String {
        let nearest = names.map { (name: $0, distance: distance(name, $0)) }.min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(1, name.count / 3) else { return "" }
        return " (did you mean '\(nearest.name)'?)"
    }

    /// Levenshtein distance: the fewest single-character insertions, deletions and replacements.
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, character) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let replaced = diagonal + (character == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
