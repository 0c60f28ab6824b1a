import Statistics
import TextFormats
import Theory
import Tracking

/// The SQL behind each table, as a person may type it into `sqlite3`.
struct ReportQueries {
    /// Picks the report's runs out of `runs AS r`.
    private let condition: String
    private let data: ReportData
    /// The ids of the configurations in the order of the leaderboard.
    private let order: [String]
    /// How the loss of the runs' model is stored; nil where no surface is known, or the runs have several models.
    private let surface: SurfaceSQL?

    init(_ data: ReportData, _ comparison: Comparison) {
        self.data = data
        order = comparison.leaderboard(data).map(\.id)
        surface =
            Set(data.problems.map(\.model)).count == 1 ? data.schema.flatMap { SurfaceSQL($0, data.problems) } : nil
        if let sweep = data.sweep, data.isWhole, data.absentRunCount == 0 {
            let name = sweep.plan.name.replacing("'", with: "''")
            condition = "r.sweep_id = (SELECT id FROM sweeps WHERE name = '\(name)')"
        } else {
            condition = "r.id IN (\(data.runs.map { String($0.run.id) }.joined(separator: ", ")))"
        }
    }

    /// Those of the tables that this report has.
    var all: [(table: String, sql: String)] {
        var all = [("completeness", completeness)]
        if let problem { all.append(("problem", problem)) }
        all += [("leaderboard", leaderboard), ("curves", curves)]
        if data.runs.contains(where: { $0.success != nil }) { all.append(("steps to the target", times)) }
        if let parameters, data.problems.contains(where: \.units.areScaled) {
            all.append(("fitted parameters", parameters))
        }
        return all + [("divergence and failures", divergence), ("configurations", configurations)]
    }

    var completeness: String {
        """
        SELECT r.optimizer, count(*) AS planned, sum(r.state = 'done') AS done, sum(r.state = 'diverged') AS diverged,
            sum(r.state = 'failed') AS failed, sum(r.state IN ('pruned', 'cancelled')) AS pruned_or_cancelled,
            sum(r.state IN ('queued', 'running')) AS interrupted_or_missing,
            count(*) - count(DISTINCT r.config_hash) AS duplicates
        FROM runs AS r WHERE \(condition)
        GROUP BY r.optimizer ORDER BY r.optimizer;
        """
    }

    /// The eigenvalues of two parameters' Hessian by the formula of `Eigensystem`; more have no such formula.
    ///
    /// Nil where no surface is known.
    var problem: String? {
        guard let surface else { return nil }
        let optimum = surface.optimum.joined(separator: ", ")
        let values = surface.optimum.map { "o.\($0)" }.joined(separator: ", ")
        guard let largest = surface.largest, let determinant = surface.determinant else {
            return """
                SELECT d.samples, r.loss, r.dtype, \(Self.scale) * o.minimum AS minimum_loss, \(values)
                FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
                LEFT JOIN \(surface.view) AS o ON o.dataset_id = d.id
                WHERE \(condition)
                GROUP BY d.id, r.loss, r.dtype ORDER BY min(r.id);
                """
        }
        return """
            WITH problems AS (
                SELECT d.id, d.samples, r.loss, r.dtype, \(values), o.minimum AS optimum_loss,
                    \(Self.scale) AS scale,
                    \(largest(4)) AS largest,
                    \(determinant) AS determinant, min(r.id) AS first_run
                FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
                LEFT JOIN \(surface.view) AS o ON o.dataset_id = d.id
                WHERE \(condition)
                GROUP BY d.id, r.loss, r.dtype)
            SELECT samples, loss, dtype, scale * optimum_loss AS minimum_loss, \(optimum),
                scale * (determinant / largest) AS smallest_curvature, scale * largest AS largest_curvature,
                scale * largest / (scale * (determinant / largest)) AS condition_number,
                2 / (scale * largest) AS edge
            FROM problems ORDER BY first_run;
            """
    }

    var leaderboard: String {
        """
        WITH ended AS (
            SELECT r.id, r.group_id, r.optimizer, r.learning_rate, r.batch_size, r.seed, r.state,
                \(hasResult) AS has_result, \(isUnstable) AS unstable,
                CASE r.state WHEN 'done' THEN r.final_loss END AS final_loss,
                \(finalExcess) AS final_excess
            FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
        \(joins)    WHERE \(condition)),
        charged AS (
            SELECT *, CASE WHEN has_result AND NOT unstable THEN final_loss END AS loss,
                CASE WHEN has_result AND NOT unstable THEN final_excess END AS excess
            FROM ended),
        ranked AS (
            SELECT *, log10(excess) AS decades, sum(has_result) OVER (PARTITION BY group_id) AS n,
                count(*) OVER (PARTITION BY group_id) AS planned,
                row_number() OVER (PARTITION BY group_id ORDER BY NOT has_result, loss IS NULL, loss, seed, id) AS rank,
                row_number() OVER (PARTITION BY group_id ORDER BY NOT has_result, excess IS NULL, excess) AS excess_rank
            FROM charged),
        rows AS (
            SELECT group_id, min(optimizer) AS optimizer, min(learning_rate) AS learning_rate,
                min(batch_size) AS batch_size, sum(state = 'done') AS done, sum(state = 'diverged') AS diverged,
                sum(unstable) AS unstable, planned, n AS results,
                \(Self.median("loss", by: "rank")) AS median_final_loss,
                \(intervalEnd { "\($0)" }) AS interval_low,
                \(intervalEnd { "n + 1 - \($0)" }) AS interval_high,
                \(Self.quartile(1)) AS lower_quartile,
                \(Self.quartile(3)) AS upper_quartile,
                \(Self.median("decades", by: "excess_rank")) AS log10_excess,
                max(CASE WHEN rank = 1 AND loss IS NOT NULL THEN seed END) AS best_seed, min(loss) AS best_loss,
                max(CASE WHEN rank = n THEN seed END) AS worst_seed,
                max(CASE WHEN rank = n THEN loss END) AS worst_loss
            FROM ranked GROUP BY group_id)
        SELECT rows.* FROM rows
        JOIN json_each('[\(order.map { "\"\($0)\"" }.joined(separator: ","))]') AS place ON place.value = rows.group_id
        ORDER BY place.key;
        """
    }

    /// Steps until each run holds the target, by ``HoldingTime``; NULL for a run that failed or never did.
    ///
    /// A run that stopped early keeps its last value, so that its last window may be shorter.
    var times: String {
        let targets = Set(data.runs.compactMap { run in run.success.map { "\($0) \(run.problem.scale ?? .nan)" } })
        let target = data.runs.lazy.compactMap(\.success).first.map(NumberText.exact) ?? "NULL"
        let note = targets.count > 1 ? "-- The target differs between problems; this is that of the first run.\n" : ""
        let window = HoldingTime()
        return note + """
            WITH met AS (
                SELECT e.run_id, e.step, e.excess <= \(target) AS met
                FROM excess AS e JOIN runs AS r ON r.id = e.run_id WHERE \(condition) AND r.state = 'done'
                UNION ALL
                SELECT r.id, r.steps_done,
                    \(finalExcess) <= \(target)
                FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
            \(joins)    WHERE \(condition) AND r.state = 'done'),
            windows AS (
                SELECT run_id, step, met, coalesce(sum(met) OVER next, 0) AS hits, count(*) OVER next AS after,
                    last_value(met) OVER (
                        PARTITION BY run_id ORDER BY step ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS met_at_end
                FROM met
                WINDOW next AS (PARTITION BY run_id ORDER BY step ROWS BETWEEN 1 FOLLOWING AND \(window.window) FOLLOWING)),
            held AS (
                SELECT w.run_id, min(w.step) AS step FROM windows AS w JOIN runs AS r ON r.id = w.run_id
                WHERE w.met AND after - hits <= \(window.allowedMisses)
                    AND (after = \(window.window) OR r.steps_done < r.steps AND met_at_end)
                GROUP BY w.run_id)
            SELECT r.id AS run, r.group_id, r.optimizer, r.seed, r.steps AS budget,
                CASE WHEN NOT \(isUnstable) THEN held.step END AS steps_to_target
            FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id LEFT JOIN held ON held.run_id = r.id
            WHERE \(condition)
            ORDER BY \(data.sweep == nil ? "r.id" : "r.trial_number");
            """
    }

    /// Medians at the steps of the sparklines: behind all others ranks a run that has no such step any more.
    var curves: String {
        let steps = Set(data.runs.flatMap { Trajectory.curveSteps(stepCount: $0.run.plan.steps) }).sorted()
        return """
            WITH places (step) AS (VALUES \(steps.map { "(\($0))" }.joined(separator: ", "))),
            cells AS (
                SELECT r.group_id, p.step,
                    (SELECT e.excess FROM excess AS e WHERE e.run_id = r.id AND e.step = p.step) AS excess
                FROM runs AS r JOIN places AS p ON p.step < r.steps
                WHERE \(condition)),
            ranked AS (
                SELECT group_id, step, excess, log10(excess) AS decades, count(*) OVER g AS n,
                    row_number() OVER (PARTITION BY group_id, step ORDER BY excess IS NULL, excess) AS rank
                FROM cells WINDOW g AS (PARTITION BY group_id, step))
            SELECT group_id, step, count(excess) AS seeds, \(Self.median("decades", by: "rank")) AS log10_excess
            FROM ranked GROUP BY group_id, step ORDER BY group_id, step;
            """
    }

    /// Each configuration's best seed in the units of the data's file; nil for a model that is no sum of powers.
    var parameters: String? {
        guard let surface, let powers = surface.powers else { return nil }
        let original = { (value: String, power: Int) in
            let divisor = Array(repeating: "d.x_divisor", count: power).joined(separator: " * ")
            return power == 0 ? "d.y_divisor * \(value) + d.y_offset" : "d.y_divisor * \(value) / (\(divisor))"
        }
        let all = powers.indices
        let values = all.map { "\(original("\(surface.aliases[$0]).final", powers[$0])) AS \(surface.names[$0])" }
        let exact = all.map { "\(original("o.\(surface.optimum[$0])", powers[$0])) AS exact_\(surface.names[$0])" }
        let columns = surface.names + surface.names.map { "exact_\($0)" }
        let joins = all.map { "JOIN run_parameters AS \(surface.aliases[$0]) ON \(surface.isParameter($0))" }
        return """
            WITH ranked AS (
                SELECT r.group_id, r.seed, \((values + exact).joined(separator: ",\n        ")),
                    row_number() OVER (PARTITION BY r.group_id ORDER BY r.final_loss, r.seed, r.id) AS rank
                FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
                LEFT JOIN \(surface.view) AS o ON o.dataset_id = d.id
                \(joins.joined(separator: "\n    "))
                WHERE \(condition) AND r.state = 'done')
            SELECT group_id, seed, \(columns.joined(separator: ", ")) FROM ranked WHERE rank = 1 ORDER BY group_id;
            """
    }

    var divergence: String {
        let product = surface?.largest.map {
            """
            ,
                r.learning_rate * (
                    \(Self.scale)
                    * (\($0(4)))) AS lr_times_curvature
            """
        }
        let join = surface.map { "\n    LEFT JOIN \($0.view) AS o ON o.dataset_id = d.id" }
        return """
            SELECT r.id AS run, r.group_id, r.optimizer, r.learning_rate, r.seed, r.state, r.diverged_step, r.state_reason\
            \(product ?? "")
            FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id\(join ?? "")
            WHERE \(condition) AND r.state IN ('diverged', 'failed')
            ORDER BY \(data.sweep == nil ? "r.id" : "r.trial_number");
            """
    }

    var configurations: String {
        """
        SELECT DISTINCT r.group_id, field.fullkey AS field, field.atom AS value
        FROM runs AS r, json_tree(r.config) AS field
        WHERE \(condition) AND field.atom IS NOT NULL AND field.fullkey <> '$.seed'
        ORDER BY r.group_id, field.fullkey;
        """
    }

    var exactLosses: String {
        "SELECT r.id, r.seed, printf('%!.17g', r.final_loss) AS final_loss FROM runs AS r\nWHERE \(condition);"
    }

    // MARK: - Parts

    /// The loss of `runs AS r` is so many times the mean squared error of `datasets AS d`.
    private static let scale =
        "CASE r.loss WHEN 'mse' THEN 1.0 WHEN 'half-mean' THEN 0.5 ELSE 0.5 * d.samples END"

    /// Whether `runs AS r` came to an end that says something of its configuration.
    private var hasResult: String {
        let rung = data.isHalving ? data.sweep?.plan.budgetSteps.map { " AND r.steps >= \($0)" } : nil
        return "(r.state IN ('done', 'diverged', 'failed')\(rung ?? ""))"
    }

    /// ``Instability`` of `runs AS r` on `datasets AS d`: the median loss of the last tenth of its steps against the larger
    /// of its initial loss and that of the best constant answer.
    private var isUnstable: String {
        let count = "max(1, (r.steps_done - coalesce(r.parent_step, 0)) / 10)"
        return """
            (r.state = 'done' AND (SELECT avg(loss) FROM (
                        SELECT s.loss, row_number() OVER (ORDER BY s.loss) AS place, count(*) OVER () AS n
                        FROM steps AS s WHERE s.run_id = r.id AND s.step >= r.steps_done - \(count))
                    WHERE place IN ((n + 1) / 2, n / 2 + 1))
                    > 2 * max(
                        coalesce(r.initial_loss, (SELECT s.loss FROM steps AS s WHERE s.run_id = r.id ORDER BY s.step LIMIT 1)),
                        \(Self.scale) * (
                            SELECT avg((v.y - m.y) * (v.y - m.y)) FROM dataset_rows AS v,
                                (SELECT avg(y) AS y FROM dataset_rows WHERE dataset_id = d.id) AS m
                            WHERE v.dataset_id = d.id)))
            """
    }

    /// The excess after the last update of `runs AS r` that is done.
    private var finalExcess: String {
        guard let surface else { return "NULL" }
        return """
            CASE r.state WHEN 'done' THEN
                        0.5 * \(Self.scale)
                        * (\(surface.squares(15))) END
            """
    }

    /// What `finalExcess` is computed from.
    private var joins: String {
        guard let surface else { return "" }
        let parameters = surface.aliases.indices.map {
            "    LEFT JOIN run_parameters AS \(surface.aliases[$0]) ON \(surface.isParameter($0))\n"
        }
        return "    LEFT JOIN \(surface.view) AS o ON o.dataset_id = d.id\n" + parameters.joined()
    }

    private static func value(_ column: String, at place: String, by order: String) -> String {
        "max(CASE WHEN \(order) = \(place) THEN \(column) END)"
    }

    /// `OrderStatistics.median` of a group of n rows.
    private static func median(_ column: String, by order: String) -> String {
        "CASE n % 2 WHEN 1 THEN \(value(column, at: "(n + 1) / 2", by: order))\n            "
            + "ELSE \(value(column, at: "n / 2", by: order)) / 2 "
            + "+ \(value(column, at: "n / 2 + 1", by: order)) / 2 END"
    }

    /// `OrderStatistics.quartile(_:)` of a group of n rows.
    private static func quartile(_ number: Int) -> String {
        let last = number == 1 ? "(n - 1)" : "\(number) * (n - 1)"
        let low = value("loss", at: "\(last) / 4 + 1", by: "rank")
        let high = value("loss", at: "\(last) / 4 + 2", by: "rank")
        return "CASE \(last) % 4 WHEN 0 THEN \(low)\n            "
            + "ELSE \(low) + \(last) % 4 / 4.0\n                * (\(high) - \(low)) END"
    }

    /// The order statistic that ends the median's interval, for each number of seeds that the report has.
    private func intervalEnd(_ place: (Int) -> String) -> String {
        let cases = Set(data.groups.map(\.resultCount)).sorted().compactMap { count -> String? in
            let rank = OrderStatistics(Array(repeating: 0, count: count)).medianInterval()?.rank
            return rank.map { " WHEN \(count) THEN \(Self.value("loss", at: place($0), by: "rank"))" }
        }
        return cases.isEmpty ? "NULL" : "CASE n\(cases.joined()) END"
    }
}
