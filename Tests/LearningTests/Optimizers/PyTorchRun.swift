import Learning
import TestSupport
import Testing

/// One run of `optimizers.json`: plain, with settings for each parameter, or with a schedule.
struct PyTorchRun: Decodable, Sendable, CustomTestStringConvertible {
    struct Problem: Decodable, Sendable {
        let x: [Double]
        let y: [Double]
        let w0: Double
        let b0: Double

        var data: TrainingData { TrainingData(x: x, y: y) }
    }

    let optimizer: String
    let given: [String: PyTorchArgument]?
    let effective: [String: PyTorchArgument]?
    let groupW: [String: PyTorchArgument]?
    let groupB: [String: PyTorchArgument]?
    let scheduler: String?
    let schedulerGiven: [String: Double]?
    let trace: [[Double]]

    private enum CodingKeys: String, CodingKey {
        case optimizer, given, effective, scheduler, trace
        case groupW = "group_w"
        case groupB = "group_b"
        case schedulerGiven = "scheduler_given"
    }

    private struct File: Decodable {
        let problem: Problem
        let runs: [PyTorchRun]
        let groupRuns: [PyTorchRun]
        let schedulerRuns: [PyTorchRun]

        enum CodingKeys: String, CodingKey {
            case problem, runs
            case groupRuns = "param_group_runs"
            case schedulerRuns = "scheduler_runs"
        }
    }

    private static let file: File = try! Golden.load("optimizers.json")
    static let problem = file.problem
    static let all = file.runs + file.groupRuns + file.schedulerRuns

    var testDescription: String {
        "\(optimizer) \(settings.sorted { $0.key < $1.key }) \(schedule ?? "")"
    }

    /// Columns of the trace that describe the next step.
    var laterColumns: Int { scheduler == nil ? 0 : 1 }

    /// What the trace holds besides loss, gradients and parameters.
    func extraColumns(_ outcome: TrainingOutcome) -> [Double] {
        switch optimizer {
        case "LBFGS": [Double(outcome.evaluations)]
        case "ASGD": [outcome.averages?.w, outcome.averages?.b].compactMap { $0 }
        default: []
        }
    }

    func configuration() throws -> RunConfiguration {
        var request = ConfigurationRequest()
        request.optimizer = optimizer.lowercased()
        request.data = .csv(contentHash: "", x: "x", y: "y", scale: .none, samples: Self.problem.x.count)
        request.batchSize = .full
        request.initialization = Initialization(w: .value(Self.problem.w0), b: .value(Self.problem.b0))
        request.duration = .steps(Int(trace.last?[0] ?? 0))
        if case .number(let learningRate) = (effective ?? given)?["lr"] { request.learningRate = learningRate }
        request.settings = settings
        request.schedule = try schedule.map { text in try ScheduleRegistry.configuration(from: text) }
        return try request.configuration()
    }

    /// Hyperparameters as they are typed here.
    private var settings: [String: String] {
        var settings = Self.settings(given ?? [:])
        settings["lr"] = nil
        for (parameter, group) in [("w", groupW), ("b", groupB)] {
            for (name, text) in Self.settings(group ?? [:]) { settings["\(parameter).\(name)"] = text }
        }
        return settings
    }

    private var schedule: String? {
        let values = (schedulerGiven ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return switch scheduler {
        case "StepLR": "step:\(values.joined(separator: ","))"
        case "CosineAnnealingLR": "cosine:\(values.joined(separator: ","))"
        default: scheduler
        }
    }

    private static func settings(_ arguments: [String: PyTorchArgument]) -> [String: String] {
        var settings: [String: String] = [:]
        for (name, argument) in arguments {
            switch argument {
            case .text(let text): settings[name] = text
            case .number(let number): settings[name] = "\(number)"
            case .pair(let pair):
                for (part, number) in zip(parts[name] ?? [], pair) { settings[part] = "\(number)" }
            case .none: break
            }
        }
        return settings
    }

    /// The names that this project gives to the entries of PyTorch's tuples.
    private static let parts = [
        "betas": ["beta1", "beta2"], "etas": ["eta_minus", "eta_plus"], "step_sizes": ["step_min", "step_max"],
    ]
}

/// A constructor argument of PyTorch's.
enum PyTorchArgument: Decodable, Sendable {
    case number(Double)
    case text(String)
    case pair([Double])
    case none

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .text("\(flag)")
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let pair = try? container.decode([Double].self) {
            self = .pair(pair)
        } else {
            self = .none
        }
    }
}
