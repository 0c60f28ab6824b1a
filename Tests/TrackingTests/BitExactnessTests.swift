import TestRows
import TestSupport
import Testing
import Tracking

/// Every 64-bit pattern, and with it every NaN, comes back as it was.
struct BitExactnessTests {
    private static let special: [Double] = [
        -0.0, 0, .nan, -.nan, .signalingNaN, Double(nan: 0x1234, signaling: false), .infinity, -.infinity,
        .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 1, 9_007_199_254_740_992,
    ]
    private let store: Store
    private let notebook: Notebook

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
    }

    @Test(arguments: special)
    func `a step's numbers come back bit for bit, in whatever column`(value: Double) throws {
        let rows = (0..<6).map { column in
            QuadraticStep(step: column, reals: (0..<6).map { $0 == column ? value : 0.5 })
        }

        try expectStored(rows)
    }

    @Test(arguments: [UInt64](1...8))
    func `a step's random bits come back`(seed: UInt64) throws {
        var bits = SplitMix(seed: seed)

        try expectStored(
            (0..<500).map { step in
                QuadraticStep(step: step, reals: (0..<6).map { _ in Double(bitPattern: bits.next()) })
            })
    }

    @Test(arguments: special)
    func `a run's losses and parameters come back bit for bit`(value: Double) throws {
        let run = try store.startSampleRun()
        let parameters = [
            ParameterValues(name: "b", initial: value, final: 1), ParameterValues(name: "w", initial: 1, final: value),
            ParameterValues(name: "x", initial: 1, final: 2, average: value),
        ]

        try store.runs.finish(
            run.id, attempt: run.attempt,
            outcome: RunOutcome(
                state: .done, stepsDone: 1, finalLoss: value, bestLoss: 0.5, bestStep: 0, parameters: parameters))

        let stored = try store.runs.find(id: run.id)
        #expect([stored.finalLoss, stored.bestLoss].compactMap(\.self).bits == [value, 0.5].bits)
        #expect(try store.runs.parameters(ofRun: run.id).flatMap(\.bits) == parameters.flatMap(\.bits))
    }

    @Test(arguments: special)
    func `a listing shows them to the last bit, and sorts NaN as nothing`(value: Double) throws {
        let run = try store.startSampleRun()
        try store.write([.sample(0, loss: value), .sample(1, loss: 2), .sample(2, loss: value)], ofRun: run)
        try store.runs.finish(
            run.id, attempt: run.attempt,
            outcome: RunOutcome(
                state: .done, stepsDone: 3, initialLoss: value, finalLoss: value, bestLoss: value, bestStep: 0,
                parameters: [ParameterValues(name: "w", initial: 1, final: value, average: 3)]))
        var request = RunListingRequest()
        request.columns = ["initial_loss", "final_loss", "best_loss", "w", "loss@0", "first(loss)", "last(loss)"]
        request.sort = ["final_loss", "w"]

        let row = try store.runs.list(request) { _ in nil }.rows[0]

        for (column, shown) in zip(request.columns ?? [], row) {
            guard case .real(let number) = shown else {
                Issue.record("\(column) is \(shown)")
                continue
            }
            // SQLite has one NaN, which is none; the bytes keep the others.
            #expect(number.bitPattern == value.bitPattern, "\(column): \(number)")
        }
        request.filter = try RunFilter("final_loss\(value.isNaN ? "=" : "!=")none")
        #expect(try store.runs.list(request) { _ in nil }.rows.count == 1)
    }

    @Test(arguments: special)
    func `data come back bit for bit`(value: Double) throws {
        let id = try store.datasets.add(
            Dataset(
                contentHash: "h", kind: "csv", source: "", x: [value, 1], y: [2, value], yOffset: -0.0, optimum: nil,
                hessian: Dataset.Hessian(ww: 1, wb: -0.0, bb: 2)))

        let stored = try store.datasets.find(id: id)
        #expect((stored.x + stored.y).bits == [value, 1, 2, value].bits)
        #expect([stored.yOffset, stored.hessian.ww, stored.hessian.wb].bits == [-0.0, 1, -0.0].bits)
        #expect(stored.optimum == nil)
    }

    @Test
    func `plain SQL sees NULL for NaN, and bytes only where they are needed`() throws {
        let run = try store.startSampleRun()
        try store.write([.sample(0), .sample(1, loss: .nan)], ofRun: run)

        #expect(
            try store.query("SELECT loss, ieee_bytes IS NULL FROM quadratic_steps ORDER BY step").rows
                == [[.real(0.1), .integer(1)], [.null, .integer(0)]])
    }

    private func expectStored(_ rows: [QuadraticStep], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let run = try store.startSampleRun()
        try store.write(rows, ofRun: run)

        let stored = try store.steps.all(ofRun: run.id)
        #expect(stored.map(\.step) == rows.map(\.step), sourceLocation: sourceLocation)
        #expect(stored.flatMap(\.bits) == rows.flatMap(\.bits), sourceLocation: sourceLocation)
    }
}

extension QuadraticStep {
    fileprivate init(step: Int, reals: [Double]) {
        self.init(
            step: step, epoch: 0, loss: reals[0], learningRate: reals[1], w: reals[2], b: reals[3], gradW: reals[4],
            gradB: reals[5], elapsedNanoseconds: 1)
    }

    fileprivate var bits: [UInt64] { [loss, learningRate, w, b, gradW, gradB].bits }
}

extension ParameterValues {
    fileprivate var bits: [UInt64] { ([initial, final] + (average.map { [$0] } ?? [])).bits }
}
