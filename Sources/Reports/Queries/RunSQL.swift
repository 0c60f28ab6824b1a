import Statistics
import TextFormats
import Theory
import Tracking

/// What the queries of a report share: which runs they are on, and what became of each.
struct RunSQL: Sendable {
    let data: ReportData
    /// Picks the report's runs out of `runs AS r`.
    let condition: String
    /// How the loss of each model is stored, as far as a surface is known.
    let surfaces: [SurfaceSQL]
    private let modelCount: Int

    init(_ data: ReportData) {
        self.data = data
        let problems = Dictionary(grouping: data.problems, by: \.model).sorted { $0.key < $1.key }
        modelCount = problems.count
        surfaces = problems.compactMap { model, problems in data.schemas[model].flatMap { SurfaceSQL($0, problems) } }
        if let sweep = data.sweep, data.isWhole, data.absentRunCount == 0 {
            condition = "r.sweep_id = (SELECT id FROM sweeps WHERE name = \(sweep.plan.name.sqlText))"
        } else {
            condition = "r.id IN (\(data.runs.map { String($0.run.id) }.joined(separator: ", ")))"
        }
    }

    /// The loss of `runs AS r` is so many times the mean squared error of `datasets AS d`.
    static let scale = "CASE r.loss WHEN 'mse' THEN 1.0 WHEN 'half-mean' THEN 0.5 ELSE 0.5 * d.samples END"

    /// That of the only model; nil where it is not known, or there are several.
    var surface: SurfaceSQL? { modelCount == 1 ? surfaces.first : nil }

    /// The order in which a report lists runs.
    var order: String { data.sweep == nil ? "r.id" : "r.trial_number" }

    /// Common tables that end in `charged`: a row per run, whose `loss`, `excess`, `decades` (log10 of that) and `reached`
    /// (the steps until it holds the target) are NULL for a failure.
    func charged(withTimes: Bool, distinctBy key: String? = nil) -> String {
        let isTimed = withTimes && hasTarget
        return (isTimed ? held + ",\n" : "") + """
            ended AS MATERIALIZED (
                SELECT r.id, r.group_id, r.optimizer, r.learning_rate, r.batch_size, r.seed, r.steps, r.steps_done, r.state,
                    r.dtype, r.final_loss, \(hasResult) AS is_ended,\(key == nil ? "" : " " + Self.trace)
                    \(isUnstable) AS unstable,
                    \(finalExcess) AS final_excess, \(isTimed ? "held.step" : "NULL") AS held\(isTimed && isTargetPartial ? ", \(target) AS target" : "")
                FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
            \(joins)\(isTimed ? "    LEFT JOIN held ON held.run_id = r.id\n" : "")    WHERE \(condition)),
            charged AS MATERIALIZED (
                SELECT *, CASE WHEN has_value THEN final_loss END AS loss, CASE WHEN has_value THEN final_excess END AS excess,
                    CASE WHEN has_value THEN \(Self.decades("final_excess")) END AS decades,
                    CASE WHEN has_value THEN held END AS reached
                FROM (SELECT *, has_result AND state = 'done' AND NOT unstable AS has_value
                    FROM (SELECT *, \(key.map(isFirst) ?? "is_ended") AS has_result FROM ended)))
            """
    }

    /// Whether a row of `ended` has a result that none before it in its group has, trace for trace.
    private func isFirst(by key: String) -> String {
        "is_ended AND row_number() OVER (PARTITION BY \(key), is_ended, trace ORDER BY seed, id) = 1"
    }

    /// What tells runs apart without reading their steps: two that agree in it did exactly the same.
    private static let trace = """
        coalesce((
                        SELECT group_concat(p.name || quote(p.initial) || quote(p.final)) || r.steps_done || quote(r.final_loss)
                            || quote(r.best_loss) || quote(r.best_step)
                        FROM run_parameters AS p WHERE p.run_id = r.id), r.id) AS trace,
        """

    // MARK: - What became of a run

    /// Whether `runs AS r` came to an end that says something of its configuration.
    var hasResult: String {
        let rung = data.isHalving ? data.sweep?.plan.budgetSteps.map { " AND r.steps >= \($0)" } : nil
        return "(r.state IN ('done', 'diverged', 'failed')\(rung ?? ""))"
    }

    /// ``Instability`` of `runs AS r` on `datasets AS d`: the median loss of the last tenth of its steps against the larger
    /// of its initial loss and that of the best constant answer.
    var isUnstable: String {
        let count = "max(1, (r.steps_done - coalesce(r.parent_step, 0)) / 10)"
        return """
            (r.state = 'done' AND coalesce((SELECT avg(loss) FROM (
                        SELECT s.loss, row_number() OVER (ORDER BY s.loss IS NULL, s.loss) AS place, count(*) OVER () AS n
                        FROM steps AS s WHERE s.run_id = r.id AND s.step >= r.steps_done - \(count))
                    WHERE place IN ((n + 1) / 2, n / 2 + 1))
                    > 2 * max(\(initialLoss),
                        \(Self.scale) * (
                            SELECT avg((v.y - m.y) * (v.y - m.y)) FROM dataset_rows AS v,
                                (SELECT avg(y) AS y FROM dataset_rows WHERE dataset_id = d.id) AS m
                            WHERE v.dataset_id = d.id)), 0))
            """
    }

    /// The loss over all data before the first update of the run's first start, a fork's in the run it came from; where no one
    /// computed it, that of the first step.
    private var initialLoss: String {
        let first = { (run: String) in
            "coalesce(\(run).initial_loss, (SELECT s.loss FROM steps AS s WHERE s.run_id = \(run).id ORDER BY s.step LIMIT 1))"
        }
        guard hasForks else { return first("r") }
        return """
            (
                        WITH RECURSIVE line (id, parent, place) AS (
                            SELECT r.id, r.parent_run_id, 0
                            UNION ALL SELECT p.id, p.parent_run_id, place + 1 FROM line JOIN runs AS p ON p.id = line.parent)
                        SELECT \(first("f"))
                        FROM line JOIN runs AS f ON f.id = line.id ORDER BY place DESC LIMIT 1)
            """
    }

    /// The excess after the last update of `runs AS r` that is done.
    var finalExcess: String {
        guard let surface else {
            let cases = surfaces.map { " WHEN \($0.model.sqlText) THEN \($0.finalExcess)" }
            return cases.isEmpty ? "NULL" : "CASE WHEN r.state = 'done' THEN CASE r.model\(cases.joined()) END END"
        }
        return """
            CASE r.state WHEN 'done' THEN
                        0.5 * \(Self.scale)
                        * (\(surface.squares(15))) END
            """
    }

    /// What `finalExcess` is computed from, a line per table.
    var joins: String {
        guard let surface else { return "" }
        let parameters = surface.aliases.indices.map {
            "    LEFT JOIN run_parameters AS \(surface.aliases[$0]) ON \(surface.isParameter($0))\n"
        }
        return "    LEFT JOIN \(surface.view) AS o ON o.dataset_id = d.id\n" + parameters.joined()
    }

    /// log10, which SQLite has none of 0.
    static func decades(_ excess: String) -> String { "CASE \(excess) WHEN 0 THEN -9e999 ELSE log10(\(excess)) END" }

    // MARK: - Steps of forks

    private var hasForks: Bool { data.runs.contains { $0.run.plan.parentRunID != nil } }

    /// What has the excess before each step of a run, those that a fork shares with the run it came from included.
    var course: String { hasForks ? "course" : "excess" }

    /// The common table of that name, with its comma; empty where there are no forks.
    var courses: String {
        guard hasForks else { return "" }
        return """
            line (run_id, holder, first, limit_step, parent) AS (
                SELECT r.id, r.id, coalesce(r.parent_step, 0), 9223372036854775807, r.parent_run_id
                FROM runs AS r WHERE \(condition)
                UNION ALL SELECT l.run_id, p.id, min(coalesce(p.parent_step, 0), l.first), l.first, p.parent_run_id
                FROM line AS l JOIN runs AS p ON p.id = l.parent),
            course AS (
                SELECT l.run_id, e.step, e.excess FROM line AS l
                JOIN excess AS e ON e.run_id = l.holder AND e.step >= l.first AND e.step < l.limit_step),

            """
    }

    // MARK: - Steps to the target

    var hasTarget: Bool { data.runs.contains { $0.success != nil } }

    /// Whether some runs have a target and others none.
    var isTargetPartial: Bool { hasTarget && data.runs.contains { $0.success == nil } }

    /// Common tables that end in `held`: when each run that is done holds the target, by ``HoldingTime``.
    ///
    /// A run that stopped early keeps its last value, so that its last window may be shorter.
    var held: String {
        let window = HoldingTime()
        return """
            \(targets)met AS (
                SELECT e.run_id, e.step, e.excess <= \(target) AS met
                FROM \(course) AS e JOIN runs AS r ON r.id = e.run_id WHERE \(condition) AND r.state = 'done'
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
            """
    }

    /// The excess that is a success of `runs AS r`: one number, or that of its problem.
    private var target: String {
        let values = Set(data.runs.map(\.success))
        if values.count == 1, let value = data.runs[0].success { return NumberText.exact(value) }
        return "(SELECT t.target FROM targets AS t WHERE t.dataset_id = r.dataset_id AND t.model = r.model\n"
            + "            AND t.loss = r.loss AND t.dtype = r.dtype)"
    }

    /// The common table of them, where they differ.
    private var targets: String {
        guard Set(data.runs.map(\.success)).count > 1 else { return "" }
        var rows: [String] = []
        for run in data.runs {
            let plan = run.run.plan
            guard let success = run.success, let data = plan.datasetID else { continue }
            let row =
                "(\(data), \(plan.model.sqlText), \(plan.loss.sqlText), \(plan.dtype.sqlText), "
                + "\(NumberText.exact(success)))"
            if !rows.contains(row) { rows.append(row) }
        }
        return "targets (dataset_id, model, loss, dtype, target) AS (VALUES \(rows.joined(separator: ",\n    "))),\n"
    }
}
