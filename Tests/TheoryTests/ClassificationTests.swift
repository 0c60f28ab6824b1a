import Foundation
import Testing

@testable import Theory

/// What a run's evidence says of its course, with evidence that was made for each answer.
struct ClassificationTests {
    /// Steps along the steepest direction of a loss, and how they ended.
    struct Course: Sendable, CustomTestStringConvertible {
        var expected: Classification
        var data = Data.plain
        var optimizer = "sgd"
        /// As a part of the edge of full-batch gradient descent on these data, the outlier left out if there is one.
        var rate = 0.1
        var batchSize = 20
        var ending = Ending.done
        /// How far each step's parameters are from the minimum.
        var distances = falling(0.99)
        /// What each step's gradient has too much.
        var gradientError = 0.0
        var isMaximizing = false

        var testDescription: String { "\(expected)" }

        static func falling(_ factor: Double, count: Int = 100) -> [Double] {
            (0..<count).map { step in (0..<step).reduce(1) { distance, _ in distance * factor } }
        }

        /// A descent with noise that is smaller than what is left.
        static func swinging(_ factor: Double, count: Int = 100) -> [Double] {
            zip(falling(factor, count: count), alternating(0.3, 0.3, count: count)).map { $0 * (1 + $1) }
        }

        static func alternating(_ low: Double, _ high: Double, count: Int = 100) -> [Double] {
            (0..<count).map { $0 % 2 == 0 ? low : -high }
        }
    }

    /// Twenty samples near y = 2x^2 + 1, one of them perhaps spoiled.
    enum Data: Sendable {
        case plain, far, high, notFinite
        /// Without a single minimum.
        case same
        /// With inputs whose squares make errors much larger than the parameters.
        case wide

        var x: [Double] {
            (0..<20).map { index in
                if self == .same { return 1 }
                let x = -1 + 2 * Double(index) / 19
                return self == .wide ? 1e8 * x : self == .far && index == 13 ? 20 : x
            }
        }

        var y: [Double] {
            x.indices.map { index in
                if self == .notFinite, index == 4 { return .nan }
                if self == .high, index == 10 { return 300 }
                return 2 * x[index] * x[index] + 1 + 0.01 * Double(index * 7 % 5)
            }
        }

        var objective: Objective {
            let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
            let (squares, fourths) = (x.map { $0 * $0 }, x.map { $0 * $0 * $0 * $0 })
            let hessian = [[2 * mean(fourths), 2 * mean(squares)], [2 * mean(squares), 2]]
            let (center, height) = (mean(squares), mean(y))
            let slope =
                mean(zip(squares, y).map { ($0 - center) * ($1 - height) })
                / mean(squares.map { ($0 - center) * ($0 - center) })
            let optimum = slope.isFinite ? [slope, height - slope * center] : [2, 1]
            let minimum = mean(
                zip(squares, y).map { square, y in
                    let residual = optimum[0] * square + optimum[1] - y
                    return residual * residual
                })
            let isUnique = self != .same
            return Objective(
                LossSurface(
                    parameters: ["a", "c"], optimum: isUnique ? optimum : nil,
                    minimumLoss: isUnique ? (minimum.isNaN ? 0 : minimum) : nil, hessian: hessian, sampleCount: 20),
                loss: .mse, isSinglePrecision: false,
                samples: Objective.Samples(features: PowerFeatures(powers: [2, 0]), x: x, y: y))
        }
    }

    private func evidence(_ course: Course) throws -> Evidence {
        let objective = course.data.objective
        let usual = course.data == .far ? try #require(objective.without(13)) : objective
        let method = Method(
            configuration: [
                "optimizer.hyperparameters.momentum": "0",
                "optimizer.hyperparameters.maximize": "\(course.isMaximizing)",
            ], optimizer: course.optimizer,
            learningRate: course.rate * 2 / usual.curvature.largest, batchSize: course.batchSize, sampleCount: 20)
        var steps = StepStatistics(of: 0..<course.distances.count, on: objective, by: method)
        let direction = objective.surface.eigensystem.vectors[0]
        for (step, distance) in course.distances.enumerated() {
            let start = objective.optimum ?? [0, 0]
            let values = [start[0] + distance * direction[0], start[1] + distance * direction[1]]
            let gradient = (objective.gradient(at: values) ?? [0, 0]).map { $0 + course.gradientError }
            steps.append(
                step: step, parameters: values.span, gradient: gradient.span, excess: objective.excess(at: values))
        }
        return Evidence(
            ending: course.ending, objective: objective, analysis: StabilityAnalysis(method, on: objective),
            steps: steps, outlier: OutlierSample(in: objective), finalExcess: steps.lastExcess)
    }

    private static let floor: Double = {
        let objective = Data.plain.objective
        let rate = 0.1 * 2 / objective.curvature.largest
        let excess = NoiseFloor(on: objective, learningRate: rate, batchSize: 4)?.excess ?? .nan
        return (2 * excess / objective.curvature.largest).squareRoot()
    }()

    private static let courses: [Course] = [
        Course(expected: .notFiniteSample, data: .notFinite),
        Course(expected: .failed, ending: .failed),
        Course(expected: .noSteps, distances: []),
        Course(expected: .wrongGradient, gradientError: 1e-6),
        Course(expected: .outlierEdge, data: .far, rate: 0.5),
        Course(expected: .aboveEdge, rate: 1.001),
        Course(expected: .outlierNoise, data: .far, rate: 1e-4, batchSize: 1),
        Course(expected: .aboveNoiseEdge, rate: 0.99, batchSize: 1),
        // Above that edge, and yet it fell and stays around the minimum.
        Course(
            expected: .noiseFloor, rate: 0.99, batchSize: 1,
            distances: [1e3] + Course.alternating(0.2, 0.3)),
        Course(expected: .overflow, optimizer: "adam", ending: .diverged, distances: [1e200]),
        Course(expected: .outlierGrowth, data: .far, optimizer: "adam", ending: .diverged, distances: [1, 2]),
        Course(expected: .noExactEdge, optimizer: "adam", ending: .diverged, distances: [1, 2]),
        // Not diverged, but far above its start, whether it fell a little in the end or not.
        Course(
            expected: .noExactEdge, optimizer: "adam",
            distances: Course.falling(2, count: 60) + Course.falling(0.5, count: 20).map { $0 * pow(2, 58) }),
        Course(
            expected: .noExactEdge, optimizer: "adam", batchSize: 4,
            distances: zip(Course.falling(1.5), Course.alternating(1, 1)).map { $0 * $1 }),
        Course(expected: .maximizes, batchSize: 4, distances: Course.falling(1.1), isMaximizing: true),
        Course(expected: .divergedBelowEdge, ending: .diverged, distances: [1, 2]),
        Course(expected: .lossOverflow, data: .wide, optimizer: "adam", ending: .diverged, distances: [1e140]),
        Course(expected: .lossOverflow, data: .wide, ending: .diverged, distances: [1, 1e140]),
        Course(expected: .noiseGrowth, batchSize: 4, ending: .diverged, distances: [1, 2]),
        Course(expected: .noiseGrowth, batchSize: 4, distances: [0.01 * floor, floor, 1e3 * floor]),
        // From below the floor up to it.
        Course(
            expected: .noiseFloor, batchSize: 4,
            distances: [0.01 * floor] + Course.alternating(0.9 * floor, 1.1 * floor)),
        Course(expected: .outlierResidual, data: .high),
        Course(expected: .outlierLeverage, data: .far, optimizer: "adam"),
        Course(
            expected: .transient, distances: Course.falling(1, count: 20) + [10] + Course.falling(0.1, count: 20)),
        Course(expected: .noSingleMinimum, data: .same),
        Course(expected: .noiseFloor, batchSize: 4, distances: Course.alternating(0.9 * floor, 1.1 * floor)),
        Course(expected: .noiseFloor, optimizer: "adam", batchSize: 4, distances: Course.alternating(0.1, 0.2)),
        Course(
            expected: .noiseFloor, optimizer: "adam", batchSize: 4,
            distances: Course.alternating(0.3, 0.2) + [0.001, 1] + Course.alternating(0.3, 0.2)),
        // As far from the minimum, but on one side of it and falling, or above the floor of a formula.
        Course(expected: .stillFalling, optimizer: "adam", batchSize: 4, distances: Course.swinging(0.97)),
        Course(expected: .plateau, optimizer: "adam", batchSize: 4, distances: Course.swinging(1)),
        Course(expected: .stillFalling, optimizer: "adam", batchSize: 4, distances: Course.falling(-0.96)),
        Course(expected: .plateau, batchSize: 4, distances: Course.alternating(4 * floor, 4 * floor)),
        Course(expected: .converged, distances: Course.falling(0.5)),
        Course(expected: .oscillation, distances: Course.falling(-0.99)),
        Course(expected: .plateau, distances: Course.falling(0.9999)),
        // Far below its start, and far above the minimum.
        Course(expected: .plateau, distances: [1e5] + Course.falling(0.9999)),
        Course(expected: .stillFalling),
    ]

    @Test(arguments: courses)
    func `each answer has evidence that leads to it`(course: Course) throws {
        #expect(try evidence(course).classification == course.expected)
    }

    @Test
    func `a run that has not ended is classified by its course, one that has grown like one that diverged`() throws {
        #expect(try evidence(Course(expected: .stillFalling, ending: .other)).classification == .stillFalling)
        let grown = Course(expected: .overflow, optimizer: "adam", distances: [1, 1e151])
        #expect(try evidence(grown).classification == .overflow)
    }

    @Test(arguments: [
        (Classification.outlierNoise, Cause.outlier), (.noSingleMinimum, .unknown), (.wrongGradient, .bug),
        (.aboveEdge, .learningRate), (.noiseGrowth, .noise), (.overflow, .overflow), (.lossOverflow, .overflow),
        (.transient, .transient),
        (.noiseFloor, .noiseFloor), (.converged, .converged), (.oscillation, .oscillation), (.plateau, .plateau),
        (.stillFalling, .notConverged),
    ])
    func `an answer belongs to one cause`(classification: Classification, cause: Cause) {
        #expect(classification.cause == cause)
    }

    @Test
    func `steps are summed by quarters`() throws {
        let method = Method(configuration: [:], optimizer: "sgd", learningRate: 0.1, batchSize: 20, sampleCount: 20)
        var steps = StepStatistics(of: 10..<20, on: Data.plain.objective, by: method)
        let values = [0.0, 0]
        for (step, excess) in zip(10..., [1.0, 1, 1, 2, 2, 4, 4, 4, 5, 7]) {
            steps.append(step: step, parameters: values.span, gradient: values.span, excess: excess)
        }

        #expect(steps.secondHalf == 15..<20)
        #expect(steps.secondHalf.lowerBound..<steps.lastQuarter.lowerBound == 15..<18)
        #expect(steps.lastQuarter == 18..<20)
        #expect((0..<4).map { steps.meanExcess(ofQuarter: $0) } == [1, 2, 4, 6])
        #expect(steps.lateProgress == 7.0 / 5)
        #expect(steps.firstTenfold == nil && steps.firstExcess == 1 && steps.lastExcess == 7)
    }
}
