import Foundation
import GRDB
import Learning
import TestSupport
import Tracking

@testable import Experiments

/// A notebook with runs of every kind, and a way past the store to change what it holds.
final class VerifiedNotebook {
    /// A run as it is asked for: flags and hyperparameters.
    typealias Request = (fields: [RunSetting: String], settings: [String])

    let store: Store
    /// The runs in the order of the requests.
    private(set) var runs: [Int64] = []
    let database: DatabaseQueue
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")

    /// Runs of 20 steps; a request's data may be `N.csv`, a file of so many samples.
    init(_ requests: [Request]) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "gradbook.db").path
        store = try Store.open(at: path, now: { "2026-01-01T00:00:00.000Z" })
        var configuration = Configuration()
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF")
        }
        configuration.foreignKeysEnabled = false
        database = try DatabaseQueue(path: path, configuration: configuration)
        let runner = ExperimentRunner(store, origin: .test, clock: { 0 })
        var parser = SettingsParser()
        for (fields, settings) in requests {
            var fields = fields.merging([.steps: "20"]) { given, _ in given }
            if let name = fields[.data] {
                fields.merge([.data: try writeData(name), .x: "speed", .y: "dist"]) { $1 }
            } else {
                fields.merge([.samples: "12"]) { given, _ in given }
            }
            runs.append(try runner.record(parser.parse(RawSettings(fields: fields, assignments: settings))).id)
        }
        try runner.close()
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Adds a fork of one of the runs, and that fork's own.
    func addForks(of place: Int) throws {
        let runner = ExperimentRunner(store, origin: .test, clock: { 0 })
        for (step, change) in [(5, "lr=0.02"), (11, "steps=25")] {
            let parent = try store.runs.find(id: step == 5 ? runs[place] : runs[runs.count - 1])
            let fork = try runner.fork(parent, at: step, changes: [change])
            runs.append(try runner.record(fork.run, parent: parent.id).id)
        }
        try runner.close()
    }

    /// Takes the last steps of one of the runs away, as if its process had died, and resumes it.
    func interruptAndResume(_ place: Int) throws {
        try execute(
            """
            UPDATE runs SET state = 'running' WHERE id = \(runs[place]);
            DELETE FROM quadratic_steps WHERE run_id = \(runs[place]) AND step >= 7;
            DELETE FROM run_parameters WHERE run_id = \(runs[place])
            """)
        let runner = ExperimentRunner(store, origin: .test, clock: { 0 }, isAlive: { _ in false })
        _ = try runner.resume(store.runs.find(id: runs[place]))
        try runner.close()
    }

    func verify(_ run: Int64) throws -> RunVerification {
        var verifier = Verifier(store)
        return try verifier.verify(store.runs.toleratingDamage.find(id: run))
    }

    func execute(_ sql: String) throws {
        try database.write { try $0.execute(sql: sql) }
    }

    /// What verifying one of the runs finds after a change of the file, as "step column stored computed".
    func found(in place: Int, after sql: String) throws -> [String] {
        try execute(sql)
        return try verify(runs[place]).discrepancies.map {
            "\($0.step.map { "\($0) " } ?? "")\($0.column) \($0.stored) \($0.computed)"
        }
    }

    /// Some of the numbers are zeros with a sign.
    private func writeData(_ name: String) throws -> String {
        let path = folder.appending(path: name)
        let count = Int(name.split(separator: ".")[0]) ?? 0
        let rows = (0..<count).map { "\($0 % 7 == 3 ? "-0" : "\(Double($0 % 50) / 25 + 0.1)"),\($0 * 31 % 17)" }
        try Data((["speed,dist"] + rows).joined(separator: "\n").utf8).write(to: path)
        return path.path
    }

    /// One of each kind that is computed in another way.
    static let kinds: [Request] = [
        ([.optimizer: "sgd", .batchSize: "5"], ["momentum=0.9", "nesterov=true"]),
        ([.optimizer: "adafactor", .batchSize: "full", .initialization: "normal"], []),
        ([.optimizer: "asgd", .batchSize: "5", .stopWhen: "loss=0.9"], ["t0=4"]),
        ([.optimizer: "lbfgs", .batchSize: "full", .lr: "1", .dtype: "float32", .rng: "torch"], []),
        ([.optimizer: "sgd", .batchSize: "full", .lr: "1e60"], []),
        ([.optimizer: "adam", .data: "6.csv", .batchSize: "3", .scale: "normalize"], []),
        ([.optimizer: "radam", .batchSize: "4", .sampling: "iid", .schedule: "cosine:total=20"], []),
        ([.recipe: "tape"], []), ([.recipe: "numpy"], []), ([.recipe: "batches"], []),
        ([.data: "50.csv", .batchSize: "7", .dtype: "float32", .lr: "0.01"], []),
        ([.data: "1000.csv", .batchSize: "full", .optimizer: "rprop"], []),
        ([.data: "5000.csv", .batchSize: "10", .scale: "normalize", .sampling: "shuffled-drop-last"], []),
    ]

    /// Every optimizer with a schedule, in both number types.
    static let more: [Request] = zip(
        [
            "sgd", "adam", "adamw", "nadam", "radam", "adamax", "adagrad", "adadelta", "rmsprop", "rprop", "asgd",
            "lbfgs", "adafactor", "lion",
        ],
        [
            "constant:factor=0.5,total=5", "step:every=4", "exponential:gamma=0.9", "linear", "cosine:total=20",
            "polynomial:total=20", "plateau:patience=1", "cosine-restarts:period=4", "multistep:milestones=4/9",
            "cyclic:min=0.01,max=0.1,cycle_momentum=false", "onecycle:max=0.1,total=20,cycle_momentum=false",
            "step:every=9", "warmup:total=4+cosine:total=16",
            "linear",
        ]
    ).flatMap { optimizer, schedule in
        ["float32", "float64"].map { dtype in
            (
                [
                    .optimizer: optimizer, .schedule: schedule, .dtype: dtype, .lr: "0.02",
                    .batchSize: optimizer == "lbfgs" ? "full" : "3", .rng: dtype == "float32" ? "torch" : "numpy",
                ],
                []
            )
        }
    }
}
