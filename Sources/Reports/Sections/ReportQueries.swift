import Statistics
import TextFormats
import Theory
import Tracking

/// The SQL behind each table, as a person may type it into `sqlite3`.
struct ReportQueries {
    /// Picks the report's runs out of `runs AS r`.
    private let condition: String
    private let data: ReportData

    init(_ data: ReportData) {
        self.data = data
        if let sweep = data.sweep, data.isWhole, data.absentRunCount == 0 {
            let name = sweep.plan.name.replacing("'", with: "''")
            condition = "r.sweep_id = (SELECT id FROM sweeps WHERE name = '\(name)')"
        } else {
            condition = "r.id IN (\(data.runs.map { String($0.run.id) }.joined(separator: ", ")))"
        }
    }

    /// Those of the tables that this report has.
    var all: [(table: String, sql: String)] {
        var all = [
            ("completeness", completeness), ("problem", problem), ("leaderboard", leaderboard), ("curves", curves),
        ]
        if data.runs.contains(where: { $0.success != nil }) { all.append(("steps to the target", times)) }
        if data.problems.contains(where: \.units.areScaled) { all.append(("fitted parameters", parameters)) }
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

    /// The eigenvalues by the formula of `Eigensystem`.
    var problem: String {
        """
        WITH problems AS (
            SELECT d.id, d.samples, r.loss, r.dtype, d.optimum_w, d.optimum_b, d.optimum_loss,
                \(Self.scale) AS scale,
                (d.hessian_ww + d.hessian_bb) / 2
                    + sqrt((d.hessian_ww - d.hessian_bb) / 2 * ((d.hessian_ww - d.hessian_bb) / 2)
                        + d.hessian_wb * d.hessian_wb) AS largest,
                d.hessian_ww * d.hessian_bb - d.hessian_wb * d.hessian_wb AS determinant, min(r.id) AS first_run
            FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
            WHERE \(condition)
            GROUP BY d.id, r.loss, r.dtype)
        SELECT samples, loss, dtype, scale * optimum_loss AS minimum_loss, optimum_w, optimum_b,
            scale * (determinant / largest) AS smallest_curvature, scale * largest AS largest_curvature,
            scale * largest / (scale * (determinant / largest)) AS condition_number,
            2 / (scale * largest) AS edge
        FROM problems ORDER BY first_run;
        """
    }

    var leaderboard: String {
        """
        WITH ended AS (
            SELECT r.id, r.config_id, r.optimizer, r.learning_rate, r.batch_size, r.seed, r.state,
                CASE r.state WHEN 'done' THEN r.final_loss END AS loss,
                CASE r.state WHEN 'done' THEN
                    0.5 * \(Self.scale)
                    * (d.hessian_ww * (w.final - d.optimum_w) * (w.final - d.optimum_w)
                       + 2.0 * d.hessian_wb * (w.final - d.optimum_w) * (b.final - d.optimum_b)
                       + d.hessian_bb * (b.final - d.optimum_b) * (b.final - d.optimum_b)) END AS excess
            FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
            LEFT JOIN run_parameters AS w ON w.run_id = r.id AND w.name = 'w'
            LEFT JOIN run_parameters AS b ON b.run_id = r.id AND b.name = 'b'
            WHERE \(condition)),
        ranked AS (
            SELECT *, log10(excess) AS decades, count(*) OVER (PARTITION BY config_id) AS n,
                row_number() OVER (PARTITION BY config_id ORDER BY loss IS NULL, loss, seed, id) AS place,
                row_number() OVER (PARTITION BY config_id ORDER BY excess IS NULL, excess) AS excess_place
            FROM ended),
        rows AS (
            SELECT config_id, min(optimizer) AS optimizer, min(learning_rate) AS learning_rate,
                min(batch_size) AS batch_size, sum(state = 'done') AS done, sum(state = 'diverged') AS diverged,
                n AS planned,
                \(Self.median("loss", by: "place")) AS median_final_loss,
                \(intervalEnd { "\($0)" }) AS interval_low,
                \(intervalEnd { "n + 1 - \($0)" }) AS interval_high,
                \(Self.quartile(1)) AS lower_quartile,
                \(Self.quartile(3)) AS upper_quartile,
                \(Self.median("decades", by: "excess_place")) AS log10_excess,
                max(CASE WHEN place = 1 AND loss IS NOT NULL THEN seed END) AS best_seed, min(loss) AS best_loss,
                max(CASE WHEN place = n THEN seed END) AS worst_seed,
                max(CASE WHEN place = n THEN loss END) AS worst_loss
            FROM ranked GROUP BY config_id)
        SELECT rank() OVER (ORDER BY median_final_loss IS NULL, median_final_loss) AS place, *
        FROM rows ORDER BY place, config_id;
        """
    }

    /// Steps until each run's excess was at or below the target; NULL for a run that is not done or never got there.
    var times: String {
        let targets = Set(data.runs.compactMap { run in run.success.map { "\($0) \(run.problem.scale ?? .nan)" } })
        let target = data.runs.lazy.compactMap(\.success).first.map(NumberText.exact) ?? "NULL"
        let note = targets.count > 1 ? "-- The target differs between problems; this is that of the first run.\n" : ""
        return note + """
            SELECT r.id AS run, r.config_id, r.optimizer, r.seed, r.steps AS budget,
                CASE r.state WHEN 'done' THEN coalesce(
                    (SELECT min(e.step) FROM excess AS e WHERE e.run_id = r.id AND e.excess <= \(target)),
                    (SELECT r.steps_done
                        FROM datasets AS d, run_parameters AS w, run_parameters AS b
                        WHERE d.id = r.dataset_id AND w.run_id = r.id AND w.name = 'w' AND b.run_id = r.id AND b.name = 'b'
                            AND 0.5 * \(Self.scale)
                                * (d.hessian_ww * (w.final - d.optimum_w) * (w.final - d.optimum_w)
                                   + 2.0 * d.hessian_wb * (w.final - d.optimum_w) * (b.final - d.optimum_b)
                                   + d.hessian_bb * (b.final - d.optimum_b) * (b.final - d.optimum_b)) <= \(target))) END
                AS steps_to_target
            FROM runs AS r WHERE \(condition)
            ORDER BY \(data.sweep == nil ? "r.id" : "r.sweep_position");
            """
    }

    /// Medians at the steps of the sparklines: behind all others ranks a run that has no such step any more.
    var curves: String {
        let steps = Set(data.runs.flatMap { Trajectory.curveSteps(stepCount: $0.run.plan.steps) }).sorted()
        return """
            WITH places (step) AS (VALUES \(steps.map { "(\($0))" }.joined(separator: ", "))),
            cells AS (
                SELECT r.config_id, p.step,
                    (SELECT e.excess FROM excess AS e WHERE e.run_id = r.id AND e.step = p.step) AS excess
                FROM runs AS r JOIN places AS p ON p.step < r.steps
                WHERE \(condition)),
            ranked AS (
                SELECT config_id, step, excess, log10(excess) AS decades, count(*) OVER g AS n,
                    row_number() OVER (PARTITION BY config_id, step ORDER BY excess IS NULL, excess) AS place
                FROM cells WINDOW g AS (PARTITION BY config_id, step))
            SELECT config_id, step, count(excess) AS seeds, \(Self.median("decades", by: "place")) AS log10_excess
            FROM ranked GROUP BY config_id, step ORDER BY config_id, step;
            """
    }

    /// Each configuration's best seed in the units of the data's file.
    var parameters: String {
        """
        WITH ranked AS (
            SELECT r.config_id, r.seed, d.y_divisor * w.final / (d.x_divisor * d.x_divisor) AS w,
                d.y_divisor * b.final + d.y_offset AS b,
                d.y_divisor * d.optimum_w / (d.x_divisor * d.x_divisor) AS exact_w,
                d.y_divisor * d.optimum_b + d.y_offset AS exact_b,
                row_number() OVER (PARTITION BY r.config_id ORDER BY r.final_loss, r.seed, r.id) AS place
            FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
            JOIN run_parameters AS w ON w.run_id = r.id AND w.name = 'w'
            JOIN run_parameters AS b ON b.run_id = r.id AND b.name = 'b'
            WHERE \(condition) AND r.state = 'done')
        SELECT config_id, seed, w, b, exact_w, exact_b FROM ranked WHERE place = 1 ORDER BY config_id;
        """
    }

    var divergence: String {
        """
        SELECT r.id AS run, r.config_id, r.optimizer, r.learning_rate, r.seed, r.state, r.first_bad_step, r.reason,
            r.learning_rate * (
                \(Self.scale)
                * ((d.hessian_ww + d.hessian_bb) / 2
                    + sqrt((d.hessian_ww - d.hessian_bb) / 2 * ((d.hessian_ww - d.hessian_bb) / 2)
                        + d.hessian_wb * d.hessian_wb))) AS lr_times_curvature
        FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
        WHERE \(condition) AND r.state IN ('diverged', 'failed')
        ORDER BY \(data.sweep == nil ? "r.id" : "r.sweep_position");
        """
    }

    var configurations: String {
        """
        SELECT DISTINCT r.config_id, field.fullkey AS field, field.atom AS value
        FROM runs AS r, json_tree(r.config) AS field
        WHERE \(condition) AND field.atom IS NOT NULL AND field.fullkey <> '$.seed'
        ORDER BY r.config_id, field.fullkey;
        """
    }

    var exactLosses: String {
        "SELECT r.id, r.seed, printf('%!.17g', r.final_loss) AS final_loss FROM runs AS r\nWHERE \(condition);"
    }

    // MARK: - Parts

    /// The loss of `runs AS r` is so many times the mean squared error of `datasets AS d`.
    private static let scale =
        "CASE r.loss WHEN 'mse' THEN 1.0 WHEN 'half-mean' THEN 0.5 ELSE 0.5 * d.samples END"

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
        let low = value("loss", at: "\(last) / 4 + 1", by: "place")
        let high = value("loss", at: "\(last) / 4 + 2", by: "place")
        return "CASE \(last) % 4 WHEN 0 THEN \(low)\n            "
            + "ELSE \(low) + \(last) % 4 / 4.0\n                * (\(high) - \(low)) END"
    }

    /// The order statistic that ends the median's interval, for each number of seeds that the report has.
    private func intervalEnd(_ place: (Int) -> String) -> String {
        let cases = Set(data.groups.map(\.plannedCount)).sorted().compactMap { count -> String? in
            let rank = OrderStatistics(Array(repeating: 0, count: count)).medianInterval()?.rank
            return rank.map { " WHEN \(count) THEN \(Self.value("loss", at: place($0), by: "place"))" }
        }
        return cases.isEmpty ? "NULL" : "CASE n\(cases.joined()) END"
    }
}
