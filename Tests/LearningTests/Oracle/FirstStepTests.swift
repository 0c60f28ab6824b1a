import Foundation
import Learning
import Testing

/// The first step of every rule, whose size is known exactly, and the largest step Adam can make.
struct FirstStepTests {
    @Test(arguments: FirstStep.all)
    func `a first step has the size of its formula`(_ step: FirstStep) throws {
        var optimizer = try OptimizerRegistry.makeDirect(step.name, step.settings)
        var parameters = [0.0, 0.0]
        // A power of two: exact in 32 bits too, where ASGD keeps it.
        let learningRate = 0.125

        optimizer.update(
            &parameters, gradients: [0.5, -0.25], settings: StepSettings(learningRate: learningRate))

        let expected = [-learningRate * step.size(0.5), learningRate * step.size(0.25)]
        let errors = zip(parameters, expected).map { abs($0 / $1 - 1) }
        #expect(errors.allSatisfy { $0 <= step.tolerance }, "\(parameters)")
    }

    @Test
    func `the first step of L-BFGS is the gradient, no longer than the learning rate`() throws {
        var request = RunSpec()
        request.optimizer = "lbfgs"
        request.learningRate = 0.5
        request.hyperparameters = ["max_iter": "1"]
        request.batchSize = .full
        request.length = .steps(1)
        request.initialization = ["w": .value(0.5), "b": .value(0)]
        let configuration = try request.configuration()
        var training = try Trainer(configuration, data: TrainingData.chapter(for: configuration))

        let step = try #require(try training.next())
        let outcome = try training.outcome()

        let sum = abs(step.gradW) + abs(step.gradB)
        #expect(abs(outcome.w - (0.5 - 0.5 * step.gradW / sum)) < 1e-15)
        #expect(abs(outcome.b + 0.5 * step.gradB / sum) < 1e-15)
    }

    @Test(arguments: [(1, 1.0), (10, 1.0430), (100, 2.2434)])
    func `Adam's largest possible step is reached by the worst gradients and not exceeded`(
        steps: Int, bound: Double
    ) throws {
        var optimizer = try OptimizerRegistry.makeDirect("adam", ["eps": "0"])
        var parameters = [0.0, 0.0]
        var before = parameters

        for step in 1...steps {
            before = parameters
            // The first parameter sees the worst gradients, the second ones of changing sign and size.
            let worst = pow(0.9 / 0.999, Double(steps - step))
            let gentle = Double((step * 37) % 11) - 4.7
            optimizer.update(
                &parameters, gradients: [worst, gentle], settings: StepSettings(learningRate: 1))
        }

        #expect(abs(abs(parameters[0] - before[0]) - bound) < 1e-3)
        #expect(abs(parameters[1] - before[1]) <= bound + 1e-12)
    }
}

/// The size of a rule's first step, in units of the learning rate, for a gradient of size g at a parameter 0.
struct FirstStep: Sendable, CustomTestStringConvertible {
    let name: String
    let settings: [String: String]
    let tolerance: Double
    let size: @Sendable (_ g: Double) -> Double

    init(
        _ name: String, _ settings: [String: String] = [:], tolerance: Double = 1e-13,
        size: @escaping @Sendable (_ g: Double) -> Double
    ) {
        self.name = name
        self.settings = settings
        self.tolerance = tolerance
        self.size = size
    }

    var testDescription: String { "\(name) \(settings)" }

    static let all = [
        FirstStep("sgd") { g in g },
        FirstStep("sgd", ["momentum": "0.9"]) { g in g },
        FirstStep("sgd", ["momentum": "0.9", "nesterov": "true"]) { g in 1.9 * g },
        FirstStep("adam") { g in g / (g + 1e-8) },
        FirstStep("adam", ["beta1": "0.5", "amsgrad": "true"]) { g in g / (g + 1e-8) },
        FirstStep("adamw") { g in g / (g + 1e-8) },
        // Its product of momentums is kept in 32 bits.
        FirstStep("nadam", tolerance: 1e-6) { g in g / (g + 1e-8) * nadamFactor },
        FirstStep("radam") { g in g },
        FirstStep("adamax") { g in g / (g + 1e-8) },
        FirstStep("adagrad") { g in g / (g + 1e-10) },
        FirstStep("adagrad", ["initial_accumulator_value": "0.75"]) { g in
            g / ((g * g + 0.75).squareRoot() + 1e-10)
        },
        FirstStep("adadelta") { g in g * (1e-6 / (0.1 * g * g + 1e-6)).squareRoot() },
        FirstStep("rmsprop") { g in g / (0.1 * g + 1e-8) },
        FirstStep("rmsprop", ["alpha": "0.9"]) { g in g / (0.1.squareRoot() * g + 1e-8) },
        FirstStep("rmsprop", ["alpha": "0.9", "centered": "true"]) { g in g / (0.09.squareRoot() * g + 1e-8) },
        FirstStep("rprop") { _ in 1 },
        FirstStep("asgd") { g in g },
        FirstStep("adafactor") { _ in 0.001 },
        FirstStep("lion") { _ in 1 },
    ]

    /// What Nesterov's look ahead adds to Adam's first step: 1 + (1 - β1) μ(2) / (1 - μ(1) μ(2)).
    private static let nadamFactor: Double = {
        func momentum(_ step: Double) -> Double { 0.9 * (1 - 0.5 * pow(0.96, step * 0.004)) }
        return 1 + 0.1 * momentum(2) / (1 - momentum(1) * momentum(2))
    }()
}
