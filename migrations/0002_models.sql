-- Version 2: runs of any model and of any kind. What repeats the configuration is generated from it, step tables are
-- registered with what their columns hold, and what is known of a loss stands in a table of its own.

-- Views name tables and columns that change below; at the end they are made again. `steps`, `step_parameters` and
-- `excess` are made by the program from the step tables that are registered, whenever there is another one.
DROP VIEW help;
DROP VIEW rungs;
DROP VIEW leaderboard;
DROP VIEW seed_groups;
DROP VIEW configuration_settings;
DROP VIEW excess;
DROP VIEW step_parameters;
DROP VIEW steps;

-- No row of steps is touched: a column's name stands in the schema alone.
ALTER TABLE quadratic_steps RENAME COLUMN bits TO ieee_bytes;
ALTER TABLE run_parameters RENAME COLUMN bits TO ieee_bytes;
ALTER TABLE dataset_rows RENAME COLUMN bits TO ieee_bytes;
ALTER TABLE dataset_rows RENAME COLUMN x_check TO x_checksum;
ALTER TABLE dataset_rows RENAME COLUMN y_check TO y_checksum;

-- The tables of steps. `model` is the model with its arguments, whose runs have their steps there.
CREATE TABLE step_tables (
    name  TEXT PRIMARY KEY,
    model TEXT UNIQUE
) STRICT, WITHOUT ROWID;

-- What each column of a step table holds. `name` is the series as people call it; `role` is loss, learning_rate, parameter,
-- gradient or metric; `parameter` says of which parameter; `goal` is min or max where one of them is wanted.
CREATE TABLE series (
    step_table  TEXT NOT NULL REFERENCES step_tables (name) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    parameter   TEXT,
    goal        TEXT CHECK (goal IN ('min', 'max')),
    source      TEXT,
    precision   TEXT,
    PRIMARY KEY (step_table, position),
    UNIQUE (step_table, column_name)
) STRICT, WITHOUT ROWID;

INSERT INTO step_tables (name, model) VALUES ('quadratic_steps', 'quadratic');
INSERT INTO series (step_table, position, column_name, name, role, parameter, goal) VALUES
    ('quadratic_steps', 0, 'loss', 'loss', 'loss', NULL, 'min'),
    ('quadratic_steps', 1, 'learning_rate', 'learning_rate', 'learning_rate', NULL, NULL),
    ('quadratic_steps', 2, 'w', 'w', 'parameter', 'w', NULL),
    ('quadratic_steps', 3, 'b', 'b', 'parameter', 'b', NULL),
    ('quadratic_steps', 4, 'grad_w', 'grad_w', 'gradient', 'w', NULL),
    ('quadratic_steps', 5, 'grad_b', 'grad_b', 'gradient', 'b', NULL);

-- What is known of the mean squared error of a model on a data set: the value of each `parameter` (by `name`) at its
-- minimum, that `minimum`, and the second derivatives `hessian` (by `name` and `other`, in the model's order of
-- parameters). Where the minimum is not unique only the latter are there. The type ANY keeps -0.0, which REAL would not.
CREATE TABLE optima (
    dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    model      TEXT NOT NULL,
    position   INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('parameter', 'minimum', 'hessian')),
    name       TEXT NOT NULL DEFAULT '',
    other      TEXT NOT NULL DEFAULT '',
    value      ANY NOT NULL,
    PRIMARY KEY (dataset_id, model, position)
) STRICT, WITHOUT ROWID;

-- `bits` held the nine numbers of a row in which SQLite could not keep one; of these, it loses the sign of -0.0.
INSERT INTO optima (dataset_id, model, position, kind, name, other, value)
SELECT id, 'quadratic', place - 3, kind, name, other,
    CASE WHEN substr(bits, 8 * place + 1, 8) = x'0000000000000080' THEN -0.0 ELSE value END
FROM (
    SELECT id, bits, 'parameter' AS kind, 'w' AS name, '' AS other, 3 AS place, optimum_w AS value FROM datasets
    UNION ALL SELECT id, bits, 'parameter', 'b', '', 4, optimum_b FROM datasets
    UNION ALL SELECT id, bits, 'minimum', '', '', 5, optimum_loss FROM datasets
    UNION ALL SELECT id, bits, 'hessian', 'w', 'w', 6, hessian_ww FROM datasets
    UNION ALL SELECT id, bits, 'hessian', 'w', 'b', 7, hessian_wb FROM datasets
    UNION ALL SELECT id, bits, 'hessian', 'b', 'b', 8, hessian_bb FROM datasets)
WHERE value IS NOT NULL;

UPDATE datasets SET bits = CASE
    WHEN x'0000000000000080' IN (substr(bits, 1, 8), substr(bits, 9, 8), substr(bits, 17, 8)) THEN substr(bits, 1, 24)
END WHERE bits IS NOT NULL;
ALTER TABLE datasets DROP COLUMN optimum_w;
ALTER TABLE datasets DROP COLUMN optimum_b;
ALTER TABLE datasets DROP COLUMN optimum_loss;
ALTER TABLE datasets DROP COLUMN hessian_ww;
ALTER TABLE datasets DROP COLUMN hessian_wb;
ALTER TABLE datasets DROP COLUMN hessian_bb;
ALTER TABLE datasets RENAME COLUMN bits TO ieee_bytes;

-- One row per run. `config` decides every number of a trained run. What people ask for most is generated from it, so that
-- it cannot disagree, and is NULL where a run has none, or where `config` was damaged. `group_id` names the configuration without its seed: runs that
-- share it are replicates. `identity` is the same in every copy of a run. `state_reason` is why a run diverged or failed,
-- `stop_reason` the rule that ended it before its last step; `evaluations` counts how often a loss and its gradients were
-- computed. Losses over all data: `initial_loss` before the first update, `final_loss` after the last; `best_loss` is the
-- lowest of any step. A fork's `parent_step` is its first step: the steps before it are those of `parent_run_id`. A run
-- with a `deleted_at` is hidden from listings, comparisons and reports. No id is ever given to a second run.
CREATE TABLE new_runs (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    identity          TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))),
    kind              TEXT NOT NULL DEFAULT 'trained' CHECK (kind IN ('trained', 'recorded', 'imported')),
    name              TEXT UNIQUE,
    experiment_id     INTEGER REFERENCES experiments (id) ON DELETE SET NULL,
    sweep_id          INTEGER REFERENCES sweeps (id) ON DELETE CASCADE,
    trial_number      INTEGER,
    parent_run_id     INTEGER REFERENCES runs (id) ON DELETE SET NULL,
    parent_step       INTEGER,
    dataset_id        INTEGER REFERENCES datasets (id),
    model             ANY AS (CASE WHEN json_valid(config) THEN config ->> '$.model' END),
    recipe            TEXT,
    optimizer         ANY AS (CASE WHEN json_valid(config) THEN config ->> '$.optimizer.name' END),
    learning_rate     ANY AS (CASE WHEN json_valid(config) THEN
                          CASE WHEN json_type(config, '$.optimizer.lr') IN ('integer', 'real')
                          THEN CAST(config ->> '$.optimizer.lr' AS REAL) END END),
    batch_size        INTEGER,
    seed              ANY AS (CASE WHEN json_valid(config) THEN
                          CASE json_type(config, '$.seed') WHEN 'integer' THEN config ->> '$.seed' END END),
    loss              ANY AS (CASE WHEN json_valid(config) THEN config ->> '$.loss' END),
    dtype             ANY AS (CASE WHEN json_valid(config) THEN config ->> '$.dtype' END),
    gradients         ANY AS (CASE WHEN json_valid(config) THEN config ->> '$.gradients' END),
    steps             ANY AS (CASE WHEN json_valid(config) THEN
                          CASE json_type(config, '$.steps') WHEN 'integer' THEN config ->> '$.steps' END END),
    config            TEXT NOT NULL CHECK (json_valid(config)),
    config_hash       TEXT NOT NULL,
    group_id          TEXT NOT NULL,
    state             TEXT NOT NULL DEFAULT 'queued' CHECK (state IN
                          ('queued', 'running', 'done', 'diverged', 'failed', 'pruned', 'cancelled')),
    steps_done        INTEGER NOT NULL DEFAULT 0,
    diverged_step     INTEGER,
    state_reason      TEXT,
    stop_reason       TEXT,
    evaluations       INTEGER,
    initial_loss      REAL,
    final_loss        REAL,
    best_loss         REAL,
    best_step         INTEGER,
    ieee_bytes        BLOB,
    attempt           INTEGER NOT NULL DEFAULT 0,
    host              TEXT,
    pid               INTEGER,
    process_started   INTEGER,
    process_namespace TEXT,
    boot_id           TEXT,
    lease_until       TEXT,
    version           TEXT NOT NULL,
    git_commit        TEXT,
    command           TEXT NOT NULL DEFAULT '',
    created_at        TEXT NOT NULL,
    started_at        TEXT,
    finished_at       TEXT,
    deleted_at        TEXT,
    UNIQUE (sweep_id, trial_number)
) STRICT;

INSERT INTO new_runs (id, name, experiment_id, sweep_id, trial_number, parent_run_id, parent_step, dataset_id, recipe,
    batch_size, config, config_hash, group_id, state, steps_done, diverged_step, state_reason, stop_reason, evaluations,
    final_loss, best_loss, best_step, ieee_bytes, attempt, host, pid, process_started, boot_id, lease_until, version,
    git_commit, command, created_at, started_at, finished_at, deleted_at)
SELECT id, name, experiment_id, sweep_id, sweep_position, parent_run_id, parent_step, dataset_id, recipe,
    batch_size, config, config_hash, config_id, state, steps_done, first_bad_step, reason, stop_reason, evaluations,
    final_loss, best_loss, best_step, bits, attempt, host, pid, process_started, boot_id, lease_until, version,
    git_commit, command, created_at, started_at, finished_at, deleted_at
FROM runs ORDER BY id;

-- The numbers of runs that were removed are not given out again either.
DELETE FROM sqlite_sequence WHERE name = 'new_runs';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_runs', seq FROM sqlite_sequence WHERE name = 'runs';
DROP TABLE runs;
ALTER TABLE new_runs RENAME TO runs;

-- The queue: what a worker asks for next.
CREATE INDEX runs_by_sweep_and_state ON runs (sweep_id, state, trial_number);
CREATE INDEX runs_by_group_id ON runs (group_id, seed);
CREATE INDEX runs_by_config_hash ON runs (config_hash);
CREATE INDEX runs_by_identity ON runs (identity);

-- The seeds that choose among configurations which all are compared on the others: a JSON list. It stays when seeds are
-- added; NULL for a sweep of too few seeds, and for one of an older version.
ALTER TABLE sweeps ADD COLUMN choosing_seeds TEXT CHECK (choosing_seeds IS NULL OR json_valid(choosing_seeds));

-- What was said of two arms. `question` is the two and what they were compared in, as JSON that is the same whichever is
-- named first and in every copy of a notebook; `runs` are the identities of the runs that were compared, and `seeds` their
-- seeds. The same runs are one look, however often they are looked at. Without a test there is no p.
CREATE TABLE verdicts (
    id         INTEGER PRIMARY KEY,
    question   TEXT NOT NULL CHECK (json_valid(question)),
    first      TEXT NOT NULL,
    second     TEXT NOT NULL,
    measure    TEXT NOT NULL,
    seeds      TEXT NOT NULL CHECK (json_valid(seeds)),
    runs       TEXT NOT NULL CHECK (json_valid(runs)),
    alpha      REAL NOT NULL,
    p          REAL,
    verdict    TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (question, runs)
) STRICT;

-- What every configuration of a halving sweep came to in a rung, and whether it was promoted to the next one.
CREATE TABLE rung_results (
    sweep_id          INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
    rung              INTEGER NOT NULL,
    rank              INTEGER NOT NULL,
    steps             INTEGER NOT NULL,
    runs              INTEGER NOT NULL,
    group_id          TEXT NOT NULL,
    median_final_loss REAL,
    promoted          INTEGER NOT NULL,
    PRIMARY KEY (sweep_id, rung, rank)
) STRICT, WITHOUT ROWID;

-- What was handed to Slurm: the job array that trains a sweep's runs, and the job that merges them afterwards.
CREATE TABLE slurm_jobs (
    id           INTEGER PRIMARY KEY,
    sweep_id     INTEGER NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
    array_job    TEXT NOT NULL,
    merge_job    TEXT NOT NULL,
    tasks        INTEGER NOT NULL,
    folder       TEXT NOT NULL,
    submitted_at TEXT NOT NULL
) STRICT;

CREATE INDEX slurm_jobs_by_sweep ON slurm_jobs (sweep_id);

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
