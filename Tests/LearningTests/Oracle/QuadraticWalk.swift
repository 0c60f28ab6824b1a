import Learning
import TextFormats

/// An optimizer let loose on the exact quadratic, with gradients from the oracle instead of data.
struct QuadraticWalk {
    let oracle: QuadraticOracle
    private(set) var position: [Double]
    private var optimizer: any Optimizer<Double>
    private let learningRate: Double

    init(_ optimizer: any Optimizer<Double>, learningRate: Double, oracle: QuadraticOracle, from start: [Double]) {
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.oracle = oracle
        position = start
    }

    mutating func step() {
        let gradient = oracle.gradient(position[0], position[1])
        optimizer.update(
            &position, gradients: [gradient.w, gradient.b], settings: StepSettings(learningRate: learningRate))
    }

    /// How much further from the optimum the walk is after some steps, as a ratio of excess losses.
    mutating func growth(over steps: Int) -> Double {
        let before = oracle.excess(position[0], position[1])
        for _ in 0..<steps { step() }
        return oracle.excess(position[0], position[1]) / before
    }

    /// The largest difference between the walk and the exact distances along a mode, from a start of distance 1 on it.
    ///
    /// This is the shared judge of update rules: a wrong factor anywhere makes it large.
    static func largestError(
        of optimizer: any Optimizer<Double>, learningRate: Double, momentum: Double, nesterov: Bool,
        oracle: QuadraticOracle, steps: Int = 60
    ) -> Double {
        var largest = 0.0
        for mode in oracle.modes {
            let start = [oracle.optimum.w + mode.direction.w, oracle.optimum.b + mode.direction.b]
            var walk = QuadraticWalk(optimizer, learningRate: learningRate, oracle: oracle, from: start)
            let exact = oracle.distances(
                along: mode, learningRate: learningRate, momentum: momentum, nesterov: nesterov, steps: steps)
            for distance in exact.prefix(steps + 1) {
                let (dw, db) = (walk.position[0] - oracle.optimum.w, walk.position[1] - oracle.optimum.b)
                let error = max(
                    abs(dw - distance * mode.direction.w), abs(db - distance * mode.direction.b))
                largest = max(largest, error)
                walk.step()
            }
        }
        return largest
    }
}

extension OptimizerRegistry {
    /// A fresh optimizer of two parameters, by name, with settings as they are typed.
    static func makeDirect(_ name: String, _ settings: [String: String] = [:]) throws -> any Optimizer<Double> {
        let rule = try makeDescriptor(configuration(named: name, learningRate: nil, settings: settings))
        guard case .direct(let optimizer) = rule.makeOptimizer(of: Double.self, parameterCount: 2) else {
            throw LearningError(.unknownOptimizer, "\(name) searches")
        }
        return optimizer
    }
}
