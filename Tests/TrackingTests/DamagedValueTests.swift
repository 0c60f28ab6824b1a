import Foundation
import GRDB
import Testing
import TextFormats
import Tracking

/// A notebook from somebody else holds anything in any column: whoever reads it gets a value or a sentence.
struct DamagedValueTests {
    private static let values = [
        "-1", "9223372036854775807", "-9223372036854775808", "1e300", "'abc'", "x'00'", "NULL",
    ]
    private let notebook: Notebook

    init() throws {
        notebook = try Notebook()
        let store = try notebook.open()
        let sweep = try store.createSampleSweep(runs: 2, choosingSeeds: [0])
        let run = try store.startSampleRun(name: "first")
        try store.write([.sample(0), .sample(1, loss: .nan)], ofRun: run)
        try store.runs.finish(run.id, attempt: run.attempt, outcome: .sample(stepsDone: 2))
        _ = try store.startSampleRun(name: "second")
        try store.notes.add("a note", to: .run(run.id))
        try store.notes.addEvent("resumed", "now", to: .run(run.id))
        try store.notes.changeTags(ofRuns: [run.id], adding: ["tag"])
        try store.sweeps.addSlurmJobs(SlurmJobs(array: "1", merge: "2", taskCount: 3, folder: "f"), ofSweep: sweep)
        try store.verdicts.add(
            StoredVerdict(
                question: "{}", first: "a", second: "b", measure: "loss", seeds: [1], runs: ["x"], alpha: 0.05,
                p: 0.5, verdict: "tied"))
        _ = try store.sweeps.addRung(
            StoredRung(
                number: 1, steps: 3, runs: 2, results: [RungResult(groupID: "id", median: 1, isPromoted: true)]),
            next: [], toSweep: sweep, provenance: .sample())
        store.close()
    }

    @Test(arguments: [
        "runs", "run_parameters", "run_tags", "sweeps", "datasets", "dataset_rows", "optima", "quadratic_steps",
        "notes",
        "events", "rung_results", "verdicts", "slurm_jobs",
    ])
    func `whatever a column holds, reading ends with a value or a sentence`(table: String) throws {
        let original = try Data(contentsOf: URL(filePath: notebook.path))
        var refusals = 0
        for column in try columns(of: table) {
            for value in Self.values {
                try original.write(to: URL(filePath: notebook.path))
                guard try change(column, of: table, to: value) else { continue }
                let store = try notebook.open(access: .readOnly)
                defer { store.close() }
                for reading in Self.readings {
                    do {
                        try reading(store)
                    } catch let error as TrackingError {
                        refusals += 1
                        #expect(!error.description.contains("decode"), "\(table).\(column) = \(value): \(error)")
                    } catch {
                        Issue.record("\(table).\(column) = \(value): \(error)")
                    }
                }
            }
        }
        #expect(refusals > 0 || table == "run_tags")
    }

    @Test(arguments: [
        ("runs", "steps_done", "-1", "run 3 has -1 as steps_done, which is no number from 0 to 1000000000000"),
        ("runs", "state", "'asleep'", "run 3 has 'asleep' as state, which is no state of a run"),
        ("runs", "attempt", "x'0102'", "run 3 has 2 bytes as attempt, which is no whole number"),
        ("runs", "batch_size", "0", "run 3 has 0 as batch_size, which is no number from 1 to 1000000000000"),
        ("sweeps", "planned_runs", "-9223372036854775808", "sweep 1 has -9223372036854775808 as planned_runs"),
        ("quadratic_steps", "step", "4611686018427387904", "run 3 has 4611686018427387904 as step"),
        ("quadratic_steps", "w", "'abc'", "run 3 has 'abc' as w at step 0, which is no number"),
        ("run_parameters", "final", "'abc'", "run 3: the parameter 'b' has 'abc' as final, which is no number"),
        ("dataset_rows", "y", "'abc'", "data set 1: the sample 0 has 'abc' as y, which is no number"),
        ("runs", "group_id", "'a' || char(10) || '# b'", "as group_id, which is no word of letters"),
        ("runs", "identity", "'<script>'", "as identity, which is no word of letters"),
        ("runs", "config_hash", "'a b'", "as config_hash, which is no word of letters"),
        ("runs", "version", "'1|2'", "as version, which is no word of letters"),
        ("runs", "git_commit", "'[a](b)'", "as git_commit, which is no word of letters"),
        ("runs", "boot_id", "char(27) || '[31m'", "as boot_id, which is no word of letters"),
        ("runs", "host", "'a' || char(10)", "as host, which is no line of text"),
        ("runs", "created_at", "'<b>'", "as created_at, which is no time"),
        ("runs", "started_at", "'# now'", "as started_at, which is no time"),
        ("runs", "finished_at", "char(10) || char(10) || '# Injected'", "as finished_at, which is no time"),
        ("sweeps", "created_at", "'yesterday'", "as created_at, which is no time"),
        ("sweeps", "finished_at", "'<b>'", "as finished_at, which is no time"),
        ("sweeps", "sampler", "'<b>'", "as sampler, which is no word of letters"),
        ("notes", "created_at", "'<b>'", "as created_at, which is no time"),
        ("events", "created_at", "'<b>'", "as created_at, which is no time"),
        ("rung_results", "promoted", "7", "has 7 as promoted, which is no 0 or 1"),
    ])
    func `the sentence names file, row, column and value`(
        table: String, column: String, value: String, names: String
    ) throws {
        #expect(try change(column, of: table, to: value))
        let store = try notebook.open(access: .readOnly)

        let errors = Self.readings.compactMap { reading in
            do { try reading(store) } catch { return "\(error)" }
            return nil
        }

        #expect(errors.contains { $0.contains(names) && $0.contains(notebook.path) }, "\(errors)")
    }

    @Test
    func `a run that descends from itself has an end`() throws {
        try notebook.execute("UPDATE runs SET parent_run_id = id, parent_step = 1 WHERE id = 3")
        let store = try notebook.open(access: .readOnly)

        let error = #expect(throws: TrackingError.self) { try store.runs.holders(ofStepsOf: store.runs.find(id: 3)) }

        #expect(error?.code == .damaged)
    }

    @Test(arguments: [
        "DELETE FROM dataset_rows WHERE position = 1", "UPDATE dataset_rows SET y = NULL WHERE position = 1",
        "UPDATE dataset_rows SET x = 9e999", "UPDATE datasets SET samples = 1000000000000",
        "UPDATE datasets SET y_divisor = 9e999, ieee_bytes = NULL",
        "UPDATE datasets SET x_divisor = 0, ieee_bytes = NULL",
        "UPDATE datasets SET y_offset = -1.7e308, ieee_bytes = NULL",
        "UPDATE datasets SET x_divisor = 1e-300, ieee_bytes = NULL",
        "UPDATE datasets SET ieee_bytes = x'000000000000F87F000000000000F87F000000000000F87F'",
    ])
    func `data that are not all there are not trained on`(change: String) throws {
        try notebook.execute(change)
        let store = try notebook.open(access: .readOnly)

        let error = #expect(throws: TrackingError.self) { try store.datasets.find(id: 1).mustBeComplete() }

        #expect(error?.code == .damaged)
    }

    // MARK: - Internals

    /// Everything that reads rows.
    private static let readings: [@Sendable (Store) throws -> Void] = [
        { store in
            for run in try store.runs.all() {
                _ = try store.runs.outcome(of: run)
                _ = try store.runs.parameters(ofRun: run.id)
                _ = try store.runs.holders(ofStepsOf: run)
                _ = try store.notes.all(on: .run(run.id))
                _ = try store.notes.events(of: .run(run.id))
                _ = try store.notes.tags(ofRun: run.id)
            }
        },
        { _ = try $0.runs.unstable(among: $0.runs.all()) },
        { _ = try $0.runs.toleratingDamage.all(ofSweep: 1) },
        { _ = try $0.runs.interrupted { _ in nil } },
        { _ = try $0.runs.list(RunListingRequest()) { _ in nil } },
        { store in
            var request = RunListingRequest()
            request.columns = [
                "id", "state", "w", "final_loss", "min(loss)", "loss@1", "steps_done", "seconds", "tag", "unstable",
            ]
            _ = try store.runs.list(request) { _ in nil }
        },
        { store in
            for sweep in try store.sweeps.all() {
                _ = try store.sweeps.tally(ofSweep: sweep.id)
                _ = try store.sweeps.rungs(ofSweep: sweep.id)
                _ = try store.sweeps.slurmJobs(ofSweep: sweep.id)
                _ = try store.notes.commands(of: .sweep(sweep.id))
                _ = try store.sweeps.queue(
                    ofSweep: sweep.id, caller: ProcessIdentity(host: "h", pid: 1, started: 1, bootID: "b"))
            }
        },
        { _ = try $0.sweeps.rungs(ofSweep: 1) },
        { _ = try $0.sweeps.slurmJobs(ofSweep: 1) },
        { _ = try $0.verdicts.all() },
        { _ = try $0.datasets.find(id: 1) },
        { _ = try $0.datasets.storedSamples(ofDataset: 1) },
        { _ = try $0.steps.all(ofRun: 3) },
        { try $0.steps.forEachParameters(ofRun: 3) { _, _ in true } },
        { try $0.steps.forEachStored(ofRun: 3) { _ = $0.number } },
    ]

    private func columns(of table: String) throws -> [String] {
        try DatabaseQueue(path: notebook.path).read { database in
            try database.columns(in: table).map(\.name)
        }
    }

    /// Whether the first row could be changed; a STRICT table refuses values of another type until it is none for a moment.
    private func change(_ column: String, of table: String, to value: String) throws -> Bool {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        func declare(_ sql: String) throws {
            // Another connection reads the declaration again.
            try DatabaseQueue(path: notebook.path, configuration: configuration).writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA writable_schema = ON")
                try database.execute(
                    sql: "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", arguments: [sql, table])
            }
        }
        let declaration = try DatabaseQueue(path: notebook.path).read { database in
            try #require(
                try String.fetchOne(
                    database, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", arguments: [table]
                ))
        }
        try declare(declaration.replacing("STRICT, ", with: "").replacing(" STRICT", with: ""))
        let changed = try DatabaseQueue(path: notebook.path, configuration: configuration).writeWithoutTransaction {
            database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = ON")
            let key = try database.primaryKey(table).columns.map { "\"\($0)\"" }.joined(separator: ", ")
            do {
                try database.execute(
                    sql: """
                        UPDATE \(table) SET \(column) = \(value)
                        WHERE (\(key)) = (SELECT \(key) FROM \(table)\(table == "runs" ? " WHERE name = 'first'" : "")
                            ORDER BY \(key) LIMIT 1)
                        """)
            } catch is DatabaseError {
                // A key that is taken, or a column that must have a value.
                return false
            }
            return database.changesCount == 1
        }
        try declare(declaration)
        return changed
    }
}
