import Foundation
import GRDB
import TestSupport
import Testing

/// Random inputs of every kind: the program ends with a result or a sentence, and harms nothing that it was not given.
///
/// Two thousand of each kind in the long tier. `GRADBOOK_SEED` repeats what a failure names.
@Suite(.timeLimit(.minutes(60)))
struct FuzzTests {
    private static let count = TestTier.isLong ? 2000 : 12

    private func fuzz(_ kind: String, _ input: (FuzzFolder, inout SplitMix) throws -> [String]) throws {
        let first = TestTier.seed
        print("GRADBOOK_SEED=\(first): \(Self.count) \(kind)")
        let folder = try FuzzFolder()
        for seed in first..<first + UInt64(Self.count) {
            var random = SplitMix(seed: seed)
            let arguments = try input(folder, &random)
            let invocation = try folder.gradbook(arguments)
            if let flaw = try folder.flaw(of: invocation) {
                Issue.record(
                    "seed \(seed), \(kind), \(arguments.map { $0.prefix(200).debugDescription }): \(flaw.prefix(600))")
            }
            try folder.reset()
        }
    }

    // MARK: - Kinds

    @Test
    func `command lines`() throws {
        try fuzz("command lines") { _, random in
            var arguments = Self.commands.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0...arguments.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0 where place < arguments.count: arguments[place] = Self.argument(&random)
                case 1 where place < arguments.count:
                    arguments[place] = Self.cleaned(NastyText.changed(arguments[place], &random))
                case 2 where place < arguments.count: arguments.remove(at: place)
                default: arguments.insert(Self.argument(&random), at: place)
                }
            }
            // What would train for hours is no finding.
            return ["--", "--help"].contains(arguments.first) ? arguments : arguments + ["--db", "notebook.db"]
        }
    }

    @Test
    func `data files`() throws {
        try fuzz("data files") { folder, random in
            let text = String(decoding: try folder.bytes(of: "data.csv"), as: UTF8.self)
            let bytes =
                Bool.random(using: &random)
                ? Array(NastyText.changed(text, &random).utf8) : NastyText.changed(Array(text.utf8), &random)
            try folder.write(bytes, to: "data.csv")
            return [
                "run", "--data", "data.csv", "--x", "x", "--y", "y", "--steps", "3", "--batch-size", "full", "--db",
                "new.db",
            ]
        }
    }

    @Test
    func `configurations`() throws {
        try fuzz("configurations") { folder, random in
            let text = String(decoding: try folder.bytes(of: "configuration.json"), as: UTF8.self)
            let changed =
                Bool.random(using: &random) ? NastyText.changed(text, &random) : try Self.withOtherLeaf(text, &random)
            try folder.write(Array(changed.utf8), to: "configuration.json")
            return ["run", "--config", "configuration.json", "--db", "new.db"]
        }
    }

    @Test
    func `notebooks with changed bytes`() throws {
        try fuzz("notebooks with changed bytes") { folder, random in
            try folder.write(NastyText.changed(try folder.bytes(of: "notebook.db"), &random), to: "notebook.db")
            return Self.reading.randomElement(using: &random) ?? []
        }
    }

    @Test
    func `notebooks with hostile schemas and names`() throws {
        try fuzz("hostile notebooks") { folder, random in
            let queue = try DatabaseQueue(path: folder.folder.appending(path: "notebook.db").path)
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA foreign_keys = OFF")
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    // What SQLite itself refuses is no input.
                    try? database.execute(sql: Self.change(&random))
                }
            }
            try queue.close()
            return Self.reading.randomElement(using: &random) ?? []
        }
    }

    // MARK: - Internals

    private static let commands: [[String]] =
        reading.map { $0.filter { $0 != "--db" && $0 != "notebook.db" } } + [
            ["run", "--steps", "5", "--lr", "0.1"],
            ["run", "--steps", "5", "--optimizer", "adam", "--set", "beta1=0.9"],
            ["run", "--steps", "5", "--schedule", "step:2:0.5", "--clip-norm", "1", "--name", "n"],
            ["run", "--steps", "5", "--init", "w=0,b=0", "--batch-size", "full", "--stop-when", "loss=0.1"],
            ["run", "--recipe", "numpy", "--steps", "5"], ["run", "--config", "configuration.json"],
            ["run", "--data", "data.csv", "--x", "x", "--y", "y", "--steps", "3"],
            ["sweep", "t", "--lr", "log:0.01:0.1:3", "--seeds", "1..2", "--steps", "5"],
            [
                "sweep", "t", "--lr", "uniform:0.01:0.1", "--trials", "3", "--search", "random", "--seeds", "1",
                "--steps", "5",
            ],
            [
                "sweep", "t", "--set", "momentum=0,0.9 if optimizer=sgd", "--optimizer", "sgd,adam", "--seeds", "1",
                "--steps", "5",
            ],
            ["sweep", "extend", "s", "--seeds", "1..4"],
            ["sweep", "shard", "s", "--index", "0", "--of", "2", "--out", "shard.db"],
            ["tag", "1", "x"], ["note", "1", "x"], ["rename", "1", "x"], ["delete", "1"], ["restore", "1"],
            ["gc", "--yes"],
            ["fork", "single", "--at", "3", "lr=0.3"], ["judge", "s:optimizer=sgd", "s:optimizer=adam"],
            ["judge", "s", "--below", "0.1"], ["optimizers"], ["schedules"], ["graph"], ["manual"],
        ]

    /// Commands that look at the whole of a notebook, or repair it.
    private static let reading: [[String]] =
        [
            ["runs"], ["runs", "--format", "json"], ["show", "1"], ["show", "diverged", "--steps"],
            ["compare", "1", "2"],
            ["report", "s", "--out", "report"], ["report", "1", "2", "--out", "report"], ["why", "diverged"],
            ["why", "1"],
            ["verify", "s"], ["verify", "single"], ["diff", "1", "2"], ["doctor"], ["doctor", "--deep"],
            ["doctor", "--fix"],
            ["export", "runs"], ["export", "steps", "--format", "jsonl"], ["query", "SELECT * FROM leaderboard"],
            ["schema"],
            ["query", "SELECT * FROM excess"], ["merge", "other.db"], ["backup", "copy.db"], ["sweep", "status", "s"],
            ["sweep", "best", "s"], ["sweep", "resume", "s"], ["sweep", "retry", "s"],
            ["judge", "s:optimizer=sgd", "s:optimizer=adam"],
            ["fork", "single", "--at", "3", "lr=0.3"], ["run", "--resume", "single"], ["tag", "1", "x"],
            ["gc", "--yes"],
            ["report", "h", "--out", "r"],
        ].map { $0 + ["--db", "notebook.db"] } + [["merge", "notebook.db", "--db", "other.db"]]

    private static func argument(_ random: inout SplitMix) -> String {
        Bool.random(using: &random)
            ? cleaned(NastyText.value(&random))
            : [
                "--steps", "--lr", "--seed", "--seeds", "--out", "--format", "json", "--name", "--set", "--columns",
                "--sort",
                "--limit", "--at", "--batch-size", "--data", "--x", "--workers", "--search", "--trials", "--metric",
                "--alpha",
                "--min-effect", "--fix", "--deep", "--brief", "--help", "--version", "--init", "--dtype", "--schedule",
            ].randomElement(using: &random) ?? ""
    }

    /// An argument of a process cannot hold a zero, and no test waits for a million steps.
    private static func cleaned(_ text: String) -> String {
        text.replacing("\u{0}", with: "")
    }

    private static func change(_ random: inout SplitMix) -> String {
        let text = "'" + NastyText.value(&random).replacing("'", with: "''").replacing("\u{0}", with: "") + "'"
        let name = "\"" + NastyText.value(&random).replacing("\"", with: "\"\"").replacing("\u{0}", with: "") + "\""
        let table =
            [
                "runs", "sweeps", "datasets", "dataset_rows", "notes", "events", "run_parameters", "quadratic_steps",
                "series", "step_tables", "run_tags", "optima",
            ]
            .randomElement(using: &random) ?? "runs"
        let view = ["steps", "excess", "leaderboard", "help", "rungs"].randomElement(using: &random) ?? "steps"
        return [
            "CREATE TABLE \(name) (\(name) INTEGER REFERENCES \(table) (id)); INSERT INTO \(name) VALUES (4711)",
            "CREATE VIEW \(name) AS SELECT * FROM \(table)", "CREATE INDEX \(name) ON runs (name)",
            "CREATE TRIGGER \(name) AFTER INSERT ON \(table) BEGIN DELETE FROM runs; END",
            "CREATE TRIGGER \(name) BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, \(text)); END",
            "ALTER TABLE \(table) ADD COLUMN \(name) TEXT", "DROP TABLE \(table)", "DROP VIEW \(view)",
            "DROP TABLE \(table); CREATE VIEW \(table) AS SELECT 1 AS id",
            "DROP VIEW \(view); CREATE TABLE \(view) (a)",
            "DROP VIEW \(view); CREATE VIEW \(view) AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS run_id FROM n",
            "UPDATE sweeps SET name = \(text)", "UPDATE runs SET name = \(text) WHERE id = 1",
            "UPDATE runs SET host = \(text)",
            "UPDATE run_tags SET tag = \(text)", "UPDATE notes SET text = \(text)", "UPDATE runs SET command = \(text)",
            "UPDATE runs SET state_reason = \(text)", "UPDATE runs SET version = \(text)",
            "UPDATE datasets SET source = \(text)",
            "UPDATE series SET column_name = \(text) WHERE position = 2", "UPDATE step_tables SET model = \(text)",
            "UPDATE sweeps SET target = \(text)", "UPDATE runs SET created_at = \(text)",
            "UPDATE events SET message = \(text)",
            "UPDATE runs SET config = json_set(config, '$.optimizer.name', \(text))",
            "UPDATE runs SET config = json_set(config, '$.model', \(text))",
            "UPDATE sweeps SET search_space = json_set(search_space, '$.axes[0].values[0]', \(text))",
            "PRAGMA user_version = \(Int.random(in: -2...9, using: &random))", "PRAGMA application_id = 0",
        ].randomElement(using: &random) ?? ""
    }

    /// The JSON with another value at one of its leaves, or a key more or less.
    private static func withOtherLeaf(_ text: String, _ random: inout SplitMix) throws -> String {
        let values: [Any] = [
            0, -1, 1, 1e300, -1e300, 1e-300, 0.5, Int.max, Int.min, true, NSNull(), "", "abc", "NaN", "Infinity",
            [Any](), [1],
            [String: Any](), ["a": 1],
        ]
        func changed(_ value: Any) -> Any {
            guard var object = value as? [String: Any], let key = object.keys.sorted().randomElement(using: &random)
            else {
                return values.randomElement(using: &random) ?? 0
            }
            switch Int.random(in: 0..<10, using: &random) {
            case 0: object[key] = nil
            case 1: object[NastyText.value(&random)] = 1
            default: object[key] = changed(object[key] ?? 0)
            }
            return object
        }
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return String(decoding: try JSONSerialization.data(withJSONObject: changed(object)), as: UTF8.self)
    }
}
