import TestRows
import TestSupport
import Testing
import Theory
import Tracking

@testable import Reports

/// Theory against runs whose gradients are right, and against runs whose gradients are wrong.
struct TheoryTests {
    /// Full-batch descent on `Dataset.line()`, by plain sums over its three points, with gradients times `factor`.
    private func checks(
        factor: Double = 1, momentum: Double = 0, nesterov: Bool = false, learningRate: Double = 0.2,
        stepCount: Int = 60, start: (w: Double, b: Double) = (0.5, -0.25), isSingle: Bool = false
    ) throws -> [TheoryCheck] {
        let run = SampleRun(
            learningRate: learningRate, momentum: momentum, nesterov: nesterov, stepCount: stepCount,
            dtype: isSingle ? "float32" : "float64")
        return try checks([run]) { run in
            isSingle
                ? Self.rows(of: run, from: (Float(start.w), Float(start.b)), factor: Float(factor))
                : Self.rows(of: run, from: start, factor: factor)
        }
    }

    private func checks(_ runs: [SampleRun], _ steps: @escaping (SampleRun) -> [QuadraticStep]) throws -> [TheoryCheck]
    {
        let notebook = try SampleNotebook()
        try notebook.addSweep(runs, steps: steps)
        let data = try notebook.data()
        return TheoryCheck.all(data, RateSeries.all(data, ReportMeasure(of: data.runs, isTargetAsked: false)))
    }

    /// Every step of a run and the parameters after its last one, in the number type of its start.
    static func rows<Scalar: BinaryFloatingPoint>(
        of run: SampleRun, from start: (w: Scalar, b: Scalar), factor: Scalar = 1,
        points: () -> [(Scalar, Scalar)] = { [(1, 5), (0, 2), (1, 5.5)] }
    ) -> [QuadraticStep] {
        let (rate, momentum) = (Scalar(run.learningRate), Scalar(run.momentum ?? 0))
        var ((w, b), mw, mb) = (start, Scalar(0), Scalar(0))
        return (0...run.stepCount).map { step in
            let points = points()
            let count = Scalar(points.count)
            let (gw, gb) = points.reduce((Scalar(0), Scalar(0))) { sum, point in
                let residual = w * point.0 + b - point.1
                return (sum.0 + 2 * residual * point.0 / count, sum.1 + 2 * residual / count)
            }
            let row = QuadraticStep(
                step: step, epoch: step, loss: 1, learningRate: run.learningRate, w: Double(w), b: Double(b),
                gradW: Double(factor * gw), gradB: Double(factor * gb), elapsedNanoseconds: step)
            mw = momentum * mw + factor * gw
            mb = momentum * mb + factor * gb
            w -= rate * (run.nesterov ? factor * gw + momentum * mw : mw)
            b -= rate * (run.nesterov ? factor * gb + momentum * mb : mb)
            return row
        }
    }

    @Test(arguments: [(0, false), (0.5, false), (0.5, true), (0.9, false)])
    func `descent is what theory says, step by step`(momentum: Double, nesterov: Bool) throws {
        let checks = try checks(momentum: momentum, nesterov: nesterov)

        #expect(
            Set(checks.map(\.quantity)).isSuperset(of: ["largest error of a gradient", "length of the first step of w"])
        )
        #expect(checks.contains { $0.quantity.hasPrefix("excess after") })
        #expect(checks.contains { $0.quantity == "decades per step" } == (momentum == 0))
        #expect(checks.filter { !$0.passes } == [])
    }

    @Test(arguments: [2, 0.5, 1 + 1e-6])
    func `a wrong factor in a gradient fails every check that it touches`(factor: Double) throws {
        let checks = try checks(factor: factor)

        #expect(checks.count >= 3)
        let failed = checks.filter { !$0.passes }
        #expect(failed.contains { $0.quantity == "largest error of a gradient" })
        #expect(failed.contains { $0.quantity == "length of the first step of w" })
        #expect(failed.contains { $0.quantity.hasPrefix("excess after") })
    }

    @Test(arguments: [(0.002, 1300, false), (0.001, 2500, false), (0.0005, 4600, false), (0.002, 8000, true)])
    func `a rate per step is compared once the slowest mode alone is left`(
        learningRate: Double, stepCount: Int, isLeft: Bool
    ) throws {
        let checks = try checks(learningRate: learningRate, stepCount: stepCount)

        #expect(checks.contains { $0.quantity == "decades per step" } == isLeft)
        #expect(checks.filter { !$0.passes } == [])
    }

    @Test(arguments: [0.0005, 0.004, 0.05, 0.3, 0.6, 0.7], [40, 600, 5000])
    func `what 32-bit numbers cannot hold is compared with nothing`(learningRate: Double, stepCount: Int) throws {
        for start in [(0.5, -0.25), (3.3, 1.9), (-2e5, 7e5)] {
            let checks = try checks(
                learningRate: learningRate, stepCount: stepCount, start: start, isSingle: true)

            #expect(checks.contains { $0.quantity.hasPrefix("excess after") })
            #expect(checks.filter { !$0.passes } == [])
            for check in checks where check.quantity.hasPrefix("excess") {
                #expect(check.theory > LossSurface.smallestMeaningfulExcess(isSinglePrecision: true))
            }
        }
    }

    @Test(arguments: [1.001, 0.999])
    func `in 32-bit numbers a wrong factor is seen, too`(factor: Double) throws {
        let failed = try checks(factor: factor, isSingle: true).filter { !$0.passes }

        #expect(failed.contains { $0.quantity.hasPrefix("excess after") })
    }

    @Test
    func `a start at the minimum has no first step to compare`() throws {
        let checks = try checks(start: (3.25 + 1e-15, 2), isSingle: false)

        #expect(checks.filter { !$0.passes } == [])
    }

    @Test
    func `a run that a rule stopped has made one update less than steps`() throws {
        var run = SampleRun(stepCount: 60)
        (run.stopReason, run.stoppedAfter) = ("loss <= 1", 5)
        let rows = Self.rows(of: run, from: (0.5, -0.25))

        let checks = try checks([run]) { _ in Array(rows[0..<5]) + [rows[4]] }

        #expect(checks.contains { $0.quantity == "excess after 4 steps" })
        #expect(checks.filter { !$0.passes } == [])
    }

    /// Descent on one random point a step, from this start.
    private func floors(learningRate: Double, stepCount: Int, start: (Double, Double)) throws -> [TheoryCheck] {
        let runs = (1...8).map { seed in
            SampleRun(
                learningRate: learningRate, batchSize: "1", seed: seed, stepCount: stepCount, sampling: "iid")
        }
        return try checks(runs) { run in
            var random = SplitMix(seed: UInt64(run.seed))
            let points = [(1.0, 5.0), (0, 2), (1, 5.5)]
            return Self.rows(of: run, from: start) { [points[Int(random.next() >> 33) % 3]] }
        }.filter { $0.quantity == "noise floor" }
    }

    @Test
    func `a noise floor is compared once nothing is left of the start`() throws {
        let near = try floors(learningRate: 0.02, stepCount: 8000, start: (0.5, -0.25))
        let far = try floors(learningRate: 0.02, stepCount: 8000, start: (1e25, 0))

        // Of the far start 1e40 floors are left at the middle, 23 decades below where it began.
        #expect(near.map(\.passes) == [true])
        #expect(far == [])
    }

    @Test
    func `a first step that rounding decides says nothing`() throws {
        let checks = try checks(learningRate: 1e-16)

        #expect(checks.allSatisfy { !$0.quantity.hasPrefix("length") && $0.passes })
        #expect(checks.contains { $0.quantity.hasPrefix("excess") })
    }

    @Test
    func `learning rates far apart say nothing of an edge between them`() throws {
        let edges = try [[0.5, 0.9], [0.1, 9]].map { rates in
            try checks(rates.map { SampleRun(learningRate: $0) }) { Self.rows(of: $0, from: (0.5, -0.25)) }.filter {
                $0.quantity == "largest stable lr"
            }
        }

        #expect(edges[0].map(\.passes) == [true])
        #expect(edges[1] == [])
    }

    @Test
    func `a learning rate so little above the edge that nothing could grow says nothing of the edge`() throws {
        let runs = [0.3, 0.66, 0.9].map { SampleRun(learningRate: $0) }
        let checks = try checks(runs) { Self.rows(of: $0, from: (0.5, -0.25)) }.filter {
            $0.quantity == "largest stable lr"
        }

        #expect(checks.map(\.passes) == [true])
    }

    @Test(arguments: [
        (SampleRun(learningRate: 5, ending: .diverged(at: 9), factor: 3), "lr above the edge"),
        (SampleRun(learningRate: 0.1, ending: .diverged(at: 9), factor: 3), "against theory"),
        (SampleRun(learningRate: 5, batchSize: "1", ending: .diverged(at: 9), factor: 3), "lr above the edge"),
        (SampleRun(learningRate: 0.6, batchSize: "1", ending: .diverged(at: 9), factor: 3), "noise of the batches"),
        (SampleRun(optimizer: "adam", momentum: nil, ending: .diverged(at: 9), factor: 3), "unknown (no closed form)"),
    ])
    func `a divergence has a cause, as far as theory knows`(run: SampleRun, cause: String) throws {
        let notebook = try SampleNotebook()
        let objective = try #require(Objective(.line(), of: run.plan(dataset: 1)))
        try notebook.addSweep([run]) { run in
            run.steps(pace: 1).map { step in
                let gradient = objective.gradient(at: [step.w, step.b]) ?? [0, 0]
                return QuadraticStep(
                    step: step.step, epoch: step.epoch, loss: step.loss, learningRate: step.learningRate, w: step.w,
                    b: step.b, gradW: gradient[0], gradB: gradient[1], elapsedNanoseconds: 0)
            } + run.steps(pace: 1).suffix(1)
        }

        let reported = try #require(try notebook.data().runs.first)

        #expect(DivergenceSection.words(reported.classification) == cause)
        #expect(try notebook.markdown().contains("| \(cause) |"))
    }

    @Test
    func `a gradient that is wrong is the cause before all others`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(learningRate: 5, ending: .diverged(at: 9), factor: 3)])

        let reported = try #require(try notebook.data().runs.first)

        #expect(reported.classification == .wrongGradient)
    }
}
