import Learning
import TestSupport
import Testing

/// Optimizers held against PyTorch on the chapter's problem, full batch, 64 bits.
struct PyTorchOptimizerTests {
    @Test(arguments: PyTorchRun.all)
    func `an optimizer's trace is PyTorch's`(_ run: PyTorchRun) throws {
        var training = try Training(run.configuration(), data: PyTorchRun.problem.data)
        var steps: [TrainingStep] = []

        while let step = try training.next() { steps.append(step) }
        let outcome = try training.outcome()

        for row in run.trace {
            let index = Int(row[0]) - 1
            let step = steps[index]
            let after = index + 1 < steps.count ? (steps[index + 1].w, steps[index + 1].b) : (outcome.w, outcome.b)
            let values = [step.loss, step.gradW, step.gradB, after.0, after.1]
            for (value, expected) in zip(values, row.dropFirst()) {
                #expect(abs(value - expected) <= 1e-12 * max(1, abs(expected)), "step \(index + 1)")
            }
        }
    }

    @Test(arguments: [
        ("sgd", ["momentum": "-0.1"], "momentum"),
        ("sgd", ["weight_decay": "-1"], "weight_decay"),
        ("sgd", ["nesterov": "true"], "nesterov"),
        ("sgd", ["nesterov": "true", "momentum": "0.9", "dampening": "0.1"], "nesterov"),
        ("sgd", ["nesterov": "maybe", "momentum": "0.9"], "nesterov"),
        ("adam", ["beta1": "1"], "beta1"),
        ("adam", ["beta2": "-0.1"], "beta2"),
        ("adam", ["eps": "-1e-8"], "eps"),
        ("adam", ["eps": "nan"], "eps"),
    ])
    func `a hyperparameter outside PyTorch's range is refused by name`(
        optimizer: String, settings: [String: String], name: String
    ) {
        let error = #expect(throws: LearningError.self) {
            try OptimizerRegistry.configuration(named: optimizer, learningRate: nil, settings: settings)
        }
        #expect(error?.description.contains(name) == true)
    }
}

/// One run of `optimizers.json` whose optimizer is in the registry.
struct PyTorchRun: Decodable, Sendable, CustomTestStringConvertible {
    struct Problem: Decodable, Sendable {
        let x: [Double]
        let y: [Double]
        let w0: Double
        let b0: Double

        var data: TrainingData { TrainingData(x: x, y: y) }
    }

    /// A constructor argument of PyTorch's.
    enum Argument: Decodable, Sendable {
        case number(Double)
        case flag(Bool)
        case pair([Double])
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let pair = try? container.decode([Double].self) {
                self = .pair(pair)
            } else {
                self = .other
            }
        }
    }

    let optimizer: String
    let given: [String: Argument]
    let effective: [String: Argument]
    let trace: [[Double]]

    private struct File: Decodable {
        let problem: Problem
        let runs: [PyTorchRun]
    }

    private static let file: File = try! Golden.load("optimizers.json")
    static let problem = file.problem
    static let all = file.runs.filter { run in
        OptimizerRegistry.all.contains { $0.name == run.optimizer.lowercased() }
    }

    /// The names that this project gives to the entries of PyTorch's tuples.
    private static let parts = [
        "betas": ["beta1", "beta2"], "etas": ["eta_minus", "eta_plus"], "step_sizes": ["step_min", "step_max"],
    ]

    var testDescription: String { "\(optimizer) \(given)" }

    func configuration() throws -> RunConfiguration {
        var request = ConfigurationRequest()
        request.optimizer = optimizer.lowercased()
        request.data = .csv(contentHash: "", x: "x", y: "y", scale: .none, samples: Self.problem.x.count)
        request.batchSize = .full
        request.initialization = Initialization(w: .value(Self.problem.w0), b: .value(Self.problem.b0))
        request.duration = .steps(Int(trace.last?[0] ?? 0))
        if case .number(let learningRate) = effective["lr"] { request.learningRate = learningRate }
        for (name, argument) in given where name != "lr" {
            switch argument {
            case .number(let number): request.settings[name] = "\(number)"
            case .flag(let flag): request.settings[name] = "\(flag)"
            case .pair(let pair):
                for (part, number) in zip(Self.parts[name] ?? [], pair) { request.settings[part] = "\(number)" }
            case .other: break
            }
        }
        return try request.configuration()
    }
}
