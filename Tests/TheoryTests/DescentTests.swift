import TestSupport
import Testing

@testable import Theory

/// Descent, noise floor and mean squares against the literature, closed forms and simulation.
struct DescentTests {
    private static func objective(
        _ optimum: [Double], _ minimum: Double, _ hessian: [[Double]], x: [Double], y: [Double]
    ) -> Objective {
        Objective(
            LossSurface(
                parameters: ["w", "b"], optimum: optimum, minimumLoss: minimum, hessian: hessian, sampleCount: x.count),
            loss: .mse, isSinglePrecision: false,
            samples: Objective.Samples(features: PowerFeatures(powers: [2, 0]), x: x, y: y))
    }

    /// x = linspace(-1, 1, 100): S2 = 10100/297, S4 = 60585860/2910897.
    private static let chapter = objective(
        [3, 2], 0.5,
        [
            [2 * 60_585_860 / 2_910_897 / 100, 2 * 10_100.0 / 297 / 100], [2 * 10_100.0 / 297 / 100, 2],
        ], x: (0..<100).map { -1 + 2 * Double($0) / 99 }, y: Array(repeating: 0, count: 100))
    /// x = -1, 0, 1 against y = 5, 2, 5.5.
    private static let line = objective(
        [3.25, 2], 0.125 / 3, [[4.0 / 3, 4.0 / 3], [4.0 / 3, 2]], x: [-1, 0, 1], y: [5, 2, 5.5])

    @Test
    func `descent with the best rate shrinks as the literature says`() throws {
        let rate = try #require(Descent(learningRate: 0.8277222903974333).rate(on: Self.chapter))

        #expect(abs(rate - 0.8640222955149848) < 1e-14)
    }

    @Test(arguments: [(0.887, true), (0.889, false)])
    func `descent shrinks below the edge and grows above it`(learningRate: Double, shrinks: Bool) throws {
        let excesses = try #require(
            Descent(learningRate: learningRate).excesses(on: Self.chapter, from: [3.3, 2.9], after: [0, 5000]))

        #expect((excesses[1].value < excesses[0].value) == shrinks)
        let start = try #require(Self.chapter.excess(at: [3.3, 2.9]))
        #expect(abs(excesses[0].value - start) < 1e-15)
    }

    @Test(arguments: [(0.0, false), (0.5, false), (0.9, true)])
    func `descent is what its own updates make of the parameters`(momentum: Double, isNesterov: Bool) throws {
        let descent = Descent(learningRate: 0.2, momentum: momentum, isNesterov: isNesterov)
        var (values, buffer) = ([0.5, -0.25], [0.0, 0.0])
        for _ in 0..<40 {
            let gradient = try #require(Self.line.gradient(at: values))
            for index in values.indices {
                buffer[index] = momentum * buffer[index] + gradient[index]
                values[index] -= 0.2 * (isNesterov ? gradient[index] + momentum * buffer[index] : buffer[index])
            }
        }

        let excesses = try #require(descent.excesses(on: Self.line, from: [0.5, -0.25], after: [40]))

        let reached = try #require(Self.line.excess(at: values))
        #expect(abs(excesses[0].value / reached - 1) < 1e-9)
    }

    /// y = 2x^2 - 3 with features from 900 to 1089, far from 0 for their spread: the condition is 2e8, and every number exact.
    private static let steep: Objective = {
        let x = [30.0, 31, 32, 33]
        let squares = x.map { $0 * $0 }
        let mean = { (values: [Double]) in values.reduce(0, +) / 4 }
        return objective(
            [2, -3], 0, [[2 * mean(squares.map { $0 * $0 }), 2 * mean(squares)], [2 * mean(squares), 2]], x: x,
            y: squares.map { 2 * $0 - 3 })
    }()

    @Test
    func `of very different curvatures every direction is exact in each of its components`() {
        let system = Self.steep.surface.eigensystem
        let (steep, flat) = (system.vectors[0], system.vectors[1])
        let (a, b, c) = (Self.steep.surface.hessian[0][0], Self.steep.surface.hessian[0][1], 2.0)

        // Of a tangent t = tan 2φ/(1 + √(1 + tan² 2φ)), by another formula than the one in use.
        let double = 2 * b / (a - c)
        let tangent = double / (1 + (1 + double * double).squareRoot())

        #expect(abs(steep[1] / steep[0] / tangent - 1) < 1e-15)
        #expect(flat[0] == -steep[1] && flat[1] == steep[0])
    }

    @Test(arguments: [1e-12, 1e-7, 4e-7])
    func `where curvatures differ much the excess is no better known than its terms allow`(rate: Double) throws {
        var values = [0.7, 0.1]
        for _ in 0..<300 {
            let gradient = zip(Self.steep.samples.x, Self.steep.samples.y).reduce((0.0, 0.0)) { sum, sample in
                let phi = sample.0 * sample.0
                let slope = 0.5 * (values[0] * phi + values[1] - sample.1)
                return (sum.0 + slope * phi, sum.1 + slope)
            }
            values = [values[0] - rate * gradient.0, values[1] - rate * gradient.1]
        }

        let exact = try #require(
            Descent(learningRate: rate).excesses(on: Self.steep, from: [0.7, 0.1], after: [300])?.first)

        let reached = try #require(Self.steep.excess(at: values))
        #expect(abs(reached / exact.value - 1) <= exact.rounding)
        #expect(exact.rounding < 1e-4)
    }

    @Test
    func `residuals count in the size of a gradient's terms`() {
        // Errors of a thousand million that cancel, around a minimum at 0.
        let x = [0.3, 0.7, 1.1, 1.9].flatMap { [$0, $0] }
        let y = x.indices.map { $0 % 2 == 0 ? 1e9 : -1e9 }
        let squares = x.map { $0 * $0 }
        let mean = { (values: [Double]) in values.reduce(0, +) / 8 }
        let objective = Self.objective(
            [0, 0], 1e18, [[2 * mean(squares.map { $0 * $0 }), 2 * mean(squares)], [2 * mean(squares), 2]], x: x, y: y)
        let values = [0.3, 0.6]
        let errors = zip(squares, y).map { values[0] * $0 + values[1] - $1 }
        let gradient = [2 * mean(zip(errors, squares).map { $0 * $1 }), 2 * mean(errors)]

        let wrong = [gradient[0], gradient[1] + 1]
        let deviations = [gradient, wrong].map { objective.gradientDeviation($0.span, at: values.span) ?? .nan }

        #expect(deviations[0] < 16 * 0x1p-53)
        #expect(deviations[1] > 1e-10)
    }

    @Test
    func `the least excess that says anything is less where the minimum itself is small`() {
        let small = Self.objective([3e-20, 2e-20], 1e-44, Self.line.surface.hessian, x: [0, 1], y: [0, 0])

        #expect(Self.chapter.smallestMeaningfulExcess == 4.7e-30)
        #expect(small.smallestMeaningfulExcess < 1e-60)
        #expect(Self.line.holdsSquare(of: 1e100) && !Self.line.holdsSquare(of: 1e160))
        #expect(!Self.line.holdsSquare(of: 1e-160))
    }

    @Test
    func `a fork has an edge but no known course`() {
        let fork = Method(
            configuration: ["fork.step": "5", "batch_size": "full"], optimizer: "sgd", learningRate: 0.1, batchSize: 3,
            sampleCount: 3)

        #expect(fork.fullBatchEdge == 2)
        #expect(Descent(fork) == nil)
    }

    @Test
    func `the noise floor tends to the textbook's limit for small rates`() throws {
        // Residuals at the minimum: 0.25, 0, -0.25 at φ = 1, 0, 1; tr C = mean of (2r)²(φ² + 1).
        let trace = (0.25 * 2 + 0.25 * 2) / 3.0
        let (rate, batch) = (1e-6, 4)

        let floor = try #require(NoiseFloor(on: Self.line, learningRate: rate, batchSize: batch)).excess

        #expect(abs(floor / (rate * trace / Double(4 * batch)) - 1) < 1e-5)
    }

    @Test
    func `a rate that noise makes unstable has no floor, and a mean square that grows`() throws {
        #expect(NoiseFloor(on: Self.line, learningRate: 0.3, batchSize: 1) != nil)
        #expect(NoiseFloor(on: Self.line, learningRate: 0.9, batchSize: 1) == nil)

        let growth = try [0.3, 0.9].map {
            try #require(MeanSquareMap(on: Self.line, learningRate: $0, batchSize: 1, replaces: true)).growth
        }
        #expect(growth[0] < 1 && growth[1] > 1)
    }

    @Test
    func `the noise floor is the mean of many simulated runs`() throws {
        let points = [(1.0, 5.0), (0, 2), (1, 5.5)]
        var random = SplitMix(seed: 7)
        var (w, b, sum) = (3.25, 2.0, 0.0)
        for step in 0..<400_000 {
            let (phi, y) = points[Int(random.next() >> 33) % 3]
            let residual = w * phi + b - y
            (w, b) = (w - 0.1 * 2 * residual * phi, b - 0.1 * 2 * residual)
            if step >= 1000 { sum += Self.line.excess(at: [w, b]) ?? .nan }
        }

        let floor = try #require(NoiseFloor(on: Self.line, learningRate: 0.1, batchSize: 1)).excess

        #expect(abs(sum / 399_000 / floor - 1) < 0.03)
    }

    @Test(arguments: [(0.02, 0), (0.02, 150)])
    func `what a start leaves in later steps, and how means scatter, is that of many simulated runs`(
        rate: Double, begin: Int
    ) throws {
        let points = [(1.0, 5.0), (0, 2), (1, 5.5)]
        let floor = try #require(NoiseFloor(on: Self.line, learningRate: rate, batchSize: 1))
        var random = SplitMix(seed: 5)
        var (early, late, squares) = (0.0, 0.0, 0.0)
        let (count, length) = (400, 400)
        for _ in 0..<count {
            var (w, b, mean) = (3.5, 1.5, 0.0)
            for step in 0..<500 + length {
                let excess = Self.line.excess(at: [w, b]) ?? .nan
                if (begin..<begin + 100).contains(step) { early += excess / 100 }
                if step >= 500 { mean += excess / Double(length) }
                let (phi, y) = points[Int(random.next() >> 33) % 3]
                let residual = w * phi + b - y
                (w, b) = (w - rate * 2 * residual * phi, b - rate * 2 * residual)
            }
            late += mean
            squares += mean * mean
        }
        let (earlyMean, lateMean) = (early / Double(count), late / Double(count))
        let deviation = (squares / Double(count) - lateMean * lateMean).squareRoot()

        let expected = floor.excess + floor.remainder(ofStart: [3.5, 1.5], over: begin..<begin + 100)

        #expect(abs(earlyMean / expected - 1) < 0.1)
        #expect(abs(deviation / floor.excess / floor.scatter(ofMeanOver: length) - 1) < 0.2)
    }

    @Test
    func `a single large residual makes means scatter as many simulated runs do`() throws {
        let x = (0..<100).map { -1 + 2 * Double($0) / 99 }
        // The minimum of errors e and -e at the same x is where they cancel.
        let y = x.indices.map { $0 == 10 ? 50.0 : $0 == 89 ? -50 : 0.1 * Double($0 % 2 * 2 - 1) }
        let objective = Self.objective([0, 0], 50.0098, Self.chapter.surface.hessian, x: x, y: y)
        let (rate, length) = (0.05, 200)
        let floor = try #require(NoiseFloor(on: objective, learningRate: rate, batchSize: 1))
        var random = SplitMix(seed: 3)
        let means = (0..<2000).map { _ in
            var (w, b, mean) = (0.0, 0.0, 0.0)
            for step in 0..<200 + length {
                if step >= 200 { mean += (objective.excess(at: [w, b]) ?? .nan) / Double(length) }
                let index = Int(random.next() >> 33) % 100
                let phi = x[index] * x[index]
                let slope = 2 * (w * phi + b - y[index])
                (w, b) = (w - rate * slope * phi, b - rate * slope)
            }
            return mean
        }
        let mean = means.reduce(0, +) / 2000
        let deviation = (means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2000).squareRoot()

        #expect(abs(mean / floor.excess - 1) < 0.1)
        #expect(abs(deviation / floor.excess / floor.scatter(ofMeanOver: length) - 1) < 0.2)
    }

    @Test
    func `an epoch whose last batch is smaller has the mean noise of its batches`() throws {
        let floors = try [false, true].map { isShort in
            try #require(
                NoiseFloor(on: Self.line, learningRate: 1e-6, batchSize: 2, hasShortBatches: isShort)
            ).excess
        }

        // Batches of 2 and 1: (1/2 + 1)/2 against 1/2.
        #expect(abs(floors[1] / floors[0] - 1.5) < 1e-4)
    }

    @Test
    func `other models have neither floor nor map, but an excess and an edge`() {
        let cubic = Objective(
            LossSurface(
                parameters: ["a"], optimum: [1], minimumLoss: 0, hessian: [[3]], sampleCount: 2),
            loss: .mse, isSinglePrecision: false,
            samples: Objective.Samples(features: PowerFeatures(powers: [3]), x: [1, 2], y: [1, 8]))

        #expect(NoiseFloor(on: cubic, learningRate: 0.1, batchSize: 1) == nil)
        #expect(MeanSquareMap(on: cubic, learningRate: 0.1, batchSize: 1, replaces: true) == nil)
        #expect(cubic.excess(at: [3]) == 6)
        #expect(PowerFeatures(model: "cubic") == nil)
    }

    @Test
    func `a curve keeps its shape in the units of its own file`() {
        let units = Units(xDivisor: 4, yDivisor: 3, yOffset: 1.5)
        let features = PowerFeatures(powers: [2, 1, 0])

        let original = units.original([2, -1, 0.5], of: features)

        for x in [-2.0, 0, 1, 5] {
            let scaled = features.prediction([2, -1, 0.5], at: x / 4)
            #expect(abs(features.prediction(original, at: x) - (3 * scaled + 1.5)) < 1e-14)
        }
        #expect(units.areScaled)
        #expect(!Units(xDivisor: 1, yDivisor: 1, yOffset: 0).areScaled)
    }

    @Test
    func `an objective without a sample is that of the others`() throws {
        let x = [-1.0, 0, 1, 3]
        let features = PowerFeatures(powers: [2, 0])
        func hessian(_ x: [Double]) -> [[Double]] {
            let mean = { (power: Int) in
                x.reduce(0) { $0 + features.feature(0, at: $1, raisedTo: power) } * 2 / Double(x.count)
            }
            return [[mean(2), mean(1)], [mean(1), 2]]
        }
        let all = Self.objective([1, 1], 0, hessian(x), x: x, y: x)

        let rest = try #require(all.without(3))

        let expected = hessian([-1, 0, 1])
        for (row, wanted) in zip(rest.surface.hessian.joined(), expected.joined()) {
            #expect(abs(row - wanted) < 1e-13)
        }
        #expect(rest.samples.x == [-1, 0, 1])
        #expect(rest.optimum == nil)
    }
}
