-- The notebook, version 1. Every name is meant to be typed at a sqlite3 prompt.
-- Times are ISO 8601 text in UTC. A REAL that is NULL was NaN or was never reached: `state` and
-- `first_bad_step` say which, and a `bits` column, where it is not NULL, holds the exact IEEE bytes
-- (little-endian binary64, in the order of the row's REAL columns; in `runs` those of its losses).

CREATE TABLE experiments (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL DEFAULT '',
    created_at  TEXT NOT NULL
) STRICT;

-- A plan: its runs are all inserted, as queued, together with it.
CREATE TABLE sweeps (
    id            INTEGER PRIMARY KEY,
    experiment_id INTEGER REFERENCES experiments (id) ON DELETE SET NULL,
    name          TEXT NOT NULL UNIQUE,
    description   TEXT NOT NULL DEFAULT '',
    search_space  TEXT NOT NULL CHECK (json_valid(search_space)),
    sampler       TEXT NOT NULL,
    sweep_seed    INTEGER NOT NULL DEFAULT 0,
    target        TEXT,
    budget_steps  INTEGER,
    planned_runs  INTEGER NOT NULL,
    state         TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'cancelled', 'stopped')),
    command       TEXT NOT NULL DEFAULT '',
    created_at    TEXT NOT NULL,
    finished_at   TEXT
) STRICT;

-- The data a run trained on, once per content. Values are those after scaling;
-- original x = x * x_divisor and original y = y * y_divisor + y_offset.
-- The optimum and the Hessian are those of the mean squared error in (w, b).
CREATE TABLE datasets (
    id           INTEGER PRIMARY KEY,
    content_hash TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL CHECK (kind IN ('chapter', 'csv')),
    source       TEXT NOT NULL DEFAULT '',
    x_column     TEXT,
    y_column     TEXT,
    samples      INTEGER NOT NULL CHECK (samples > 0),
    x_divisor    REAL NOT NULL DEFAULT 1,
    y_divisor    REAL NOT NULL DEFAULT 1,
    y_offset     REAL NOT NULL DEFAULT 0,
    optimum_w    REAL,
    optimum_b    REAL,
    optimum_loss REAL,
    hessian_ww   REAL NOT NULL,
    hessian_wb   REAL NOT NULL,
    hessian_bb   REAL NOT NULL,
    bits         BLOB,
    created_at   TEXT NOT NULL
) STRICT;

-- A file's samples stand nowhere else, so each is kept with checks: the first 8 bytes, little-endian, of
-- the SHA-256 of its position (8 bytes, little-endian) and the value (little-endian binary64).
CREATE TABLE dataset_rows (
    dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    x          REAL,
    y          REAL,
    bits       BLOB,
    x_check    INTEGER NOT NULL,
    y_check    INTEGER NOT NULL,
    PRIMARY KEY (dataset_id, position)
) STRICT, WITHOUT ROWID;

-- One row per run. `config` decides every number of the run; the columns before it repeat, for
-- sorting and filtering, what people ask for most. `config_id` names the configuration without its
-- seed: runs that share it are replicates. `stop_reason` is the stopping rule that ended a run before
-- its last step; `evaluations` counts how often a loss and its gradients were computed.
-- A fork's `parent_step` is its first step: the steps before it are those of `parent_run_id`. A run with a
-- `deleted_at` is hidden from listings, comparisons and reports. No id is ever given to a second run.
CREATE TABLE runs (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    name            TEXT UNIQUE,
    experiment_id   INTEGER REFERENCES experiments (id) ON DELETE SET NULL,
    sweep_id        INTEGER REFERENCES sweeps (id) ON DELETE CASCADE,
    sweep_position  INTEGER,
    parent_run_id   INTEGER REFERENCES runs (id) ON DELETE SET NULL,
    parent_step     INTEGER,
    dataset_id      INTEGER NOT NULL REFERENCES datasets (id),
    model           TEXT NOT NULL DEFAULT 'quadratic' CHECK (model IN ('quadratic')),
    recipe          TEXT,
    optimizer       TEXT NOT NULL,
    learning_rate   REAL NOT NULL,
    batch_size      INTEGER NOT NULL,
    seed            INTEGER NOT NULL,
    loss            TEXT NOT NULL CHECK (loss IN ('mse', 'half-sum', 'half-mean')),
    dtype           TEXT NOT NULL CHECK (dtype IN ('float32', 'float64')),
    gradients       TEXT NOT NULL CHECK (gradients IN ('autograd', 'manual', 'tape')),
    steps           INTEGER NOT NULL CHECK (steps > 0),
    config          TEXT NOT NULL CHECK (json_valid(config)),
    config_hash     TEXT NOT NULL,
    config_id       TEXT NOT NULL,
    state           TEXT NOT NULL DEFAULT 'queued' CHECK (state IN
                        ('queued', 'running', 'done', 'diverged', 'failed', 'pruned', 'cancelled')),
    steps_done      INTEGER NOT NULL DEFAULT 0,
    first_bad_step  INTEGER,
    reason          TEXT,
    stop_reason     TEXT,
    evaluations     INTEGER,
    final_loss      REAL,
    best_loss       REAL,
    best_step       INTEGER,
    bits            BLOB,
    attempt         INTEGER NOT NULL DEFAULT 0,
    host            TEXT,
    pid             INTEGER,
    process_started INTEGER,
    boot_id         TEXT,
    lease_until     TEXT,
    version         TEXT NOT NULL,
    git_commit      TEXT,
    command         TEXT NOT NULL DEFAULT '',
    created_at      TEXT NOT NULL,
    started_at      TEXT,
    finished_at     TEXT,
    deleted_at      TEXT,
    UNIQUE (sweep_id, sweep_position)
) STRICT;

-- The queue: what a worker asks for next.
CREATE INDEX runs_by_sweep_and_state ON runs (sweep_id, state, sweep_position);
CREATE INDEX runs_by_config_id ON runs (config_id, seed);
CREATE INDEX runs_by_config_hash ON runs (config_hash);

-- `average` is the optimizer's running average of the parameter, where it keeps one.
CREATE TABLE run_parameters (
    run_id  INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    name    TEXT NOT NULL,
    initial REAL,
    final   REAL,
    average REAL,
    bits    BLOB,
    PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

-- One row per step of the model y = w*x^2 + b. `w` and `b` are the values at which `loss` and the
-- gradients were evaluated, before the step's update; `loss` is that of the step's batch.
-- `elapsed_ns` counts from the run's first step. That the run exists is looked at when a transaction is
-- committed: to refuse a row at once, SQLite copies every page that an insertion of many rows changes.
CREATE TABLE quadratic_steps (
    run_id        INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    step          INTEGER NOT NULL,
    epoch         INTEGER NOT NULL,
    loss          REAL,
    learning_rate REAL,
    w             REAL,
    b             REAL,
    grad_w        REAL,
    grad_b        REAL,
    elapsed_ns    INTEGER NOT NULL,
    bits          BLOB,
    PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_tags (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    tag    TEXT NOT NULL,
    PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
    id         INTEGER PRIMARY KEY,
    run_id     INTEGER REFERENCES runs (id) ON DELETE CASCADE,
    sweep_id   INTEGER REFERENCES sweeps (id) ON DELETE CASCADE,
    text       TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE INDEX notes_by_run ON notes (run_id);
CREATE INDEX notes_by_sweep ON notes (sweep_id);

CREATE TABLE events (
    id         INTEGER PRIMARY KEY,
    run_id     INTEGER REFERENCES runs (id) ON DELETE CASCADE,
    sweep_id   INTEGER REFERENCES sweeps (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    message    TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
) STRICT;

CREATE INDEX events_by_run ON events (run_id);
CREATE INDEX events_by_sweep ON events (sweep_id);

CREATE VIEW steps AS
SELECT run_id, step, epoch, loss, learning_rate, elapsed_ns
FROM quadratic_steps;

CREATE VIEW step_parameters AS
SELECT run_id, step, 'w' AS name, w AS value, grad_w AS gradient FROM quadratic_steps
UNION ALL
SELECT run_id, step, 'b' AS name, b AS value, grad_b AS gradient FROM quadratic_steps;

-- How far each step's parameters are from the optimum, as loss over all data: 1/2 d'Hd with
-- d = (w, b) - optimum. No cancellation, so it stays exact far below the loss's last digit.
CREATE VIEW excess AS
SELECT
    s.run_id,
    s.step,
    0.5 * CASE r.loss WHEN 'mse' THEN 1.0 WHEN 'half-mean' THEN 0.5 ELSE 0.5 * d.samples END
        * (d.hessian_ww * (s.w - d.optimum_w) * (s.w - d.optimum_w)
           + 2.0 * d.hessian_wb * (s.w - d.optimum_w) * (s.b - d.optimum_b)
           + d.hessian_bb * (s.b - d.optimum_b) * (s.b - d.optimum_b)) AS excess
FROM quadratic_steps AS s
JOIN runs AS r ON r.id = s.run_id
JOIN datasets AS d ON d.id = r.dataset_id;

-- What tells the configurations of one sweep and optimizer apart, apart from their columns in `runs`:
-- the hyperparameters and other settings in which they differ, such as 'momentum=0.9 nesterov=true'.
CREATE VIEW configuration_settings AS
WITH configurations AS (
    SELECT sweep_id, config_id, optimizer, batch_size, min(config) AS config FROM runs
    WHERE deleted_at IS NULL GROUP BY sweep_id, config_id
),
leaves AS (
    SELECT
        sweep_id, config_id, optimizer, batch_size, substr(replace(fullkey, '"', ''), 3) AS name,
        CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE value END AS value
    FROM configurations, json_tree(config)
    WHERE type NOT IN ('object', 'array') AND fullkey NOT LIKE '$.fork.parent%'
),
settings AS (
    SELECT
        sweep_id, config_id, optimizer, replace(name, 'optimizer.hyperparameters.', '') AS name, value,
        name = 'batch_size' AND value = batch_size AS is_column
    FROM leaves WHERE name NOT IN ('seed', 'optimizer.name', 'optimizer.lr')
),
varying AS (
    SELECT s.sweep_id, s.optimizer, s.name FROM settings AS s
    JOIN (SELECT sweep_id, optimizer, count(*) AS n FROM configurations GROUP BY sweep_id, optimizer) AS all_of
        ON all_of.sweep_id IS s.sweep_id AND all_of.optimizer = s.optimizer
    GROUP BY s.sweep_id, s.optimizer, s.name HAVING count(DISTINCT s.value) > 1 OR count(*) < max(all_of.n)
)
SELECT sweep_id, config_id, group_concat(name || '=' || value, ' ') AS settings
FROM (
    SELECT s.* FROM settings AS s
    JOIN varying AS v ON v.sweep_id IS s.sweep_id AND v.optimizer = s.optimizer AND v.name = s.name
    WHERE NOT s.is_column ORDER BY s.name
)
GROUP BY sweep_id, config_id;

-- One row per configuration of a sweep (sweep_id NULL: runs made one by one). A run that is not
-- done ranks behind every other, so the median is NULL when half of the runs, or more, are not.
CREATE VIEW seed_groups AS
WITH ended AS (
    SELECT *, CASE state WHEN 'done' THEN final_loss END AS loss_if_done FROM runs WHERE deleted_at IS NULL
),
ranked AS (
    SELECT
        sweep_id, config_id, optimizer, learning_rate, batch_size, seed, state, loss_if_done AS final_loss,
        count(*) OVER g AS planned,
        row_number() OVER (
            PARTITION BY sweep_id, config_id ORDER BY loss_if_done IS NULL, loss_if_done, seed) AS place
    FROM ended
    WINDOW g AS (PARTITION BY sweep_id, config_id)
),
grouped AS (
    SELECT
        sweep_id,
        config_id,
        min(optimizer) AS optimizer,
        min(learning_rate) AS learning_rate,
        min(batch_size) AS batch_size,
        max(planned) AS planned,
        sum(state = 'done') AS done,
        sum(state = 'diverged') AS diverged,
        sum(state = 'failed') AS failed,
        CASE planned % 2
            WHEN 1 THEN max(CASE WHEN place = (planned + 1) / 2 THEN final_loss END)
            ELSE max(CASE WHEN place = planned / 2 THEN final_loss END) / 2
                 + max(CASE WHEN place = planned / 2 + 1 THEN final_loss END) / 2
        END AS median_final_loss,
        min(final_loss) AS best_final_loss,
        max(CASE WHEN place = 1 AND final_loss IS NOT NULL THEN seed END) AS best_seed,
        max(CASE WHEN place = planned THEN seed END) AS worst_seed
    FROM ranked
    GROUP BY sweep_id, config_id
)
SELECT
    g.sweep_id, g.config_id, g.optimizer, g.learning_rate, g.batch_size, coalesce(c.settings, '') AS settings,
    g.planned, g.done, g.diverged, g.failed, g.median_final_loss, g.best_final_loss, g.best_seed, g.worst_seed
FROM grouped AS g
LEFT JOIN configuration_settings AS c ON c.sweep_id IS g.sweep_id AND c.config_id = g.config_id;

-- Equal medians share a place; a configuration without a median has none, and stands last.
CREATE VIEW leaderboard AS
SELECT
    coalesce(s.name, '') AS sweep,
    CASE WHEN g.median_final_loss IS NOT NULL THEN
        rank() OVER (PARTITION BY g.sweep_id ORDER BY g.median_final_loss IS NULL, g.median_final_loss)
    END AS place,
    g.optimizer, g.learning_rate, g.batch_size, g.settings, g.config_id,
    g.done, g.diverged, g.planned, g.median_final_loss, g.best_final_loss, g.best_seed, g.worst_seed
FROM seed_groups AS g
LEFT JOIN sweeps AS s ON s.id = g.sweep_id
ORDER BY g.sweep_id, g.median_final_loss IS NULL, g.median_final_loss, g.done DESC, g.config_id;

-- The rung tables of sweeps by successive halving, which are kept as events: what every configuration came
-- to in a rung, and whether it went on to the next one.
CREATE VIEW rungs AS
SELECT
    s.name AS sweep, e.message ->> '$.rung' AS rung, e.message ->> '$.steps' AS steps, c.key + 1 AS place,
    c.value ->> '$.config_id' AS config_id, c.value ->> '$.median' AS median_final_loss,
    c.value ->> '$.goes_on' AS goes_on
FROM events AS e
JOIN sweeps AS s ON s.id = e.sweep_id
JOIN json_each(e.message, '$.configurations') AS c
WHERE e.kind = 'rung'
ORDER BY e.sweep_id, rung, place;

-- SELECT * FROM help;
CREATE VIEW help (question, query) AS
VALUES
    ('Which runs are here?',
     'SELECT id, optimizer, learning_rate, batch_size, seed, state, final_loss FROM runs WHERE deleted_at IS NULL;'),
    ('What happened in run 1, step by step?',
     'SELECT step, loss, w, b, grad_w, grad_b FROM quadratic_steps WHERE run_id = 1 LIMIT 5;'),
    ('Which configuration is best, seeds as replicates?',
     'SELECT place, optimizer, learning_rate, batch_size, settings, done, diverged, planned, median_final_loss FROM leaderboard;'),
    ('Which runs diverged, and where?',
     'SELECT id, optimizer, learning_rate, seed, first_bad_step, reason FROM runs WHERE state = ''diverged'' AND deleted_at IS NULL;'),
    ('How far from the optimum is run 1 at each step?',
     'SELECT step, excess FROM excess WHERE run_id = 1;'),
    ('What is one number, to its last bit?',
     'SELECT step, printf(''%!.17g'', loss) AS loss FROM quadratic_steps WHERE run_id = 1 LIMIT 5;'),
    ('What is the whole configuration of run 1?',
     'SELECT key, value FROM runs, json_each(runs.config) WHERE runs.id = 1;'),
    ('What did run 1 start from and end at?',
     'SELECT name, initial, final FROM run_parameters WHERE run_id = 1;');
