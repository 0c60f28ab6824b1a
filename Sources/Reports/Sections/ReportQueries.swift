import Tracking

/// The SQL behind each table, as a person may type it into `sqlite3`.
struct ReportQueries {
    /// Picks the report's runs.
    private let condition: String

    init(_ data: ReportData) {
        if let sweep = data.sweep {
            let name = sweep.plan.name.replacing("'", with: "''")
            condition = "sweep_id = (SELECT id FROM sweeps WHERE name = '\(name)')"
        } else {
            condition = "id IN (\(data.runs.map { String($0.run.id) }.joined(separator: ", ")))"
        }
    }

    var completeness: String {
        """
        SELECT optimizer, count(*) AS planned, sum(state = 'done') AS done, sum(state = 'diverged') AS diverged,
            sum(state = 'failed') AS failed, sum(state NOT IN ('done', 'diverged', 'failed')) AS missing
        FROM runs WHERE \(condition)
        GROUP BY optimizer ORDER BY optimizer;
        """
    }

    var problem: String {
        """
        SELECT DISTINCT d.samples, r.loss, r.dtype, d.optimum_w, d.optimum_b, d.optimum_loss, d.hessian_ww,
            d.hessian_wb, d.hessian_bb
        FROM runs AS r JOIN datasets AS d ON d.id = r.dataset_id
        WHERE r.\(condition);
        """
    }

    var leaderboard: String {
        """
        WITH ranked AS (
            SELECT config_id, optimizer, learning_rate, batch_size, state,
                CASE state WHEN 'done' THEN final_loss END AS loss,
                count(*) OVER (PARTITION BY config_id) AS planned,
                row_number() OVER (PARTITION BY config_id ORDER BY state <> 'done', final_loss, seed) AS place
            FROM runs WHERE \(condition))
        SELECT config_id, optimizer, learning_rate, batch_size, sum(state = 'done') AS done,
            sum(state = 'diverged') AS diverged, planned,
            (max(CASE WHEN place = (planned + 1) / 2 THEN loss END)
                + max(CASE WHEN place = planned / 2 + 1 THEN loss END)) / 2 AS median_final_loss
        FROM ranked GROUP BY config_id ORDER BY median_final_loss IS NULL, median_final_loss, config_id;
        """
    }

    var seeds: String {
        """
        SELECT config_id, seed, id AS run, state, final_loss FROM runs
        WHERE \(condition)
        ORDER BY config_id, state <> 'done', final_loss, seed;
        """
    }

    var divergence: String {
        """
        SELECT id AS run, optimizer, learning_rate, batch_size, seed, first_bad_step, reason FROM runs
        WHERE \(condition) AND state = 'diverged'
        ORDER BY id;
        """
    }

    var parameters: String {
        """
        SELECT r.config_id, r.seed, p.name, p.final FROM runs AS r JOIN run_parameters AS p ON p.run_id = r.id
        WHERE r.\(condition)
        ORDER BY r.config_id, r.seed, p.name;
        """
    }

    var configurations: String {
        """
        SELECT DISTINCT config_id, j.fullkey, j.atom FROM runs, json_tree(runs.config) AS j
        WHERE runs.\(condition) AND j.atom IS NOT NULL AND j.fullkey <> '$.seed'
        ORDER BY config_id, j.fullkey;
        """
    }

    /// Each with the name of its table.
    var all: [(table: String, sql: String)] {
        [
            ("Completeness", completeness), ("Problem", problem), ("Leaderboard", leaderboard),
            ("Best and worst seed", seeds), ("Fitted parameters", parameters), ("Divergence", divergence),
            ("The configuration behind each row", configurations),
        ]
    }
}
