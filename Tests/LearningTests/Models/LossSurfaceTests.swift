import Learning
import TestModels
import Testing
import Theory

/// The exact optimum and Hessian of models that are linear in their parameters.
struct LossSurfaceTests {
    /// The formulas of the quadratic model, by whose bits stored optima are compared.
    private static func closedForm(_ data: TrainingData) -> (w: Double, b: Double, loss: Double, hessian: [Double]) {
        let features = data.x.map { $0 * $0 }
        let count = Double(data.count)
        let meanFeature = features.reduce(0, +) / count
        let meanY = data.y.reduce(0, +) / count
        var (variance, covariance, squares) = (0.0, 0.0, 0.0)
        for (feature, y) in zip(features, data.y) {
            variance += (feature - meanFeature) * (feature - meanFeature)
            covariance += (feature - meanFeature) * (y - meanY)
        }
        let w = covariance / variance
        let b = meanY - w * meanFeature
        for (feature, y) in zip(features, data.y) {
            let residual = w * feature + b - y
            squares += residual * residual
        }
        let mixed = 2 / count * features.reduce(0, +)
        return (w, b, squares / count, [2 / count * features.reduce(0) { $0 + $1 * $1 }, mixed, mixed, 2])
    }

    @Test(arguments: [1, 3, 49, 100, 1001], [0, 5, 77])
    func `the quadratic model's surface has the bits of its closed formulas`(samples: Int, seed: Int64) throws {
        var spec = RunSpec()
        spec.data = .chapter(samples: samples + 1, noise: 0.7, seed: seed)
        spec.batchSize = .full
        let data = try TrainingData.chapter(for: spec.configuration())
        try #require(Set(data.x.map { $0 * $0 }).count > 1 || samples == 1)

        let surface = try #require(ModelConfiguration.quadratic.lossSurface(of: data))

        let expected = Self.closedForm(data)
        #expect(surface.parameters == ["w", "b"])
        #expect(surface.hessian.flatMap { $0 } == expected.hessian)
        if samples == 1 {
            #expect(surface.optimum == nil)
        } else {
            #expect(surface.optimum == [expected.w, expected.b])
            #expect(surface.minimumLoss == expected.loss)
        }
    }

    @Test(arguments: ["series", "tensor-series"])
    func `the coefficients of a curve are found again`(model: String) throws {
        let coefficients = [0.75, -2, 0.125, 5]
        let x = (0..<30).map { Double($0) / 8 - 1.5 }
        let data = TrainingData(
            x: x, y: x.map { x in coefficients.reversed().reduce(0) { $0 * x + $1 } })

        let surface = try #require(TestModels.model("\(model):degree=3").lossSurface(of: data))

        let optimum = try #require(surface.optimum)
        #expect(zip(optimum, coefficients).allSatisfy { abs($0 - $1) < 1e-13 }, "\(optimum)")
        #expect(try #require(surface.minimumLoss) < 1e-26)
        #expect(surface.hessian[0][0] == 2)
        #expect(surface.hessian[1][2] == surface.hessian[2][1])
        #expect(abs(surface.hessian[1][2] - 2 / 30 * x.reduce(0) { $0 + $1 * $1 * $1 }) < 1e-12)
    }

    @Test
    func `at the optimum the gradient over all data vanishes`() throws {
        let model = try TestModels.model("series:degree=5")
        let surface = try #require(model.lossSurface(of: ModelTests.data))
        let optimum = try #require(surface.optimum)

        let row = ModelTests.plainDescent(from: optimum, learningRate: 0, steps: 1)[0]

        #expect(row[8...].allSatisfy { abs($0) < 1e-13 }, "\(row)")
        #expect(abs(row[0] - (surface.minimumLoss ?? 0)) < 1e-15)
    }

    @Test
    func `too few different samples leave the optimum open`() throws {
        let data = TrainingData(x: [0, 1, 2, 1], y: [1, 2, 3, 4])

        #expect(try TestModels.model("series:degree=2").lossSurface(of: data)?.optimum != nil)
        #expect(try TestModels.model("series:degree=3").lossSurface(of: data)?.optimum == nil)
        #expect(try TestModels.model("exponential").lossSurface(of: data) == nil)
    }
}
