import TextFormats
import Tracking

/// The queries of the tables on what was planned, on which problem, and what became of single runs.
struct RunQueries {
    let sql: RunSQL

    var completeness: String {
        """
        SELECT r.optimizer, count(*) AS planned, sum(r.state = 'done') AS done, sum(r.state = 'diverged') AS diverged,
            sum(r.state = 'failed') AS failed,
            sum(\(sql.isUnstable)) AS unstable,
            sum(r.state IN ('done', 'diverged', 'failed') AND NOT \(sql.hasResult)) AS not_promoted,
            sum(r.state IN ('pruned', 'cancelled')) AS pruned_or_cancelled,
            sum(r.state IN ('queued', 'running')) AS interrupted_or_missing,
            count(*) - count(DISTINCT r.config_hash) AS duplicates
        FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id WHERE \(sql.condition)
        GROUP BY r.optimizer ORDER BY r.optimizer;
        """
    }

    /// The eigenvalues of two parameters' Hessian by the formula of `Eigensystem`; more have no such formula.
    ///
    /// Of several models one number per row, because each has its own.
    var problem: String {
        guard let surface = sql.surface else { return optima }
        let optimum = surface.optimum.joined(separator: ", ")
        let values = surface.optimum.map { "o.\($0)" }.joined(separator: ", ")
        let range =
            "(SELECT min(x) FROM dataset_rows WHERE dataset_id = d.id) AS x_min,\n"
            + "        (SELECT max(x) FROM dataset_rows WHERE dataset_id = d.id) AS x_max"
        guard let largest = surface.largest, let determinant = surface.determinant else {
            return """
                SELECT d.samples, \(range),
                    r.loss, r.dtype, \(RunSQL.scale) * o.minimum AS minimum_loss, \(values)
                FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
                LEFT JOIN \(surface.view) AS o ON o.dataset_id = d.id
                WHERE \(sql.condition)
                GROUP BY d.id, r.loss, r.dtype ORDER BY min(r.id);
                """
        }
        return """
            WITH problems AS (
                SELECT d.id, d.samples, r.loss, r.dtype, \(values), o.minimum AS optimum_loss,
                    \(range),
                    \(RunSQL.scale) AS scale,
                    \(largest(4)) AS largest,
                    \(determinant) AS determinant, min(r.id) AS first_run
                FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
                LEFT JOIN \(surface.view) AS o ON o.dataset_id = d.id
                WHERE \(sql.condition)
                GROUP BY d.id, r.loss, r.dtype)
            SELECT samples, x_min, x_max, loss, dtype, scale * optimum_loss AS minimum_loss, \(optimum),
                scale * (determinant / largest) AS smallest_curvature, scale * largest AS largest_curvature,
                scale * largest / (scale * (determinant / largest)) AS condition_number,
                2 / (scale * largest) AS edge
            FROM problems ORDER BY first_run;
            """
    }

    private var optima: String {
        """
        SELECT d.samples, (SELECT min(x) FROM dataset_rows WHERE dataset_id = d.id) AS x_min,
            (SELECT max(x) FROM dataset_rows WHERE dataset_id = d.id) AS x_max,
            r.loss, r.dtype, r.model, o.kind, o.name, o.other,
            CASE o.kind WHEN 'parameter' THEN 1.0 ELSE \(RunSQL.scale) END * o.value AS value
        FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
        LEFT JOIN optima AS o ON o.dataset_id = d.id AND o.model = r.model
        WHERE \(sql.condition)
        GROUP BY d.id, r.model, r.loss, r.dtype, o.position ORDER BY min(r.id), o.position;
        """
    }

    /// Each configuration's best seed in the units of the data's file.
    ///
    /// Of several models one parameter per row; nil where none is a sum of powers.
    var parameters: String? {
        guard let surface = sql.surface else { return severalParameters }
        guard let powers = surface.powers else { return nil }
        let all = powers.indices
        let values = all.map { "\(Self.original("\(surface.aliases[$0]).final", powers[$0])) AS \(surface.names[$0])" }
        let exact = all.map { "\(Self.original("o.\(surface.optimum[$0])", powers[$0])) AS exact_\(surface.names[$0])" }
        let columns = surface.names + surface.names.map { "exact_\($0)" }
        return """
            WITH \(best),
            fitted AS (
                SELECT r.id, \((values + exact).joined(separator: ",\n        "))
                FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
            \(sql.joins)    WHERE \(sql.condition))
            SELECT group_id, seed, \(columns.joined(separator: ", "))
            FROM best JOIN fitted ON fitted.id = best.id ORDER BY group_id;
            """
    }

    private var severalParameters: String? {
        let cases = sql.surfaces.flatMap { surface in
            (surface.powers ?? []).enumerated().map { index, power in
                let name = surface.parameterTexts[index]
                return
                    "\n        WHEN r.model = \(surface.model.sqlText) AND p.name = \(name) THEN \(Self.original("p.final", power))"
            }
        }
        guard !cases.isEmpty else { return nil }
        return """
            WITH \(best)
            SELECT r.group_id, r.seed, p.name, CASE\(cases.joined()) END AS value
            FROM best JOIN runs AS r ON r.id = best.id JOIN datasets AS d ON d.id = r.dataset_id
            JOIN run_parameters AS p ON p.run_id = r.id
            ORDER BY r.group_id, p.name;
            """
    }

    /// Common tables that end in `best`: the run with the lowest final loss of each configuration.
    private var best: String {
        """
        \(sql.charged(withTimes: false)),
        best AS (
            SELECT * FROM (
                SELECT *, row_number() OVER (
                    PARTITION BY group_id ORDER BY NOT has_result, loss IS NULL, loss, seed, id) AS place
                FROM charged)
            WHERE place = 1 AND state = 'done')
        """
    }

    /// The coefficient of a power of x in the units of the data's file.
    private static func original(_ value: String, _ power: Int) -> String {
        let divisor = Array(repeating: "d.x_divisor", count: power).joined(separator: " * ")
        return power == 0 ? "d.y_divisor * \(value) + d.y_offset" : "d.y_divisor * \(value) / (\(divisor))"
    }

    var divergence: String {
        let product = sql.surface?.largest.map {
            """
            ,
                r.learning_rate * (
                    \(RunSQL.scale)
                    * (\($0(4)))) AS lr_times_curvature
            """
        }
        let join = sql.surface.map { "\n    LEFT JOIN \($0.view) AS o ON o.dataset_id = d.id" }
        return """
            SELECT r.id AS run, r.group_id, r.optimizer, r.learning_rate, r.seed, r.state, r.diverged_step, r.state_reason,
                (SELECT min(s.step) FROM steps AS s WHERE s.run_id = r.id AND s.loss > 10 * (
                    SELECT f.loss FROM steps AS f WHERE f.run_id = r.id ORDER BY f.step LIMIT 1)) AS tenfold_loss_step\
            \(product ?? "")
            FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id\(join ?? "")
            WHERE \(sql.condition) AND r.state IN ('diverged', 'failed')
            ORDER BY \(sql.order);
            """
    }

    var configurations: String {
        """
        SELECT DISTINCT r.group_id, field.fullkey AS field, field.atom AS value
        FROM runs AS r, json_tree(r.config) AS field
        WHERE \(sql.condition) AND field.atom IS NOT NULL AND field.fullkey <> '$.seed'
        ORDER BY r.group_id, field.fullkey;
        """
    }

    /// Medians at the steps of the sparklines: behind all others ranks a run that has no such step any more.
    ///
    /// Of all seeds, and of those that compare where others chose.
    func curves(_ arms: ArmQueries) -> String {
        let steps = Set(sql.data.runs.flatMap { Trajectory.curveSteps(stepCount: $0.run.plan.steps) }).sorted()
        let compared = arms.compares("seed", after: "WHERE")
        let both =
            compared.isEmpty
            ? "SELECT *, 'all' AS seeds FROM cells"
            : "SELECT *, 'all' AS seeds FROM cells UNION ALL SELECT *, 'compared' FROM cells\(compared)"
        return """
            WITH places (step) AS (VALUES \(steps.map { "(\($0))" }.joined(separator: ", "))),
            cells AS (
                SELECT r.group_id, r.seed, p.step,
                    (SELECT e.excess FROM excess AS e WHERE e.run_id = r.id AND e.step = p.step) AS excess
                FROM runs AS r JOIN places AS p ON p.step < r.steps
                WHERE \(sql.condition)),
            ranked AS (
                SELECT *, \(RunSQL.decades("excess")) AS decades, count(*) OVER g AS n,
                    row_number() OVER (PARTITION BY seeds, group_id, step ORDER BY excess IS NULL, excess) AS decades_rank
                FROM (\(both))
                WINDOW g AS (PARTITION BY seeds, group_id, step))
            SELECT group_id, seeds, step, count(excess) AS runs,
                \(GroupSQL.median("decades")) AS log10_excess
            FROM ranked GROUP BY seeds, group_id, step ORDER BY seeds, group_id, step;
            """
    }

    /// The numbers that the conditions of a fair comparison are checked by, where they are counted from rows.
    func `protocol`(_ arms: ArmQueries) -> String {
        let groups = arms.comparison.arms.map(\.group.id.sqlText).joined(separator: ", ")
        let tried = sql.data.isHalving ? "json_remove(r.config, '$.seed', '$.steps')" : "r.group_id"
        let counted = """
            CASE WHEN optimizer = 'lbfgs' THEN evaluations * batch_size
                    WHEN sampling = 'shuffled' AND batch_size < samples THEN
                        steps / ((samples + batch_size - 1) / batch_size) * samples
                        + steps % ((samples + batch_size - 1) / batch_size) * batch_size
                    ELSE steps * batch_size END
            """
        return """
            WITH every AS (SELECT r.* FROM runs AS r WHERE \(sql.condition)),
            compared AS (
                SELECT r.id, r.seed, r.optimizer, r.batch_size, r.steps, r.evaluations, r.config ->> '$.sampling' AS sampling,
                    d.samples
                FROM every AS r JOIN datasets AS d ON d.id = r.dataset_id
                WHERE r.group_id IN (\(groups))\(arms.compares("r.seed", after: "AND"))),
            starts AS (
                SELECT r.seed FROM compared AS r JOIN run_parameters AS p ON p.run_id = r.id
                GROUP BY r.seed, p.name HAVING count(DISTINCT p.initial) > 1)
            SELECT 'every planned run has a result' AS condition, 'have none' AS quantity, sum(NOT \(sql.hasResult)) AS found
            FROM every AS r
            UNION ALL SELECT 'no run repeats another', 'repeated', count(*) - count(DISTINCT config_hash) FROM every
            UNION ALL SELECT 'the same data, loss and number type for all', 'problems',
                count(DISTINCT dataset_id || ' ' || model || ' ' || loss || ' ' || dtype) FROM every
            UNION ALL SELECT DISTINCT 'the same number of steps for all', 'steps', steps FROM compared
            UNION ALL SELECT DISTINCT 'the same number of sample gradients for all', optimizer,
                \(counted)
            FROM compared
            UNION ALL SELECT 'the same number of configurations tried for each optimizer', r.optimizer, count(DISTINCT \(tried))
            FROM every AS r GROUP BY r.optimizer
            UNION ALL SELECT 'best learning rates inside their grids', optimizer || ', lowest tried', min(learning_rate)
            FROM every GROUP BY optimizer
            UNION ALL SELECT 'best learning rates inside their grids', optimizer || ', highest tried', max(learning_rate)
            FROM every GROUP BY optimizer
            UNION ALL SELECT 'the same start on each seed', 'seeds with others', count(DISTINCT seed) FROM starts
            UNION ALL SELECT DISTINCT 'the same program version', 'version', version FROM every;
            """
    }
}
