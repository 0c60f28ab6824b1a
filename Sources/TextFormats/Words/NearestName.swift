/// Finds the name that a mistyped one was probably meant to be.
package enum NearestName {
    /// " (did you mean 'x'?)" for the nearest of `names`, or nothing when none is near.
    package static func hint(for name: String, among names: [String]) -> String {
        // Of names that are as near the one that is as long: letters are swapped more often than left out.
        let nearest = names.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }.min {
            one, other in
            (one.distance, abs(one.name.count - name.count)) < (other.distance, abs(other.name.count - name.count))
        }
        guard let nearest, nearest.distance <= max(1, name.count / 3) else { return "" }
        return " (did you mean '\(nearest.name)'?)"
    }

    /// The fewest insertions, deletions, replacements and swaps of neighbours that make one from the other
    /// (optimal string alignment).
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a), Array(b))
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
