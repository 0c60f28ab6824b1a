import Statistics

/// Statistics of groups of runs in SQL, as ``OrderStatistics`` has them: a group's row number by a column says where each
/// value stands, and `n` is how many have a result.
enum GroupSQL {
    /// The common table `ranked` of `source`, in which the rows of `charged` are `c`; `columns` are others of it.
    ///
    /// What has no result comes last, a failure before that.
    static func ranked(by key: String, from source: String, columns: String = "c.*") -> String {
        let rank = { (column: String) in
            "row_number() OVER (PARTITION BY \(key) ORDER BY NOT c.has_result, c.\(column) IS NULL, c.\(column), c.seed, c.id)"
        }
        return """
            ranked AS (
                SELECT \(columns), sum(c.has_result) OVER (PARTITION BY \(key)) AS n,
                    \(rank("loss")) AS loss_rank,
                    \(rank("decades")) AS decades_rank,
                    \(rank("reached")) AS reached_rank
                FROM \(source))
            """
    }

    static func value(_ column: String, at place: String, by rank: String? = nil) -> String {
        "max(CASE WHEN \(rank ?? "\(column)_rank") = \(place) THEN \(column) END)"
    }

    static func median(_ column: String, by rank: String? = nil) -> String {
        "CASE n % 2 WHEN 1 THEN \(value(column, at: "(n + 1) / 2", by: rank))\n        "
            + "ELSE \(value(column, at: "n / 2", by: rank)) / 2.0 "
            + "+ \(value(column, at: "n / 2 + 1", by: rank)) / 2.0 END"
    }

    static func quartile(_ number: Int, of column: String) -> String {
        let last = number == 1 ? "(n - 1)" : "\(number) * (n - 1)"
        let low = value(column, at: "\(last) / 4 + 1")
        let high = value(column, at: "\(last) / 4 + 2")
        return "CASE \(last) % 4 WHEN 0 THEN \(low)\n        "
            + "ELSE \(low) + \(last) % 4 / 4.0\n            * (\(high) - \(low)) END"
    }

    /// NULL where a failure is among what is left.
    static func interquartileMean(_ column: String) -> String {
        let isInside = "\(column)_rank > n / 4 AND \(column)_rank <= n - n / 4"
        return "CASE WHEN sum(\(isInside) AND \(column) IS NULL) = 0 THEN\n            "
            + "avg(CASE WHEN \(isInside) THEN \(column) END) END"
    }

    /// The order statistics that end the median's interval, for each number of results there is: `name_low`, `name_high`.
    static func interval(_ column: String, as name: String, counts: some Sequence<Int>) -> String {
        let end = { (place: (Int) -> String) in
            let cases = Set(counts).sorted().compactMap { count -> String? in
                let rank = OrderStatistics(Array(repeating: 0, count: count)).medianInterval()?.rank
                return rank.map { " WHEN \(count) THEN \(value(column, at: place($0)))" }
            }
            return cases.isEmpty ? "NULL" : "CASE n\(cases.joined()) END"
        }
        return "\(end { "\($0)" }) AS \(name)_low,\n    \(end { "n + 1 - \($0)" }) AS \(name)_high"
    }
}
