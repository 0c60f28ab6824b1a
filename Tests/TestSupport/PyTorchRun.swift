/// One run of `optimizers.json`: plain, with settings for each parameter, or with a schedule.
package struct PyTorchRun: Decodable, Sendable, CustomStringConvertible {
    package struct Problem: Decodable, Sendable {
        package let x: [Double]
        package let y: [Double]
        package let w0: Double
        package let b0: Double
    }

    package let optimizer: String
    private let given: [String: PyTorchArgument]?
    private let effective: [String: PyTorchArgument]?
    private let groupW: [String: PyTorchArgument]?
    private let groupB: [String: PyTorchArgument]?
    package let scheduler: String?
    private let schedulerGiven: [String: Double]?
    /// Rows of step (from 1), loss, gradients, parameters after the step, and what belongs to the optimizer.
    package let trace: [[Double]]

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
    package static let problem = file.problem
    package static let all = file.runs + file.groupRuns + file.schedulerRuns

    package var description: String {
        "\(optimizer) \(settings.sorted { $0.key < $1.key }) \(schedule ?? "")"
    }

    /// Hyperparameters as they are typed here.
    package var settings: [String: String] {
        var settings = Self.settings(given ?? [:])
        settings["lr"] = nil
        for (parameter, group) in [("w", groupW), ("b", groupB)] {
            for (name, text) in Self.settings(group ?? [:]) { settings["\(parameter).\(name)"] = text }
        }
        return settings
    }

    package var learningRate: Double? {
        if case .number(let rate) = (effective ?? given)?["lr"] { rate } else { nil }
    }

    /// The schedule as it is typed here.
    package var schedule: String? {
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
package enum PyTorchArgument: Decodable, Sendable {
    case number(Double)
    case text(String)
    case pair([Double])
    case none

    package init(from decoder: any Decoder) throws {
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
