import TestRows
import Testing
import Theory
import Tracking

@testable import Learning
@testable import Reports

/// Formulas that more than one module needs: each has its own, and they must agree to the last bit.
struct AgreementTests {
    private static let data = TrainingData(
        x: [-1.25, -0.5, 0.1, 0.7, 1.3], y: [7.1, 2.9, 2.2, 3.6, 6.9],
        scaling: Scaling(xDivisor: 3.7, yDivisor: 1.9, yOffset: 0.3))

    private static func surface() throws -> LossSurface {
        try #require(ModelConfiguration.quadratic.lossSurface(of: data))
    }

    private static func problem(_ loss: LossKind) throws -> OptimizationProblem {
        let surface = try surface()
        let dataset = Dataset(
            contentHash: "five", kind: "csv", source: "", x: data.x, y: data.y, xDivisor: data.scaling.xDivisor,
            yDivisor: data.scaling.yDivisor, yOffset: data.scaling.yOffset,
            optimum: surface.optimum.map { Dataset.Optimum(w: $0[0], b: $0[1], loss: surface.minimumLoss ?? .nan) },
            hessian: Dataset.Hessian(ww: surface.hessian[0][0], wb: surface.hessian[0][1], bb: surface.hessian[1][1]))
        var run = SampleRun().plan(dataset: 1)
        run.loss = loss.rawValue
        return OptimizationProblem(dataset, of: run)
    }

    @Test(arguments: LossKind.allCases, [(0.1, 0.2), (3.3, -1.7), (2.9, 2.05), (1e9, -1e-9)])
    func `a report's excess is training's`(loss: LossKind, point: (w: Double, b: Double)) throws {
        let trained = try Self.surface().excess(at: [point.w, point.b], loss: loss)

        #expect(try Self.problem(loss).excess(at: [point.w, point.b])?.bitPattern == trained?.bitPattern)
    }

    @Test(arguments: [(0.1, 0.2), (3.3, -1.7)])
    func `a report's original units undo training's scaling`(point: (w: Double, b: Double)) throws {
        let scaling = Self.data.scaling
        let trained = (
            w: scaling.yDivisor * point.w / (scaling.xDivisor * scaling.xDivisor),
            b: scaling.yDivisor * point.b + scaling.yOffset
        )
        let reported = try #require(try Self.problem(.mse).originalUnits([point.w, point.b]))

        #expect(reported.map(\.bitPattern) == [trained.w, trained.b].map(\.bitPattern))
    }
}
