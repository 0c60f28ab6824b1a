import TestRows
import Testing
import Theory
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
        return TheoryCheck.all(data, RateSeries.all(data, ReportMeasure(of: data.runs, isTargetAsked: false)))
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
