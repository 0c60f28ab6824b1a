import Statistics
import TextFormats
import Tracking

/// The queries of the tables that set arms against each other.
struct PairQueries {
    let arms: ArmQueries

    private var sql: RunSQL { arms.sql }
    private var comparison: Comparison { arms.comparison }

    /// Of each pair that can be compared, the two values on every seed that one of them has a result of.
    var pairwise: String {
        let measure = MeasureSQL(comparison.measure, cut: "p.cut", of: sql.course)
        let difference = "\(measure.cost("x.value")) - \(measure.cost("y.value"))"
        return """
            WITH \(sql.courses)\(arms.arms),
            \(sql.charged(withTimes: comparison.measure.quantity == .time)),
            shown AS (
                SELECT a.place, a.arm, c.* FROM arms AS a JOIN charged AS c ON c.group_id = a.group_id\
            \(arms.compares("c.seed", after: "AND"))),
            budgets AS (SELECT place, arm, min(steps) AS least, max(steps) AS most FROM shown GROUP BY place),
            pairs AS (
                SELECT x.place AS first, y.place AS second, x.arm AS a, y.arm AS b,
                    CASE WHEN min(x.least, y.least) < max(x.most, y.most) THEN min(x.least, y.least) END AS cut
                FROM budgets AS x JOIN budgets AS y ON x.place < y.place\(choice)),
            outcomes AS (
                SELECT p.first, p.second, c.place, c.seed,
                    \(measure.value) AS value,
                    row_number() OVER (PARTITION BY p.first, p.second, c.place, c.seed ORDER BY c.id) AS number
                FROM pairs AS p JOIN shown AS c ON c.place IN (p.first, p.second) WHERE c.has_result)
            SELECT p.a, p.b, s.seed, x.value AS a_value, y.value AS b_value,
                CASE WHEN x.seed IS NULL OR y.seed IS NULL THEN NULL
                    WHEN x.value IS NULL AND y.value IS NULL THEN 0
                    WHEN x.value IS NULL THEN 9e999 WHEN y.value IS NULL THEN -9e999
                    ELSE \(difference) END AS difference
            FROM pairs AS p
            JOIN (SELECT DISTINCT first, second, seed FROM outcomes) AS s ON s.first = p.first AND s.second = p.second
            LEFT JOIN outcomes AS x ON x.first = p.first AND x.second = p.second AND x.place = p.first
                AND x.seed = s.seed AND x.number = 1
            LEFT JOIN outcomes AS y ON y.first = p.first AND y.second = p.second AND y.place = p.second
                AND y.seed = s.seed AND y.number = 1
            ORDER BY p.first, p.second, s.seed;
            """
    }

    /// Picks the pairs that are shown and can be compared.
    private var choice: String {
        let baseline = comparison.baseline.map { "\n        AND \($0.sqlText) IN (x.arm, y.arm)" } ?? ""
        let others = comparison.pairs.filter { $0.obstacle != nil }
            .map { "(\($0.first.sqlText), \($0.second.sqlText))" }
        return others.isEmpty
            ? baseline
            : baseline + "\n        AND (x.arm, y.arm) NOT IN (VALUES \(others.joined(separator: ", ")))"
    }

    /// The median log10 excess of each arm after each of these numbers of steps.
    func budgets(_ steps: [Int]) -> String {
        """
        WITH \(sql.courses)\(arms.arms),
        budgets (budget) AS (VALUES \(steps.map { "(\($0))" }.joined(separator: ", "))),
        ends AS MATERIALIZED (
            SELECT r.id, r.group_id, r.seed, r.state, r.steps_done, \(sql.hasResult) AS has_result,
                \(sql.finalExcess) AS final_excess
            FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
        \(sql.joins)    WHERE \(sql.condition)\(arms.compares("r.seed", after: "AND"))),
        cells AS (
            SELECT a.place, a.arm, b.budget, r.has_result, r.state = 'done' AND r.steps_done < b.budget AS has_ended,
                CASE WHEN r.state = 'done' AND r.steps_done <= b.budget THEN r.final_excess ELSE (
                    SELECT e.excess FROM \(sql.course) AS e WHERE e.run_id = r.id AND e.step = b.budget AND e.excess < 9e999)
                END AS excess
            FROM arms AS a JOIN ends AS r ON r.group_id = a.group_id JOIN budgets AS b),
        ranked AS (
            SELECT *, \(RunSQL.decades("excess")) AS decades, sum(has_result) OVER (PARTITION BY place, budget) AS n,
                row_number() OVER (PARTITION BY place, budget ORDER BY NOT has_result, excess IS NULL, excess)
                    AS decades_rank
            FROM cells),
        medians AS (
            SELECT budget, place, arm, max(has_ended) AS has_ended,
                \(GroupSQL.median("decades")) AS log10_excess
            FROM ranked GROUP BY budget, place)
        SELECT budget, arm, log10_excess, CASE WHEN NOT max(has_ended) OVER (PARTITION BY budget) THEN
                rank() OVER (PARTITION BY budget ORDER BY log10_excess IS NULL, log10_excess) END AS rank
        FROM medians ORDER BY budget, place;
        """
    }

    /// The area under each arm's runtime distribution: only a new lowest excess reaches targets.
    var targets: String {
        """
        WITH \(sql.courses)\(arms.arms),
        targets (target) AS (VALUES \(TargetHits.targets.map { "(\(NumberText.exact($0)))" }.joined(separator: ","))),
        \(sql.charged(withTimes: false)),
        shown AS (
            SELECT a.place, a.arm, c.* FROM arms AS a JOIN charged AS c ON c.group_id = a.group_id\
        \(arms.compares("c.seed", after: "AND"))),
        points AS (
            SELECT c.id, e.step, e.excess FROM shown AS c JOIN \(sql.course) AS e ON e.run_id = c.id WHERE c.has_value
            UNION ALL SELECT id, steps_done, excess FROM shown WHERE has_value),
        lows AS MATERIALIZED (
            SELECT * FROM (
                SELECT *, min(excess) OVER (
                    PARTITION BY id ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS lowest FROM points)
            WHERE lowest IS NULL OR excess < lowest),
        hits AS (
            SELECT l.id, l.step FROM lows AS l JOIN targets AS t
            ON l.excess <= t.target AND (l.lowest IS NULL OR l.lowest > t.target)),
        spans AS (
            SELECT place, arm, log10(max(steps)) AS width, sum(has_result) AS runs FROM shown GROUP BY place)
        SELECT w.arm, w.runs, count(h.step) AS targets_reached,
            coalesce(sum((w.width - log10(max(1, h.step))) / w.width), 0) / (w.runs * \(TargetHits.targets.count))
                AS fraction_of_all_targets
        FROM spans AS w LEFT JOIN (SELECT s.place, h.step FROM shown AS s JOIN hits AS h ON h.id = s.id) AS h
            ON h.place = w.place
        GROUP BY w.place ORDER BY w.place;
        """
    }
}
