import TestSupport
import Testing

@testable import Tracking

/// Logged numbers side by side, in summaries and as curves.
@Suite(.timeLimit(.minutes(5)))
struct MetricReadingTests {
    private let recorded: RecordedNotebook

    init() throws {
        recorded = try RecordedNotebook()
    }

    @Test
    func `rows of all tables are merged by step, as a dictionary merges them`() throws {
        let seed = TestTier.seed
        var random = SplitMix(seed: seed)
        // Two are equal but for case, so that one is in `points`.
        let keys = ["loss", "Loss", "val/loss", "train/loss", "LOSS", "x/y/z"]
        var expected: [Int64: [MetricValue?]] = [:]
        var steps: [(step: Int64, values: [(String, MetricValue)])] = []
        for step in Array(Int64(0)..<200).shuffled(using: &random) {
            let own = keys.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)).map {
                ($0, Bool.random(using: &random) ? MetricValue.real(Double(bitPattern: random.next())) : .integer(step))
            }
            steps.append((step, own))
            expected[step] = keys.map { key in own.first { $0.0 == key }?.1 }
        }
        let run = try recorded.add(steps: steps)

        var read: [Int64: [MetricValue?]] = [:]
        var order: [Int64] = []
        try recorded.store.metrics.forEachRow(ofRun: run.id, keys: keys) { row in
            read[row.step] = row.values
            order.append(row.step)
        }

        #expect(order == order.sorted())
        #expect(read == expected, "seed \(seed)")
        var some: [Int64] = []
        try recorded.store.metrics.forEachRow(ofRun: run.id, keys: ["LOSS", "loss"], in: 50...60) {
            some.append($0.step)
        }
        #expect(some == (50...60).filter { expected[$0]?[0] != nil || expected[$0]?[4] != nil }, "seed \(seed)")
    }

    @Test
    func `a summary counts, and knows where the extremes are`() throws {
        let run = try recorded.add(steps: [
            (3, [("loss", .real(2)), ("n", .integer(.max))]), (4, [("loss", .real(.nan)), ("n", .integer(.max - 1))]),
            (7, [("loss", .real(-.infinity)), ("Loss", .real(5))]), (8, [("loss", .real(2)), ("Loss", .real(5))]),
        ])

        let found = try recorded.store.metrics.summaries(ofRun: run.id)

        #expect(found.map(\.key) == ["Loss", "loss", "n"])
        let loss = found[1]
        #expect(loss.count == 4 && loss.notANumberCount == 1)
        #expect(loss.first.step == 3 && loss.last.step == 8)
        #expect(loss.minimum?.step == 7 && loss.minimum?.value == .real(-.infinity))
        #expect(loss.maximum?.step == 3, "the first of equal ones")
        #expect(found[0].maximum?.step == 7 && found[0].best?.step == 7)
        #expect(found[2].minimum?.value == .integer(.max - 1) && found[2].best == nil)
        let latest = try recorded.store.metrics.latest(ofRun: run.id)
        #expect(latest.map(\.key) == ["Loss", "loss", "n"])
        #expect(latest.map(\.place.step) == [8, 8, 4])
    }

    @Test
    func `a curve of many steps is thinned out and keeps its ends`() throws {
        let run = try recorded.add(steps: (0..<5000).map { (Int64($0), [("loss", .integer(Int64($0)))]) })

        let curve = try recorded.store.metrics.curve(ofRun: run.id, key: "loss", most: 100)

        #expect((100...201).contains(curve.count))
        #expect(curve.first?.step == 0 && curve.last?.step == 4999)
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.step < $1.step })
        #expect(try recorded.store.metrics.curve(ofRun: run.id, key: "nothing").isEmpty)
    }

    @Test(arguments: [
        ("val/loss", MetricGoal.min), ("train/ce_loss", .min), ("valLoss", .min), ("val/acc", .max),
        ("top1_accuracy", .max),
        ("lr", nil), ("accumulated", nil), ("", nil), ("eval/F1", .max), ("error_rate", .min),
    ])
    func `a key's words say whether more is better`(key: String, goal: MetricGoal?) {
        #expect(MetricGoal(key: key) == goal)
    }
}
