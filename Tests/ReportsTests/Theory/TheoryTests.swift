import Testing
import Tracking

@testable import Reports

/// Theory against runs whose gradients are right, and against runs whose gradients are wrong.
struct TheoryTests {
    /// Full-batch descent on `Dataset.line()`, by plain sums over its three points, with gradients times `factor`.
    private func checks(
        factor: Double = 1, momentum: Double = 0, nesterov: Bool = false, learningRate: Double = 0.2
    ) throws -> [TheoryCheck] {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            [SampleRun(learningRate: learningRate, momentum: momentum, nesterov: nesterov, stepCount: 60)]
        ) { run in
            var (w, b, mw, mb) = (0.5, -0.25, 0.0, 0.0)
            let points = [(1.0, 5.0), (0, 2), (1, 5.5)]
            return (0...run.stepCount).map { step in
                let (gw, gb) = points.reduce((0.0, 0.0)) { sum, point in
                    let residual = w * point.0 + b - point.1
                    return (sum.0 + 2 * residual * point.0 / 3, sum.1 + 2 * residual / 3)
                }
                let row = QuadraticStep(
                    step: step, epoch: step, loss: 1, learningRate: learningRate, w: w, b: b, gradW: factor * gw,
                    gradB: factor * gb, elapsedNanoseconds: step)
                mw = momentum * mw + row.gradW
                mb = momentum * mb + row.gradB
                w -= learningRate * (nesterov ? row.gradW + momentum * mw : mw)
                b -= learningRate * (nesterov ? row.gradB + momentum * mb : mb)
                return row
            }
        }
        let data = try notebook.data()
        return TheoryCheck.all(data, RateSeries.all(data))
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

    @Test
    func `descent with the best rate shrinks as the literature says`() throws {
        let problem = Problem(ProblemTests.chapter, of: SampleRun().plan(dataset: 1))

        let rate = try #require(Descent(learningRate: 0.8277222903974333).rate(on: problem))

        #expect(abs(rate - 0.8640222955149848) < 1e-14)
    }

    @Test(arguments: [(0.887, true), (0.889, false)])
    func `descent shrinks below the edge and grows above it`(learningRate: Double, shrinks: Bool) throws {
        let problem = Problem(ProblemTests.chapter, of: SampleRun().plan(dataset: 1))

        let excesses = try #require(
            Descent(learningRate: learningRate).excesses(on: problem, from: (3.3, 2.9), after: [0, 5000]))

        #expect((excesses[1] < excesses[0]) == shrinks)
        let start = try #require(problem.excess(w: 3.3, b: 2.9))
        #expect(abs(excesses[0] - start) < 1e-15)
    }

    @Test
    func `the noise floor tends to the textbook's limit for small rates`() throws {
        let problem = Problem(Dataset.line(), of: SampleRun().plan(dataset: 1))
        // Residuals at the minimum: 0.25, 0, -0.25 at φ = 1, 0, 1; tr C = mean of (2r)²(φ² + 1).
        let trace = (0.25 * 2 + 0.25 * 2) / 3.0
        let (rate, batch) = (1e-6, 4)

        let floor = try #require(NoiseFloor.excess(on: problem, learningRate: rate, batchSize: batch))

        #expect(abs(floor / (rate * trace / Double(4 * batch)) - 1) < 1e-5)
    }

    @Test
    func `a rate that noise makes unstable has no floor`() {
        let problem = Problem(Dataset.line(), of: SampleRun().plan(dataset: 1))

        #expect(NoiseFloor.excess(on: problem, learningRate: 0.3, batchSize: 1) != nil)
        #expect(NoiseFloor.excess(on: problem, learningRate: 0.9, batchSize: 1) == nil)
    }

    @Test
    func `the noise floor is the mean of many simulated runs`() throws {
        let problem = Problem(Dataset.line(), of: SampleRun().plan(dataset: 1))
        let points = [(1.0, 5.0), (0, 2), (1, 5.5)]
        var state: UInt64 = 7
        var (w, b, sum) = (3.25, 2.0, 0.0)
        for step in 0..<400_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let (phi, y) = points[Int(state >> 33) % 3]
            let residual = w * phi + b - y
            (w, b) = (w - 0.1 * 2 * residual * phi, b - 0.1 * 2 * residual)
            if step >= 1000 { sum += problem.excess(w: w, b: b) ?? .nan }
        }

        let floor = try #require(NoiseFloor.excess(on: problem, learningRate: 0.1, batchSize: 1))

        #expect(abs(sum / 399_000 / floor - 1) < 0.03)
    }

    @Test(arguments: [
        (SampleRun(learningRate: 5, ending: .diverged(at: 9), factor: 3), "lr above the edge"),
        (SampleRun(learningRate: 0.1, ending: .diverged(at: 9), factor: 3), "against theory"),
        (SampleRun(learningRate: 5, batchSize: "1", ending: .diverged(at: 9), factor: 3), "lr above the edge"),
        (SampleRun(learningRate: 0.6, batchSize: "1", ending: .diverged(at: 9), factor: 3), "noise of the batches"),
        (SampleRun(optimizer: "adam", momentum: nil, ending: .diverged(at: 9), factor: 3), "no theory here"),
    ])
    func `a divergence has a cause, as far as theory knows`(run: SampleRun, cause: String) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([run]) { run in
            run.steps(pace: 1).map { step in
                let gradient = Problem(.line(), of: run.plan(dataset: 1)).gradient(w: step.w, b: step.b) ?? (0, 0)
                return QuadraticStep(
                    step: step.step, epoch: step.epoch, loss: step.loss, learningRate: step.learningRate, w: step.w,
                    b: step.b, gradW: gradient.0, gradB: gradient.1, elapsedNanoseconds: 0)
            } + run.steps(pace: 1).suffix(1)
        }

        let reported = try #require(try notebook.data().runs.first)

        #expect(DivergenceCause(reported).rawValue == cause)
        #expect(try notebook.markdown().contains("| \(cause) |"))
    }

    @Test
    func `a gradient that is wrong is the cause before all others`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(learningRate: 5, ending: .diverged(at: 9), factor: 3)])

        let reported = try #require(try notebook.data().runs.first)

        #expect(DivergenceCause(reported) == .wrongGradient)
    }
}
