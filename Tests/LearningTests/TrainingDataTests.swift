import Learning
import TestSupport
import Testing
import Theory

/// Data and their exact least-squares answer.
struct TrainingDataTests {
    struct LinspaceCase: Decodable, Sendable {
        let start: Double
        let end: Double
        let steps: Int?
        let num: Int?
        let dtype: String?
        let values: [Double]
    }

    private struct LinspaceFile: Decodable {
        let torch: [LinspaceCase]
        let numpy: [LinspaceCase]

        enum CodingKeys: String, CodingKey {
            case torch = "linspace_torch"
            case numpy = "linspace_numpy"
        }
    }

    private static let linspaces: LinspaceFile = try! Golden.load("rng.json")

    @Test(arguments: linspaces.torch)
    func `torch's linspace is bit-exact`(_ linspace: LinspaceCase) throws {
        let count = try #require(linspace.steps)
        let values =
            linspace.dtype == "f32"
            ? Linspace.torch(from: Float(linspace.start), through: Float(linspace.end), count: count).map(Double.init)
            : Linspace.torch(from: linspace.start, through: linspace.end, count: count)

        #expect(values.bits == linspace.values.bits)
    }

    @Test(arguments: linspaces.numpy)
    func `NumPy's linspace is bit-exact`(_ linspace: LinspaceCase) throws {
        let values = Linspace.numpy(from: linspace.start, through: linspace.end, count: try #require(linspace.num))

        #expect(values.bits == linspace.values.bits)
    }

    @Test(arguments: [
        (seed: Int64(100), w: 2.991342836041702, b: 2.097417377063676, mse: 0.003339188196393716),
        (seed: 1, w: 2.99240650903687, b: 2.099757883793686, mse: 0.0034615580938717936),
    ])
    func `the chapter's data have the known least-squares answer`(seed: Int64, w: Double, b: Double, mse: Double) throws
    {
        var request = RunSpec()
        request.changeChapter(seed: seed)

        let data = try TrainingData.chapter(for: request.configuration())

        let answer = try #require(ModelConfiguration.quadratic.lossSurface(of: data))

        let optimum = try #require(answer.optimum)
        #expect(abs(optimum[0] - w) < 1e-13)
        #expect(abs(optimum[1] - b) < 1e-13)
        #expect(abs(try #require(answer.minimumLoss) - mse) < 1e-15)
        // The mean squared error over linspace(-1, 1, 100), in exact rationals: 2 S4/N, 2 S2/N, 2.
        #expect(abs(answer.hessian[0][0] - 0.4162693492761853) < 1e-15)
        #expect(abs(answer.hessian[0][1] - 0.6801346801346801) < 1e-15)
        #expect(answer.hessian[1][1] == 2)
    }

    @Test
    func `data without spread in x have no single optimum`() {
        let answer = ModelConfiguration.quadratic.lossSurface(of: TrainingData(x: [1, -1, 1], y: [1, 2, 3]))

        #expect(answer != nil)
        #expect(answer?.optimum == nil)
    }

    @Test
    func `scaling is undone in the file's units`() {
        let x = [4.0, 7, 10, 25]
        let curve = { (w: Double, b: Double, x: Double) in w * x * x + b }
        let y = x.map { curve(0.125, 9, $0) }
        let scaling = Scaling.normalizing(x: x, y: y)

        let scaled = scaling.applied(x: x, y: y)
        let optimum = ModelConfiguration.quadratic.lossSurface(of: scaled)?.optimum
        let original = optimum.map { scaling.units.original($0, of: PowerFeatures(powers: [2, 0])) }

        #expect(scaled.x.max() == 1)
        #expect(abs(scaled.y.reduce(0, +)) < 1e-12)
        #expect(abs((original?[0] ?? 0) - 0.125) < 1e-14)
        #expect(abs((original?[1] ?? 0) - 9) < 1e-12)
    }
}
