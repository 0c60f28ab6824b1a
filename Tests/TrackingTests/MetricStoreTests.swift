import Foundation
import TestRows
import TestSupport
import Testing

@testable import Tracking

/// What programs logged: where its numbers are, and that they come back as they were.
@Suite(.timeLimit(.minutes(5)))
struct MetricStoreTests {
    private let notebook: Notebook
    private let store: Store
    private let attempt: RunAttempt

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
        let run = try store.startRecording(1)
        attempt = RunAttempt(run: run.id, number: run.attempt)
    }

    @discardableResult
    private func log(_ step: Int64, _ values: [(String, MetricValue)]) throws -> MetricConflicts {
        var batch = MetricBatch()
        batch.add(values.map(\.1), shape: batch.addShape(values.map(\.0)), step: step)
        return try store.metrics.add(batch, to: attempt)
    }

    private func numbers(_ key: String) throws -> [MetricValue] {
        try store.metrics.values(ofRun: attempt.run, key: key).map(\.value)
    }

    private func rows(_ query: String) throws -> [[SQLValue]] {
        try store.query(query).rows
    }

    // MARK: - Numbers

    @Test func `every number comes back bit for bit`() throws {
        let seed = TestTier.seed
        var random = SplitMix(seed: seed)
        let special: [MetricValue] = [
            .real(.nan), .real(-.nan), .real(Double(bitPattern: 0x7FF0_0000_0000_0001)),
            .real(Double(bitPattern: 0xFFFF_FFFF_FFFF_FFFF)), .real(-0.0), .real(0), .real(.infinity),
            .real(-.infinity), .real(.leastNonzeroMagnitude), .real(.greatestFiniteMagnitude), .real(1), .integer(1),
            .integer(0),
            .integer(.max), .integer(.min), .integer(1 << 53 + 1),
        ]
        let values =
            special
            + (0..<2000).map { _ in
                Bool.random(using: &random)
                    ? .real(Double(bitPattern: random.next())) : .integer(Int64(bitPattern: random.next()))
            }
        var batch = MetricBatch()
        let shape = batch.addShape(["train/loss", "train/acc", "lr"])
        for (step, value) in values.enumerated() {
            batch.add([value, .real(0.5), values[values.count - 1 - step]], shape: shape, step: Int64(step))
        }
        #expect(try store.metrics.add(batch, to: attempt).count == 0)

        #expect(try numbers("train/loss") == values, "seed \(seed)")
        #expect(try numbers("lr") == values.reversed(), "seed \(seed)")
        // Stored once more, they are the same ones.
        #expect(try store.metrics.add(batch, to: attempt).count == 0)
        #expect(try numbers("train/loss") == values, "seed \(seed)")
    }

    @Test func `random rows are merged as a dictionary merges them`() throws {
        let seed = TestTier.seed
        var random = SplitMix(seed: seed)
        let keys = ["loss", "val/loss", "val/acc", "Loss", "a/b/c", "deep"]
        var expected: [String: [Int64: MetricValue]] = [:]
        var refused = 0
        for _ in 0..<60 {
            var batch = MetricBatch()
            for _ in 0..<Int.random(in: 1...80, using: &random) {
                let chosen = keys.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
                let step = Int64.random(in: 0..<60, using: &random)
                let values = chosen.map { _ -> MetricValue in
                    [.real(.nan), .real(-0.0), .real(1.5), .integer(3), .real(3)].randomElement(using: &random)!
                }
                batch.add(values, shape: batch.addShape(Array(chosen)), step: step)
            }
            // Rows of one shape are stored together, in the order of the shapes; each of these has its own.
            for row in batch.rows {
                for (key, value) in zip(batch.shapes[row.shape], batch.values[row.start...]) {
                    if let kept = expected[key]?[row.step] {
                        if kept != value { refused += 1 }
                    } else {
                        expected[key, default: [:]][row.step] = value
                    }
                }
            }
            refused -= try store.metrics.add(batch, to: attempt).count
        }
        #expect(refused == 0, "seed \(seed)")
        for key in keys {
            let stored = try store.metrics.values(ofRun: attempt.run, key: key)
            #expect(
                Dictionary(uniqueKeysWithValues: stored.map { ($0.step, $0.value) }) == expected[key] ?? [:],
                "\(key), seed \(seed)")
        }
        #expect(try store.metrics.keys(ofRun: attempt.run) == expected.keys.sorted())
    }

    @Test func `of two numbers under one key at one step the first is kept`() throws {
        try log(7, [("loss", .real(1)), ("acc", .real(.nan))])
        let conflicts = try log(7, [("loss", .integer(1)), ("acc", .real(.nan)), ("other", .real(2))])
        #expect(conflicts.count == 1)
        #expect(
            conflicts.first == MetricConflict(key: "loss", step: 7, kept: .real(1), refused: .integer(1)))
        #expect(try numbers("loss") == [.real(1)])
        #expect(try numbers("other") == [.real(2)])
    }

    // MARK: - Places

    @Test func `keys with a prefix have a table of their own, and plain names`() throws {
        try log(0, [("train/loss", .real(0.5)), ("train/top-5 acc", .real(0.25)), ("lr", .integer(3))])
        try log(1, [("train/loss", .real(.nan)), ("train/grad/norm", .real(2))])
        #expect(
            try rows("SELECT step, loss, top_5_acc, grad_norm FROM train_steps ORDER BY step") == [
                [.integer(0), .real(0.5), .real(0.25), .null], [.integer(1), .null, .null, .real(2)],
            ])
        #expect(try rows("SELECT step, lr FROM logged_steps") == [[.integer(0), .integer(3)]])
        #expect(
            try rows("SELECT step_table, column_name, name FROM series WHERE role = 'metric' ORDER BY 1, position") == [
                [.text("logged_steps"), .text("lr"), .text("lr")],
                [.text("train_steps"), .text("loss"), .text("train/loss")],
                [.text("train_steps"), .text("top_5_acc"), .text("train/top-5 acc")],
                [.text("train_steps"), .text("grad_norm"), .text("train/grad/norm")],
            ])
        let metrics = try rows("SELECT step, name, value FROM metrics ORDER BY name, step")
        #expect(
            metrics == [
                [.integer(0), .text("lr"), .integer(3)], [.integer(1), .text("train/grad/norm"), .real(2)],
                [.integer(0), .text("train/loss"), .real(0.5)], [.integer(1), .text("train/loss"), .null],
                [.integer(0), .text("train/top-5 acc"), .real(0.25)],
            ])
    }

    @Test func `strange keys are stored under names of their own`() throws {
        let keys = [
            "run_id", "step", "ieee_bytes", "\"", "'; DROP TABLE runs; --", "😀", "", "/", "a//b", "1st", "é",
            "sqlite_x/y",
            "quadratic/loss", "steps", "runs/x", "metrics/y", "excess/z", String(repeating: "k", count: 500), "a\nb",
            "[x]",
            "train/Loss", "train/loss",
        ]
        for (step, key) in keys.enumerated() { try log(Int64(step), [(key, .integer(Int64(step)))]) }
        for (step, key) in keys.enumerated() { #expect(try numbers(key) == [.integer(Int64(step))], "\(key)") }
        #expect(try store.metrics.keys(ofRun: attempt.run) == keys.sorted())
        #expect(try rows("SELECT key FROM points") == [[.text("train/loss")]])
        store.close()

        // The file is one that the program knows.
        let again = try notebook.open(mustExist: true)
        #expect(try again.metrics.keys(ofRun: attempt.run) == keys.sorted())
        #expect(try again.maintenance.check(readsEverything: true) { _ in true }.isEmpty)
    }

    @Test func `beyond two hundred columns and fifty tables keys have their numbers in points`() throws {
        let wide = (0..<250).map { "wide/\($0)" }
        try log(0, wide.map { ($0, .real(1)) })
        #expect(try rows("SELECT count(*) FROM points") == [[.integer(50)]])
        try log(0, (0..<60).map { ("p\($0)/x", .real(2)) })
        #expect(try rows("SELECT count(*) FROM points") == [[.integer(61)]])
        #expect(
            try rows("SELECT count(*), sum(value) FROM metrics WHERE run_id = \(attempt.run)") == [
                [.integer(310), .real(370)]
            ])
        let reopened = try notebook.open(mustExist: true)
        #expect(try reopened.metrics.keys(ofRun: attempt.run).count == 310)
    }

    @Test func `a number in the name of a key is refused after twenty thousand of them`() throws {
        var batch = MetricBatch()
        batch.add([.real(1)], shape: batch.addShape(["loss"]), step: 0)
        for step in 0..<20_000 {
            batch.add([.real(1)], shape: batch.addShape(["loss \(step)"]), step: Int64(step))
        }
        do {
            try store.metrics.add(batch, to: attempt)
            Issue.record("20001 keys were taken")
        } catch {
            #expect(error.code == .tooManyKeys)
            #expect("\(error.message)".contains("more than 20000"))
        }
        #expect(try store.metrics.keys(ofRun: attempt.run) == [])
    }

    // MARK: - Writers

    @Test func `writers that add the same keys at once find one place for each`() async throws {
        let (notebook, run) = (notebook, attempt)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    let store = try notebook.open()
                    for round in 0..<10 {
                        var batch = MetricBatch()
                        let shape = batch.addShape(["new/\(round)", "own/\(writer)"])
                        batch.add([.integer(Int64(round)), .real(1)], shape: shape, step: Int64(writer))
                        try store.metrics.add(batch, to: run)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.metrics.keys(ofRun: attempt.run).count == 18)
        #expect(try rows("SELECT count(*) FROM new_steps") == [[.integer(8)]])
        #expect(try numbers("new/3") == Array(repeating: .integer(3), count: 8))
    }

    @Test func `an attempt that is not the run's own any more stores nothing`() throws {
        let old = RunAttempt(run: attempt.run, number: attempt.number - 1)
        var batch = MetricBatch()
        batch.add([.real(1)], shape: batch.addShape(["loss"]), step: 0)
        #expect(throws: TrackingError.self) { try store.metrics.add(batch, to: old) }
        #expect(try store.metrics.keys(ofRun: attempt.run) == [])
    }
}
