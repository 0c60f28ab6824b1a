import Testing
import Theory

/// Excess, gradient and curvatures of a known surface.
struct LossSurfaceTests {
    private static let two = LossSurface(
        parameters: ["w", "b"], optimum: [2.97, 2.1], minimumLoss: 0.0033,
        hessian: [[0.4162693492761853, 0.6801346801346801], [0.6801346801346801, 2]], sampleCount: 100)
    /// Not diagonal in any two of its parameters, with the eigenvalues 1, 2 and 4: the directions are in thirds.
    private static let three = LossSurface(
        parameters: ["a", "b", "c"], optimum: [1, -2, 0.5], minimumLoss: 0,
        hessian: [[25.0 / 9, -10.0 / 9, 2.0 / 9], [-10.0 / 9, 22.0 / 9, -8.0 / 9], [2.0 / 9, -8.0 / 9, 16.0 / 9]],
        sampleCount: 8)

    @Test(arguments: LossKind.allCases, [(0.1, 0.2), (3.3, -1.7), (2.97, 2.1), (1e9, -1e-9), (-0.0, 1e-300)])
    func `two parameters have the bits of the formula written out`(loss: LossKind, point: (w: Double, b: Double)) {
        let (h, optimum) = (Self.two.hessian, Self.two.optimum ?? [])
        let (dw, db) = (point.w - optimum[0], point.b - optimum[1])
        let sum = h[0][0] * dw * dw + 2 * h[0][1] * dw * db + h[1][1] * db * db
        let scale = ["mse": 1, "half-mean": 0.5, "half-sum": 50][loss.rawValue] ?? .nan

        let excess = Self.two.excess(at: [point.w, point.b], loss: loss)

        #expect(excess?.bitPattern == (0.5 * scale * sum).bitPattern)
    }

    @Test
    func `the excess is exact far below the last digit of the loss`() {
        let excess = Self.two.excess(at: [2.97, 2.1 + 0x1p-45], loss: .mse)

        #expect(excess == 0x1p-90)
    }

    @Test(arguments: LossKind.allCases)
    func `the gradient is the slope of the excess`(loss: LossKind) throws {
        let (point, step) = ([0.3, 0.7, -1.1], 1e-6)
        let gradient = try #require(Self.three.gradient(at: point, loss: loss))

        for index in point.indices {
            var (low, high) = (point, point)
            low[index] -= step
            high[index] += step
            let below = try #require(Self.three.excess(at: low, loss: loss))
            let above = try #require(Self.three.excess(at: high, loss: loss))
            #expect(abs((above - below) / (2 * step) - gradient[index]) < 1e-7)
        }
    }

    @Test
    func `where the minimum is not unique there is neither excess nor gradient`() {
        let surface = LossSurface(
            parameters: ["w", "b"], optimum: nil, minimumLoss: nil, hessian: [[2, 2], [2, 2]], sampleCount: 3)

        #expect(surface.excess(at: [1, 2], loss: .mse) == nil)
        #expect(surface.gradient(at: [1, 2], loss: .mse) == nil)
        #expect(surface.minimum(loss: .mse) == nil)
        #expect(surface.curvature(loss: .halfSum) == (6, 0))
    }

    @Test(arguments: LossKind.allCases)
    func `a loss scales minimum, curvature and Hessian alike`(loss: LossKind) {
        let scale = loss.scale(sampleCount: 100)

        #expect(Self.two.minimum(loss: loss) == scale * 0.0033)
        #expect(Self.two.curvature(loss: loss).largest == scale * Self.two.eigensystem.largest)
        #expect(Self.two.scaledHessian(loss: loss)[0][1] == scale * 0.6801346801346801)
    }

    @Test
    func `eigenvalues of any size belong to their vectors`() {
        for surface in [Self.two, Self.three] {
            let eigen = surface.eigensystem
            for (value, vector) in zip(eigen.values, eigen.vectors) {
                let product = surface.hessian.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
                for (image, component) in zip(product, vector) { #expect(abs(image - value * component) < 1e-14) }
                #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-14)
            }
            #expect(eigen.values == eigen.values.sorted(by: >))
        }
        #expect(abs(Self.three.eigensystem.values.reduce(0, +) - 7) < 1e-14)
        #expect(abs(Self.three.eigensystem.values.reduce(1, *) - 8) < 1e-13)
    }

    @Test
    func `half the curvatures times the squared coordinates are the excess`() throws {
        let point = [4.0, 0.5, -3]
        let distance = zip(point, Self.three.optimum ?? []).map { $0 - $1 }
        let eigen = Self.three.eigensystem

        let coordinates = eigen.coordinates(of: distance)

        let sum = zip(eigen.values, coordinates).reduce(0) { $0 + 0.5 * $1.0 * $1.1 * $1.1 }
        let excess = try #require(Self.three.excess(at: point, loss: .mse))
        #expect(abs(sum - excess) < 1e-12)
        #expect(zip(eigen.vector(coordinates: coordinates), distance).allSatisfy { abs($0 - $1) < 1e-13 })
        #expect(eigen.steepest(of: distance) == coordinates[0])
    }

    @Test
    func `a single parameter is its own direction`() {
        let line = LossSurface(parameters: ["a"], optimum: [1], minimumLoss: 0, hessian: [[3]], sampleCount: 2)

        #expect(line.excess(at: [3], loss: .mse) == 6)
        #expect(line.eigensystem.coordinates(of: [2]) == [2])
    }
}
