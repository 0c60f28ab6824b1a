-- The tables and indexes of a notebook of the present version: what all migrations lead to. A new notebook is made from this
-- file, and every notebook is compared with it when it is opened. Every name is meant to be typed at a sqlite3 prompt.
-- Times are ISO 8601 text in UTC. A REAL that is NULL was NaN or was never reached: `state` and
-- `diverged_step` say which, and a column `ieee_bytes`, where it is not NULL, holds the exact IEEE bytes
-- (little-endian binary64, in the order of the row's REAL columns; in `runs` those of its losses).

CREATE TABLE experiments (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL DEFAULT '',
    created_at  TEXT NOT NULL
) STRICT;

-- A plan: its runs are all inserted, as queued, together with it. `choosing_seeds` are
-- the seeds that choose among configurations which all are compared on the others: a JSON list. It stays when seeds are
-- added; NULL for a sweep of too few seeds, and for one of an older version.
CREATE TABLE sweeps (
    id             INTEGER PRIMARY KEY,
    experiment_id  INTEGER REFERENCES experiments (id) ON DELETE SET NULL,
    name           TEXT NOT NULL UNIQUE,
    description    TEXT NOT NULL DEFAULT '',
    search_space   TEXT NOT NULL CHECK (json_valid(search_space)),
    sampler        TEXT NOT NULL,
    sweep_seed     INTEGER NOT NULL DEFAULT 0,
    target         TEXT,
    budget_steps   INTEGER,
    planned_runs   INTEGER NOT NULL,
    state          TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'cancelled', 'stopped')),
    command        TEXT NOT NULL DEFAULT '',
    created_at     TEXT NOT NULL,
    finished_at    TEXT,
    choosing_seeds TEXT CHECK (choosing_seeds IS NULL OR json_valid(choosing_seeds))
) STRICT;

-- The data a run trained on, once per content. Values are those after scaling;
-- original x = x * x_divisor and original y = y * y_divisor + y_offset.
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
    ieee_bytes   BLOB,
    created_at   TEXT NOT NULL
) STRICT;

-- A file's samples stand nowhere else, so each is kept with checksums: the first 8 bytes, little-endian, of
-- the SHA-256 of its position (8 bytes, little-endian) and the value (little-endian binary64).
CREATE TABLE dataset_rows (
    dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    x          REAL,
    y          REAL,
    ieee_bytes BLOB,
    x_checksum INTEGER NOT NULL,
    y_checksum INTEGER NOT NULL,
    PRIMARY KEY (dataset_id, position)
) STRICT, WITHOUT ROWID;

-- `average` is the optimizer's running average of the parameter, where it keeps one.
CREATE TABLE run_parameters (
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    initial    REAL,
    final      REAL,
    average    REAL,
    ieee_bytes BLOB,
    PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

-- One row per step of the model y = w*x^2 + b. `w` and `b` are the values at which `loss` and the
-- gradients were evaluated, before the step's update; `loss` is that of the step's batch.
-- `elapsed_ns` counts from the run's first step. That the run exists is checked when a transaction is
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
    ieee_bytes    BLOB,
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

-- One row per run. `config` decides every number of a trained run. What people ask for most is generated from it, so that
-- it cannot disagree, and is NULL where a run has none, or where `config` was damaged. `group_id` names the configuration without its seed: runs that
-- share it are replicates. `identity` is the same in every copy of a run. `state_reason` is why a run diverged or failed,
-- `stop_reason` the rule that ended it before its last step; `evaluations` counts how often a loss and its gradients were
-- computed. Losses over all data: `initial_loss` before the first update, `final_loss` after the last; `best_loss` is the
-- lowest of any step. A fork's `parent_step` is its first step: the steps before it are those of `parent_run_id`. A run
-- with a `deleted_at` is hidden from listings, comparisons and reports. No id is ever given to a second run.
CREATE TABLE runs (
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

-- The queue: what a worker asks for next.
CREATE INDEX runs_by_sweep_and_state ON runs (sweep_id, state, trial_number);
CREATE INDEX runs_by_group_id ON runs (group_id, seed);
CREATE INDEX runs_by_config_hash ON runs (config_hash);
CREATE INDEX runs_by_identity ON runs (identity);

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

-- What programs logged is in tables of steps that the program makes, one for each prefix of the keys: `train/loss` is the column
-- `loss` of `train_steps`, a key without a prefix a column of `logged_steps`. They grow by a column for each new key; `series` says which
-- key a column holds. A key that finds no place there (more than 200 columns, or equal but for case to another) has a row per value
-- here. Numbers are as they came: integers, reals, infinities and -0.0. A NULL is nothing, or a NaN: in the rare row that holds a
-- NaN, `ieee_bytes` has eight bytes for each column in the order of `series`, which are zero but for a NaN's (little-endian binary64).
CREATE TABLE points (
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    key        TEXT NOT NULL,
    step       INTEGER NOT NULL,
    value      ANY,
    elapsed_ns INTEGER,
    ieee_bytes BLOB,
    PRIMARY KEY (run_id, key, step)
) STRICT, WITHOUT ROWID;

-- What was logged under a key and is no number.
CREATE TABLE texts (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    key    TEXT NOT NULL,
    step   INTEGER NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (run_id, key, step)
) STRICT, WITHOUT ROWID;

-- What a program said of its tensors at a step: their norms, and how many of their values are not finite. `ieee_bytes` has eight bytes
-- for each of the three norms, zero but for a NaN's.
CREATE TABLE tensor_steps (
    run_id        INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    step          INTEGER NOT NULL,
    tensor        TEXT NOT NULL,
    norm          ANY,
    gradient_norm ANY,
    update_norm   ANY,
    nonfinite     INTEGER,
    ieee_bytes    BLOB,
    PRIMARY KEY (run_id, step, tensor)
) STRICT, WITHOUT ROWID;

-- What a program said of a run as a whole; a text stays one. `ieee_bytes` holds a NaN.
CREATE TABLE run_summary (
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    key        TEXT NOT NULL,
    value      ANY,
    ieee_bytes BLOB,
    PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;

-- What an attempt of a recorded program printed: the beginning and the end of each stream, and how much it was in all.
CREATE TABLE run_output (
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    attempt    INTEGER NOT NULL,
    stream     TEXT NOT NULL CHECK (stream IN ('stdout', 'stderr')),
    byte_count INTEGER NOT NULL,
    head       BLOB NOT NULL,
    tail       BLOB NOT NULL,
    PRIMARY KEY (run_id, attempt, stream)
) STRICT, WITHOUT ROWID;

-- How an attempt of a recorded program ended, and what it used: seconds of processor and clock, bytes of memory at most.
CREATE TABLE run_usage (
    run_id         INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    attempt        INTEGER NOT NULL,
    exit_code      INTEGER,
    signal         INTEGER,
    user_seconds   REAL,
    system_seconds REAL,
    wall_seconds   REAL,
    peak_memory    INTEGER,
    PRIMARY KEY (run_id, attempt)
) STRICT, WITHOUT ROWID;

-- Files that a run named or wrote, by content; the bytes are not here.
CREATE TABLE run_files (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    path   TEXT NOT NULL,
    name   TEXT,
    size   INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;

-- Where a recorded program ran: its arguments, folder, branch and uncommitted changes, processors, and some environment variables.
CREATE TABLE run_environment (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    name   TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

INSERT INTO step_tables (name, model) VALUES ('quadratic_steps', 'quadratic');
INSERT INTO series (step_table, position, column_name, name, role, parameter, goal) VALUES
    ('quadratic_steps', 0, 'loss', 'loss', 'loss', NULL, 'min'),
    ('quadratic_steps', 1, 'learning_rate', 'learning_rate', 'learning_rate', NULL, NULL),
    ('quadratic_steps', 2, 'w', 'w', 'parameter', 'w', NULL),
    ('quadratic_steps', 3, 'b', 'b', 'parameter', 'b', NULL),
    ('quadratic_steps', 4, 'grad_w', 'grad_w', 'gradient', 'w', NULL),
    ('quadratic_steps', 5, 'grad_b', 'grad_b', 'gradient', 'b', NULL);
