import Learning
import Testing

/// The exact constants of the problem, and gradient descent compared with the closed formula of its losses.
struct OracleTests {
    private let oracle = QuadraticOracle(Self.data(noise: 0.2))

    private static func data(noise: Double) -> TrainingData {
        var request = RunSpec()
        request.changeChapter(noise: noise)
        // The defaults are valid, so neither call can throw.
        return try! TrainingData.chapter(for: request.configuration())
    }

    @Test
    func `the oracle's constants are the exact ones`() {
        #expect(abs(oracle.modes[0].curvature - 2.251989969510147) < 1e-14)
        #expect(abs(oracle.modes[1].curvature - 0.16427937976603854) < 1e-14)
        #expect(abs(oracle.modes[0].direction.w - 0.34742133) < 1e-8)
        #expect(abs(oracle.optimum.w - 2.991342836041702) < 1e-12)
        #expect(abs(oracle.optimum.b - 2.097417377063676) < 1e-12)
    }

    @Test(arguments: [0.05, 0.3, 0.4440517113926223, 0.8277222903974333, 0.888], [GradientMethod.autograd, .manual])
    func `every step of gradient descent has the loss of the closed formula`(
        learningRate: Double, gradients: GradientMethod
    ) throws {
        var request = RunSpec()
        request.learningRate = learningRate
        request.batchSize = .full
        request.gradients = gradients
        request.length = .steps(400)
        request.initialization = ["w": .value(0.5), "b": .value(0)]
        var training = try Trainer(request.configuration(), data: Self.data(noise: 0.2))
        var largest = 0.0

        while let step = try training.next() {
            let exact = oracle.lossOfGradientDescent(at: step.step, learningRate: learningRate, from: (0.5, 0))
            largest = max(largest, abs(step.loss / exact - 1))
        }

        #expect(largest <= 1e-12)
    }

    @Test(arguments: [
        (0.0, false), (0.5, false), (0.9, false), (0.99, false), (0.5, true), (0.9, true), (0.99, true),
    ])
    func `the learning rate's edge of stability is where theory puts it, to 0.1 percent`(
        momentum: Double, nesterov: Bool
    ) throws {
        let steepest = oracle.modes[0].curvature
        let edge = (nesterov ? (2 + 2 * momentum) / (1 + 2 * momentum) : 2 * (1 + momentum)) / steepest
        let settings = momentum == 0 ? [:] : ["momentum": "\(momentum)", "nesterov": "\(nesterov)"]
        let optimizer = try OptimizerRegistry.makeDirect("sgd", settings)
        var below = QuadraticWalk(optimizer, learningRate: 0.999 * edge, oracle: oracle, from: [0.5, 0])
        var above = QuadraticWalk(optimizer, learningRate: 1.001 * edge, oracle: oracle, from: [0.5, 0])

        #expect(below.growth(over: 4000) < 1e-3)
        #expect(above.growth(over: 4000) > 1e3)
    }

    @Test(arguments: [(0.8882, true), (0.888, false)])
    func `a run's loss rises above the edge and falls below it`(learningRate: Double, rises: Bool) throws {
        var request = RunSpec()
        request.learningRate = learningRate
        request.batchSize = .full
        request.gradients = .manual
        request.length = .steps(3000)
        request.initialization = ["w": .value(0.5), "b": .value(0)]
        var training = try Trainer(request.configuration(), data: Self.data(noise: 0))
        var losses: [Double] = []

        while let step = try training.next() { losses.append(step.loss) }

        #expect((losses[2999] > losses[1000]) == rises)
    }

    @Test(arguments: [
        (0.1, 0.0, false), (0.8277222903974333, 0, false), (1.1010946000547066, 0.3302705663828537, false),
        (0.3, 0.9, false), (0.4440517113926223, 0.5746917142, true), (0.5780138595, 0.5288779174, true),
        (0.1, 0.95, true),
    ])
    func `momentum follows its exact recurrence`(learningRate: Double, momentum: Double, nesterov: Bool) throws {
        let settings = momentum == 0 ? [:] : ["momentum": "\(momentum)", "nesterov": "\(nesterov)"]

        let error = QuadraticWalk.largestError(
            of: try OptimizerRegistry.makeDirect("sgd", settings), learningRate: learningRate, momentum: momentum,
            nesterov: nesterov, oracle: oracle)

        #expect(error <= 1e-12)
    }

    @Test(arguments: BrokenDescent.Fault.allCases)
    func `the judge of update rules finds a deliberate fault`(_ fault: BrokenDescent.Fault) {
        let error = QuadraticWalk.largestError(
            of: BrokenDescent(momentum: 0.9, fault: fault), learningRate: 0.3, momentum: 0.9, nesterov: false,
            oracle: oracle)

        #expect((error > 1e-12) == (fault != .none))
    }
}

/// Heavy-ball descent with one mistake.
struct BrokenDescent: Optimizer {
    enum Fault: CaseIterable {
        case none
        case learningRateSlightlyOff
        case momentumDampened
        case momentumOneStepLate
        case gradientOfOtherParameter
    }

    let momentum: Double
    let fault: Fault
    var rule: Void = ()
    private var velocity = [0.0, 0.0]

    init(momentum: Double, fault: Fault) {
        self.momentum = momentum
        self.fault = fault
    }

    mutating func update(_ parameters: inout [Double], gradients: [Double], settings: StepSettings) {
        let learningRate = settings.learningRate * (fault == .learningRateSlightlyOff ? 1 + 1e-9 : 1)
        let dampening = fault == .momentumDampened ? 1 - momentum : 1
        for i in parameters.indices {
            let old = velocity[i]
            let gradient = gradients[fault == .gradientOfOtherParameter ? 1 - i : i]
            velocity[i] = momentum * velocity[i] + dampening * gradient
            parameters[i] -= learningRate * (fault == .momentumOneStepLate ? old : velocity[i])
        }
    }
}
