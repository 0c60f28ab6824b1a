import Foundation
import GRDB
import Learning
import Randomness
import Testing

@testable import Experiments
@testable import Tracking

/// Stored rows against what their runs compute.
@Suite(.timeLimit(.minutes(15)))
final class VerifierTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")
    private let store: Store
    private let database: DatabaseQueue
    /// Of all kinds: minibatch, search, averages, 32 bits, diverged, stopped, another file's data.
    private var runs: [Int64] = []

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "gradbook.db").path
        let cars = folder.appending(path: "cars.csv")
        try Data("speed,dist\n4,2\n7,4\n8,16\n9,10\n10,18\n11,17\n".utf8).write(to: cars)
        store = try Store.open(at: path, now: { "2026-01-01T00:00:00.000Z" })
        let notebook = Notebook(store, origin: .test, clock: { 0 })
        let requests: [([RunField: String], [String])] = [
            ([.optimizer: "sgd", .batchSize: "5"], ["momentum=0.9", "nesterov=true"]),
            ([.optimizer: "adafactor", .batchSize: "full", .initialization: "normal"], []),
            ([.optimizer: "asgd", .batchSize: "5"], ["t0=4"]),
            ([.optimizer: "lbfgs", .batchSize: "full", .lr: "1", .dtype: "float32", .stream: "torch"], []),
            ([.optimizer: "sgd", .batchSize: "full", .lr: "1e60"], []),
            (
                [.optimizer: "adam", .data: cars.path, .x: "speed", .y: "dist", .batchSize: "3", .scale: "normalize"],
                []
            ),
        ]
        var reader = RequestReader()
        for (fields, settings) in requests {
            let chapter: [RunField: String] = fields[.data] == nil ? [.samples: "12"] : [:]
            var run = try reader.read(
                RunValues(fields: fields.merging(chapter) { $1 }.merging([.steps: "20"]) { $1 }, settings: settings))
            if fields[.optimizer] == "asgd" { run.configuration.stopping = try .init(text: "loss=0.9") }
            runs.append(try notebook.record(run).id)
        }
        try notebook.close()
        var configuration = Configuration()
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF")
        }
        configuration.foreignKeysEnabled = false
        database = try DatabaseQueue(path: path, configuration: configuration)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func verify(_ run: Int64) throws -> RunVerification {
        var verifier = Verifier(store)
        return try verifier.verify(store.run(id: run))
    }

    private func execute(_ sql: String) throws {
        try database.write { try $0.execute(sql: sql) }
    }

    /// What verifying the run finds after a change of the file, as "step column stored computed".
    private func found(in run: Int, after sql: String) throws -> [String] {
        try execute(sql)
        return try verify(runs[run]).discrepancies.map {
            "\($0.step.map { "\($0) " } ?? "")\($0.column) \($0.stored) \($0.computed)"
        }
    }

    @Test
    func `untouched runs of every kind verify clean`() throws {
        for run in runs {
            let verification = try verify(run)
            #expect(verification.isClean, "\(verification.discrepancies)")
            #expect(verification.stepCount == (try store.stepCount(ofRun: run)))
        }
        #expect(try store.run(id: runs[4]).state == .diverged)
        #expect(try store.run(id: runs[2]).stopReason != nil)
    }

    @Test
    func `each of a thousand single bits that change in stored rows is found and named`() throws {
        var stream = CounterStream(seed: UInt64(Date().timeIntervalSince1970), index: 0)
        let seed = stream
        for trial in 0..<1000 {
            let flip = try database.write { database in
                let flip = try BitFlip(in: database, &stream)
                try flip.apply(to: database)
                return flip
            }
            let (run, step, column) = try whereabouts(of: flip)

            let verification = try verify(run)

            let isNamed = verification.discrepancies.contains { $0.step == step && $0.column == column }
            #expect(isNamed, "\(seed) \(trial): \(flip) gave \(verification.discrepancies)")
            if flip.place.table != "runs" {
                #expect(verification.discrepancyCount == 1, "\(seed) \(trial): \(flip)")
            }
            try database.write { try flip.undo(in: $0) }
        }
        #expect(try runs.allSatisfy { try verify($0).isClean })
    }

    /// The run that a changed row belongs to, and what a discrepancy calls the place.
    private func whereabouts(of flip: BitFlip) throws -> (run: Int64, step: Int?, column: String) {
        let key = try #require(Int64.fromDatabaseValue(flip.keys[0]))
        let table = flip.place.table
        let isData = table.hasPrefix("dataset")
        let run = isData ? try #require(try store.allRuns().first { $0.plan.datasetID == key }).id : key
        switch table {
        case "quadratic_steps": return (run, Int.fromDatabaseValue(flip.keys[1]), flip.column)
        case "runs": return (run, nil, flip.column)
        case "datasets": return (run, nil, "datasets.\(flip.column)")
        default:
            let row = try #require(flip.keys.last)
            return (run, nil, "\(table)[\(String.fromDatabaseValue(row) ?? "\(row)")].\(flip.column)")
        }
    }

    @Test
    func `a missing row, one too many and one under another number are named`() throws {
        let run = runs[0]
        #expect(
            try found(in: 0, after: "DELETE FROM quadratic_steps WHERE run_id = \(run) AND step IN (3, 19)")
                == ["3 step null integer(3)", "19 step null integer(19)"])
        #expect(
            try found(in: 1, after: "UPDATE quadratic_steps SET step = 4099 WHERE run_id = \(runs[1]) AND step = 3")
                == ["3 step null integer(3)", "4099 step integer(4099) null"])
        #expect(
            try found(in: 2, after: "INSERT INTO run_parameters (run_id, name) VALUES (\(runs[2]), 'c')")
                == [#"run_parameters[c].name text("c") null"#])
        let lost = try found(in: 3, after: "DELETE FROM run_parameters WHERE run_id = \(runs[3]) AND name = 'w'")
        #expect(lost.contains { $0.hasPrefix("run_parameters[w].final null real") })
    }

    @Test
    func `another state is named with the one that training has`() throws {
        #expect(
            try found(in: 0, after: "UPDATE runs SET state = 'diverged' WHERE id = \(runs[0])")
                == [#"state text("diverged") text("done")"#])
    }

    @Test
    func `of a run that has not ended the recorded steps are compared`() throws {
        try execute(
            """
            UPDATE runs SET state = 'running' WHERE id = \(runs[0]);
            DELETE FROM quadratic_steps WHERE run_id = \(runs[0]) AND step >= 7
            """)
        let verification = try verify(runs[0])

        #expect(verification.isClean && verification.stepCount == 7)
    }

    @Test
    func `data of a file that changed beyond one bit are named, and nothing is computed from them`() throws {
        let dataset = try store.run(id: runs[5]).plan.datasetID
        let found = try found(
            in: 5, after: "UPDATE dataset_rows SET x = 0.25, y = 0.5 WHERE dataset_id = \(dataset) AND position = 2")

        #expect(found.count == 1 && found[0].hasPrefix("dataset_rows integer(6) "), "\(found)")
    }

    @Test
    func `a sample that became NaN is named, though what it was is lost`() throws {
        let dataset = try store.run(id: runs[5]).plan.datasetID
        let found = try found(
            in: 5, after: "UPDATE dataset_rows SET y = NULL WHERE dataset_id = \(dataset) AND position = 2")

        #expect(found.count == 2 && found[0].hasPrefix("dataset_rows[2].y null "), "\(found)")
    }

    @Test(arguments: ["x''", "x'00'", "zeroblob(800)"])
    func `bits of a length that no row has are named and do no harm`(bits: String) throws {
        let run = runs[0]
        let found = try found(
            in: 0,
            after: """
                UPDATE quadratic_steps SET bits = \(bits) WHERE run_id = \(run) AND step = 3;
                UPDATE runs SET bits = \(bits) WHERE id = \(run);
                UPDATE run_parameters SET bits = \(bits) WHERE run_id = \(run) AND name = 'w';
                UPDATE dataset_rows SET bits = \(bits) WHERE position = 1
                """)

        #expect(found.count == 4, "\(found)")
        #expect(try store.parameters(ofRun: run).count == 2 && store.steps(ofRun: run).count == 20)
    }

    @Test
    func `generated data that changed are named sample by sample`() throws {
        let dataset = try store.run(id: runs[0]).plan.datasetID
        let found = try found(
            in: 0, after: "UPDATE dataset_rows SET y = 7 WHERE dataset_id = \(dataset) AND position IN (2, 5)")

        #expect(found.map { $0.prefix(29) } == ["dataset_rows[2].y real(7.0) r", "dataset_rows[5].y real(7.0) r"])
    }

    @Test
    func `a configuration beyond recognition is named instead of being trained`() throws {
        let found = try found(in: 0, after: "UPDATE runs SET config = '{}' WHERE id = \(runs[0])")

        #expect(found.count == 1 && found[0].hasPrefix(#"config text("{}")"#), "\(found)")
    }

    @Test(arguments: [(0, false), (1, true)])
    func `steps that all differ are taken for another computation`(run: Int, usesPlatform: Bool) throws {
        try execute("UPDATE quadratic_steps SET w = w * (1 + 3e-16) WHERE run_id = \(runs[run]) AND step >= 12")
        let verification = try verify(runs[run])
        try execute("UPDATE quadratic_steps SET b = 7 WHERE run_id = \(runs[2]) AND step = 3")

        #expect(verification.isOtherComputation && verification.firstDifferingStep == 12)
        #expect(verification.platformFunctions.isEmpty != usesPlatform)
        #expect(try !verify(runs[2]).isOtherComputation)
    }

    @Test
    func `a sample of a sweep is always the same runs`() throws {
        let notebook = Notebook(store, origin: .test, clock: { 0 })
        let sweep = try notebook.queue(
            SweepPlanner.plan(SearchSpace(fields: [.steps: "3"], settings: [], seeds: "1..9")), name: "s")
        _ = try notebook.carryOut(sweep: sweep, workers: 1)
        try notebook.close()

        let sample = try VerificationSubject("s", sample: 4, in: store)

        #expect(sample.runs.count == 4 && sample.title == "4 of 9 runs of the sweep s")
        #expect(try VerificationSubject("s", sample: 4, in: store).runs == sample.runs)
        #expect(try VerificationSubject("s", sample: 40, in: store).runs.count == 9)
        #expect(try VerificationSubject("1", in: store).runs.map(\.id) == [1])
        #expect(throws: TrackingError.self) { try VerificationSubject("nobody", in: store) }
    }
}
