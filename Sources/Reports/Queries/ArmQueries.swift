import Statistics
import TextFormats
import Theory
import Tracking

/// The queries of the tables that have a row per arm or configuration.
struct ArmQueries {
    let sql: RunSQL
    let comparison: Comparison

    /// The common table `arms`, best first.
    var arms: String {
        let rows = comparison.arms.enumerated().map { index, arm in
            "(\(index + 1), \(arm.name.sqlText), \(arm.group.id.sqlText))"
        }
        return "arms (place, arm, group_id) AS (VALUES \(rows.joined(separator: ", ")))"
    }

    /// Picks the seeds that compare; empty where none were set apart.
    func compares(_ seed: String, after word: String) -> String {
        let seeds = comparison.choosingSeeds.sorted().map(String.init)
        return seeds.isEmpty ? "" : " \(word) \(seed) NOT IN (\(seeds.joined(separator: ", ")))"
    }

    /// Within what a run that repeats another one does not count: a configuration on the seeds that compare, or that choose.
    private var part: String {
        ("group_id" + compares("seed", after: ",")).replacing(" ,", with: ",")
    }

    /// Each arm over the seeds that compare.
    var compared: String {
        let counts = comparison.arms.map { $0.statistics.resultCount }
        let time =
            sql.hasTarget
            ? """

                count(reached) AS successes, \(GroupSQL.median("reached")) AS middle_time,
                \(GroupSQL.interval("reached", as: "middle_time", counts: counts)),
                \(expectedTime) AS expected_time,
                avg(max(1, reached)) AS mean_success,
                    CASE WHEN min(optimizer) <> 'lbfgs' THEN min(batch_size) * \(expectedTime) END AS samples,
            """ : ""
        return """
            WITH \(sql.courses)\(arms),
            \(sql.charged(withTimes: true, distinctBy: part)),
            \(ranked)
            SELECT arm, min(group_id) AS group_id, min(learning_rate) AS learning_rate, count(*) AS planned, n AS results,
                sum(state = 'done') AS done, sum(state = 'diverged') AS diverged, sum(unstable) AS unstable,\(time)
                \(GroupSQL.median("decades")) AS median_log10_excess,
                \(GroupSQL.interval("decades", as: "log10_excess", counts: counts)),
                \(GroupSQL.interquartileMean("decades")) AS iqm_log10_excess,
                \(GroupSQL.value("decades", at: "n")) AS worst_log10_excess,
                \(GroupSQL.median("loss")) AS median_final_loss,
                \(GroupSQL.interval("loss", as: "final_loss", counts: counts))
            FROM ranked GROUP BY place ORDER BY place;
            """
    }

    private var ranked: String {
        let source = "arms AS a JOIN charged AS c ON c.group_id = a.group_id\(compares("c.seed", after: "AND"))"
        return GroupSQL.ranked(by: "a.place", from: source, columns: "a.place, a.arm, c.*")
    }

    /// The default settings and those that tuning found, over the seeds of the latter.
    func defaults(_ gains: [TuningGain]) -> String {
        let rows = gains.enumerated().flatMap { index, gain -> [String] in
            let row = { (settings: String, group: String) in
                "(\(index + 1), \(gain.optimizer.sqlText), '\(settings)', \(group.sqlText), \(gain.tuned.group.id.sqlText))"
            }
            return (gain.standard.map { [row("default", $0.group.id)] } ?? []) + [row("tuned", gain.tuned.group.id)]
        }
        let source = """
            compared AS a JOIN charged AS c ON c.group_id = a.group_id\(compares("c.seed", after: "AND"))
                    AND c.seed IN (SELECT seed FROM charged WHERE group_id = a.tuned)
            """
        return """
            WITH \(sql.courses)compared (place, optimizer, settings, group_id, tuned) AS (VALUES \(rows.joined(separator: ",\n    "))),
            \(sql.charged(withTimes: true, distinctBy: part)),
            \(GroupSQL.ranked(by: "a.place, a.settings", from: source, columns: "a.place, a.settings, c.*"))
            SELECT optimizer, settings, group_id, n AS results, count(reached) AS successes,
                \(expectedTime) AS expected_time
            FROM ranked GROUP BY place, settings ORDER BY place, settings;
            """
    }

    /// Each configuration over all its seeds, by optimizer and learning rate.
    var trials: String {
        let time = sql.hasTarget ? "count(reached) AS successes, \(expectedTime) AS expected_time," : ""
        let measure = MeasureSQL(comparison.measure, cut: nil, of: sql.course)
        return """
            WITH \(sql.courses)\(sql.charged(withTimes: true, distinctBy: "group_id")),
            \(GroupSQL.ranked(by: "c.group_id", from: "charged AS c", columns: "c.*, \(measure.value) AS value"))
            SELECT optimizer, learning_rate, group_id, count(*) AS planned, n AS results, sum(state = 'diverged') AS diverged,
                sum(unstable) AS unstable,
                sum(state = 'done' AND final_loss > 10 * (
                    SELECT s.loss FROM steps AS s WHERE s.run_id = ranked.id ORDER BY s.step LIMIT 1)) AS grown,
                \(GroupSQL.median("decades")) AS median_log10_excess,
                \(GroupSQL.quartile(1, of: "decades")) AS lower_quartile,
                \(GroupSQL.quartile(3, of: "decades")) AS upper_quartile,
                \(time)
                n - count(value) AS failures, avg(\(measure.cost("value"))) AS mean_\(measure.scaleName)
            FROM ranked GROUP BY group_id ORDER BY optimizer, learning_rate, group_id;
            """
    }

    /// Steps until each run holds the target; NULL for a run that failed or never did.
    var times: String {
        """
        WITH \(sql.courses)\(sql.held)
        SELECT r.id AS run, r.group_id, r.optimizer, r.seed, r.steps AS budget,
            CASE WHEN NOT \(sql.isUnstable) THEN held.step END AS steps_to_target
        FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id LEFT JOIN held ON held.run_id = r.id
        WHERE \(sql.condition)
        ORDER BY \(sql.order);
        """
    }

    /// Each configuration over all its seeds, in the order of the leaderboard.
    var leaderboard: String {
        let order = comparison.leaderboard(sql.data).map { "\"\($0.id)\"" }.joined(separator: ",")
        let counts = sql.data.groups.map(\.resultCount)
        return """
            WITH \(sql.charged(withTimes: false, distinctBy: "group_id")),
            \(GroupSQL.ranked(by: "c.group_id", from: "charged AS c"))
            SELECT group_id, optimizer, learning_rate, batch_size, sum(state = 'done') AS done,
                sum(state = 'diverged') AS diverged, sum(unstable) AS unstable, count(*) AS planned, n AS results,
                \(GroupSQL.median("loss")) AS median_final_loss,
                \(GroupSQL.interval("loss", as: "interval", counts: counts)),
                \(GroupSQL.quartile(1, of: "loss")) AS lower_quartile,
                \(GroupSQL.quartile(3, of: "loss")) AS upper_quartile,
                \(GroupSQL.median("decades")) AS log10_excess,
                max(CASE WHEN loss_rank = 1 AND loss IS NOT NULL THEN seed END) AS best_seed, min(loss) AS best_loss,
                \(GroupSQL.value("seed", at: "n", by: "loss_rank")) AS worst_seed,
                \(GroupSQL.value("loss", at: "n")) AS worst_loss
            FROM ranked JOIN json_each('[\(order)]') AS place ON place.value = group_id
            GROUP BY place.key ORDER BY place.key;
            """
    }

    /// ``ExpectedRunningTime`` of a group of `ranked`.
    private var expectedTime: String {
        let time = "sum(CASE WHEN has_result THEN coalesce(reached, steps) END) * 1.0 / nullif(count(reached), 0)"
        return sql.isTargetPartial ? "CASE WHEN sum(has_result AND target IS NULL) = 0 THEN \(time) END" : time
    }
}

/// What a comparison is of, in SQL: the number of a run of `charged AS c`, and the scale on which differences are taken.
struct MeasureSQL {
    /// NULL for a failure, and for a run without a result.
    let value: String
    private let isRatio: Bool

    /// `cut` is the number of steps after which runs are compared, if not all at their end: it is NULL where they are.
    ///
    /// The start may hold the target already: that is one step, so that there is a ratio.
    init(_ measure: ReportMeasure, cut: String?, of course: String) {
        isRatio = measure.measure.scale == .ratio
        let number: String
        switch measure.quantity {
        case .time:
            let window = HoldingTime.defaultWindow
            number =
                cut.map {
                    "CASE WHEN \($0) < c.steps_done AND c.reached + \(window) > \($0) THEN NULL ELSE max(1, c.reached) END"
                } ?? "max(1, c.reached)"
        case .excess:
            let floor = { (isSingle: Bool) in
                NumberText.exact(LossSurface.smallestMeaningfulExcess(isSinglePrecision: isSingle))
            }
            let excess =
                cut.map {
                    """
                    CASE WHEN \($0) < c.steps_done THEN (
                                SELECT e.excess FROM \(course) AS e WHERE e.run_id = c.id AND e.step = \($0) AND e.excess < 9e999)
                                ELSE c.excess END
                    """
                } ?? "c.excess"
            number = "max(\(excess), CASE c.dtype WHEN 'float32' THEN \(floor(true)) ELSE \(floor(false)) END)"
        case .loss: number = "c.loss"
        }
        value = cut == nil ? number : "CASE WHEN c.has_value THEN \(number) END"
    }

    /// The value as differences are taken of it.
    func cost(_ value: String) -> String { isRatio ? "ln(\(value))" : value }

    var scaleName: String { isRatio ? "logarithm" : "value" }
}
