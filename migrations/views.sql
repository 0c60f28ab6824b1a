-- The views of a notebook of the present version, made again after every migration. `steps`, `step_parameters`, `excess`, `metrics` and
-- those of known optima are made by the program from the step tables that are registered.

-- What tells the configurations of one sweep and optimizer apart, apart from their columns in `runs`:
-- the hyperparameters and other settings in which they differ, such as 'momentum=0.9 nesterov=true'.
CREATE VIEW configuration_settings AS
WITH configurations AS (
    SELECT sweep_id, group_id, optimizer, batch_size, min(config) AS config FROM runs
    WHERE deleted_at IS NULL GROUP BY sweep_id, group_id
),
leaves AS (
    SELECT
        sweep_id, group_id, optimizer, batch_size, substr(replace(fullkey, '"', ''), 3) AS name,
        CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE value END AS value
    FROM configurations, json_tree(config)
    WHERE type NOT IN ('object', 'array') AND fullkey NOT LIKE '$.fork.parent%'
),
settings AS (
    SELECT
        sweep_id, group_id, optimizer, replace(name, 'optimizer.hyperparameters.', '') AS name, value,
        name = 'batch_size' AND value = batch_size AS is_column
    FROM leaves WHERE name NOT IN ('seed', 'optimizer.name', 'optimizer.lr')
),
varying AS (
    SELECT s.sweep_id, s.optimizer, s.name FROM settings AS s
    JOIN (SELECT sweep_id, optimizer, count(*) AS n FROM configurations GROUP BY sweep_id, optimizer) AS all_of
        ON all_of.sweep_id IS s.sweep_id AND all_of.optimizer = s.optimizer
    GROUP BY s.sweep_id, s.optimizer, s.name HAVING count(DISTINCT s.value) > 1 OR count(*) < max(all_of.n)
)
SELECT sweep_id, group_id, group_concat(name || '=' || value, ' ') AS settings
FROM (
    SELECT s.* FROM settings AS s
    JOIN varying AS v ON v.sweep_id IS s.sweep_id AND v.optimizer = s.optimizer AND v.name = s.name
    WHERE NOT s.is_column ORDER BY s.name
)
GROUP BY sweep_id, group_id;

-- One row per configuration of a sweep (sweep_id NULL: runs made one by one). A run that is not
-- done ranks behind every other, so the median is NULL when half of the runs, or more, are not.
CREATE VIEW seed_groups AS
WITH ended AS (
    SELECT *, CASE state WHEN 'done' THEN final_loss END AS loss_if_done FROM runs WHERE deleted_at IS NULL
),
ranked AS (
    SELECT
        sweep_id, group_id, optimizer, learning_rate, batch_size, seed, state, loss_if_done AS final_loss,
        count(*) OVER g AS planned,
        row_number() OVER (
            PARTITION BY sweep_id, group_id ORDER BY loss_if_done IS NULL, loss_if_done, seed) AS rank
    FROM ended
    WINDOW g AS (PARTITION BY sweep_id, group_id)
),
grouped AS (
    SELECT
        sweep_id,
        group_id,
        min(optimizer) AS optimizer,
        min(learning_rate) AS learning_rate,
        min(batch_size) AS batch_size,
        max(planned) AS planned,
        sum(state = 'done') AS done,
        sum(state = 'diverged') AS diverged,
        sum(state = 'failed') AS failed,
        CASE planned % 2
            WHEN 1 THEN max(CASE WHEN rank = (planned + 1) / 2 THEN final_loss END)
            ELSE max(CASE WHEN rank = planned / 2 THEN final_loss END) / 2
                 + max(CASE WHEN rank = planned / 2 + 1 THEN final_loss END) / 2
        END AS median_final_loss,
        min(final_loss) AS best_final_loss,
        max(CASE WHEN rank = 1 AND final_loss IS NOT NULL THEN seed END) AS best_seed,
        max(CASE WHEN rank = planned THEN seed END) AS worst_seed
    FROM ranked
    GROUP BY sweep_id, group_id
)
SELECT
    g.sweep_id, g.group_id, g.optimizer, g.learning_rate, g.batch_size, coalesce(c.settings, '') AS settings,
    g.planned, g.done, g.diverged, g.failed, g.median_final_loss, g.best_final_loss, g.best_seed, g.worst_seed
FROM grouped AS g
LEFT JOIN configuration_settings AS c ON c.sweep_id IS g.sweep_id AND c.group_id = g.group_id;

-- Equal medians share a rank; a configuration without a median has none, and stands last.
CREATE VIEW leaderboard AS
-- Over all seeds, those included that chose among configurations: for what compares on the others, see `gradbook report`
-- and `gradbook sweep best`.
SELECT
    coalesce(s.name, '') AS sweep,
    CASE WHEN g.median_final_loss IS NOT NULL THEN
        rank() OVER (PARTITION BY g.sweep_id ORDER BY g.median_final_loss IS NULL, g.median_final_loss)
    END AS rank,
    g.optimizer, g.learning_rate, g.batch_size, g.settings, g.group_id,
    g.done, g.diverged, g.planned, g.median_final_loss, g.best_final_loss, g.best_seed, g.worst_seed
FROM seed_groups AS g
LEFT JOIN sweeps AS s ON s.id = g.sweep_id
ORDER BY g.sweep_id, g.median_final_loss IS NULL, g.median_final_loss, g.done DESC, g.group_id;

CREATE VIEW rungs AS
SELECT s.name AS sweep, r.rung, r.steps, r.rank, r.group_id, r.median_final_loss, r.promoted
FROM rung_results AS r
JOIN sweeps AS s ON s.id = r.sweep_id
ORDER BY r.sweep_id, r.rung, r.rank;

-- SELECT * FROM help;
CREATE VIEW help (question, query) AS
VALUES
    ('Which runs are here?',
     'SELECT id, optimizer, learning_rate, batch_size, seed, state, final_loss FROM runs WHERE deleted_at IS NULL;'),
    ('What happened in run 1, step by step?',
     'SELECT step, name, value, gradient FROM step_parameters WHERE run_id = 1 ORDER BY step LIMIT 10;'),
    ('Which configuration is best, seeds as replicates?',
     'SELECT rank, optimizer, learning_rate, batch_size, settings, done, diverged, planned, median_final_loss FROM leaderboard;'),
    ('Which runs diverged, and where?',
     'SELECT id, optimizer, learning_rate, seed, diverged_step, state_reason FROM runs WHERE state = ''diverged'' AND deleted_at IS NULL;'),
    ('How far from the optimum is run 1 at each step?',
     'SELECT step, excess FROM excess WHERE run_id = 1;'),
    ('What is one number, to its last bit?',
     'SELECT step, printf(''%!.17g'', loss) AS loss FROM steps WHERE run_id = 1 LIMIT 5;'),
    ('What is the whole configuration of run 1?',
     'SELECT key, value FROM runs, json_each(runs.config) WHERE runs.id = 1;'),
    ('What did run 1 start from and end at?',
     'SELECT name, initial, final FROM run_parameters WHERE run_id = 1;');
