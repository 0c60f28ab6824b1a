import TextFormats
import Tracking

/// The queries for what theory is compared with: the recorded numbers that its measured values are computed from.
struct TheoryQueries {
    let sql: RunSQL

    /// The quantities that come from the excess at single places.
    static func isOfPlaces(_ check: TheoryCheck) -> Bool {
        check.quantity.hasPrefix("excess after") || check.quantity == "decades per step"
    }

    /// Of each run of these configurations the length of its first step and the mean excess of the second half of its steps.
    func runs(_ groups: [String]) -> String {
        let names = sql.surfaces.map { " WHEN \($0.model.sqlText) THEN \($0.parameterTexts[0])" }
        let name = names.isEmpty ? "NULL" : "CASE r.model\(names.joined()) END"
        let place = { (offset: Int) in
            "(SELECT p.value FROM step_parameters AS p WHERE p.run_id = r.id AND p.name = \(name)\n"
                + "            ORDER BY p.step LIMIT 1 OFFSET \(offset))"
        }
        return """
            SELECT r.group_id, r.id AS run, r.seed,
                abs(coalesce(\(place(1)),
                    (SELECT f.final FROM run_parameters AS f WHERE f.run_id = r.id AND f.name = \(name)))
                    - \(place(0))) AS first_step,
                (SELECT avg(e.excess) FROM excess AS e WHERE e.run_id = r.id AND e.step >= r.steps / 2) AS late_excess
            FROM runs AS r WHERE \(sql.condition) AND r.group_id IN (\(list(groups)))
            ORDER BY \(sql.order);
            """
    }

    /// Of each run of these configurations the excess at the places that theory is compared at.
    func places(_ groups: [String]) -> String {
        let shown = Set(groups)
        let steps = Set(sql.data.runs.filter { shown.contains($0.run.plan.groupID) }.flatMap(\.figure.steps)).sorted()
        return """
            WITH \(sql.courses)places (step) AS (VALUES \(steps.map { "(\($0))" }.joined(separator: ","))),
            cells AS (
                SELECT r.group_id, r.id AS run, r.seed, at.step, CASE WHEN at.step = r.steps_done THEN \(sql.finalExcess)
                    ELSE (SELECT e.excess FROM \(sql.course) AS e WHERE e.run_id = r.id AND e.step = at.step) END AS excess
                FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
            \(sql.joins)    JOIN places AS at ON at.step <= r.steps_done
                WHERE \(sql.condition) AND r.group_id IN (\(list(groups))))
            SELECT * FROM cells WHERE excess IS NOT NULL ORDER BY run, step;
            """
    }

    private func list(_ groups: [String]) -> String { groups.map(\.sqlText).joined(separator: ", ") }
}
