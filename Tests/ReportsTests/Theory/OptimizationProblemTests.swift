import TestRows
import Testing
import Theory
import Tracking

@testable import Reports

struct OptimizationProblemTests {
    /// The chapter's x = linspace(-1, 1, 100): S2 = 10100/297, S4 = 60585860/2910897.
    static let chapter = Dataset(
        contentHash: "chapter", kind: "chapter", source: "", x: Array(repeating: 0, count: 100),
        y: Array(repeating: 0, count: 100), optimum: Dataset.Optimum(w: 3, b: 2, loss: 0.5),
        hessian: Dataset.Hessian(
            ww: 2 * 60_585_860 / 2_910_897 / 100, wb: 2 * 10_100.0 / 297 / 100, bb: 2))

    private func problem(_ loss: String) -> OptimizationProblem {
        var run = SampleRun().plan(dataset: 1)
        run.loss = loss
        return OptimizationProblem(Self.chapter, of: run)
    }

    @Test(arguments: [
        ("half-sum", 112.59949847550735, 8.213968988301927, 0.01776206845570489),
        ("mse", 2.251989969510147, 0.16427937976603854, 0.8881034227852446),
        ("half-mean", 1.1259949847550734, 0.08213968988301927, 1.7762068455704891),
    ])
    func `the curvatures of the chapter's problem are known exactly`(
        loss: String, largest: Double, smallest: Double, edge: Double
    ) throws {
        let curvature = try #require(problem(loss).curvature)

        #expect(abs(curvature.largest / largest - 1) < 1e-14)
        #expect(abs(curvature.smallest / smallest - 1) < 1e-14)
        #expect(abs(2 / curvature.largest / edge - 1) < 1e-14)
        #expect(abs(curvature.largest / curvature.smallest / 13.708293595443076 - 1) < 1e-14)
    }

    @Test(arguments: [("mse", 1), ("half-mean", 0.5), ("half-sum", 50)])
    func `minimum and excess are those of the run's own loss`(loss: String, scale: Double) throws {
        let problem = problem(loss)

        #expect(problem.minimumLoss == scale * 0.5)
        #expect(problem.excess(at: [3, 2]) == 0)
        #expect(try #require(problem.excess(at: [3, 2.5])) == scale * 0.25)
    }

    @Test
    func `the excess stays exact where a difference of losses would not`() throws {
        let excess = try #require(problem("mse").excess(at: [3, 2 + 0x1p-40]))

        #expect(excess == 0x1p-80)
    }

    @Test(
        arguments: [
            (SampleRun(), 2), (SampleRun(momentum: 0.9), 3.8), (SampleRun(momentum: 0.5, nesterov: true), 1.5),
            (SampleRun(batchSize: "2"), nil), (SampleRun(optimizer: "adam", momentum: nil), nil),
            (SampleRun(field: #""schedule":{"kind":"cosine"}"#), nil),
            (SampleRun(field: #""clipping":{"norm":1}"#), nil),
        ] as [(SampleRun, Double?)])
    func `the edge of stability is known for full batches of descent with momentum`(
        run: SampleRun, bound: Double?
    ) throws {
        let notebook = try SampleNotebook()
        let id = try notebook.addRun(run)

        #expect(try notebook.data(on: .runs([id])).runs[0].method.fullBatchEdge == bound)
    }

    @Test
    func `fields of a configuration are flat, whatever they are called`() {
        let fields = ConfigurationFields(
            json: #"{"a":{"b":[1,0.25,true],"c":null},"name":"x","seed":9007199254740993}"#)

        #expect(
            fields.values == [
                "a.b.0": "1", "a.b.1": "0.25", "a.b.2": "true", "a.c": "null", "name": "x", "seed": "9007199254740993",
            ])
    }

    @Test(arguments: [
        ("optimizer.name", "optimizer"), ("optimizer.lr", "lr"), ("optimizer.hyperparameters.beta1", "beta1"),
        ("data.seed", "data.seed"), ("steps", "steps"),
    ])
    func `only an optimizer's settings lose their path`(name: String, label: String) {
        #expect(ConfigurationFields.label(of: name) == label)
    }
}
