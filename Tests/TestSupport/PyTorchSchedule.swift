/// One run of `schedulers.json`.
package struct PyTorchSchedule: Decodable, Sendable, CustomStringConvertible {
    package let scheduler: String
    package let optimizerRate: Double
    private let given: [String: Argument]
    package let lr: [Double]
    package let momentum: [Double]?
    package let metrics: [Double]?

    private enum CodingKeys: String, CodingKey {
        case scheduler, given, lr, momentum, metrics
        case optimizerRate = "optimizer_lr"
    }

    private struct File: Decodable {
        let runs: [PyTorchSchedule]
    }

    package static let all = (try! Golden.load("schedulers.json", as: File.self)).runs

    package var description: String { "\(scheduler) \(text)" }

    /// The schedule as it is typed here; PyTorch's names of values are understood.
    package var text: String {
        if let combination = Self.combinations[scheduler] { return combination }
        var values = given.mapValues(\.text)
        if scheduler == "ConstantLR" { values["factor"] = values["factor"] ?? "\(1.0 / 3)" }
        if case .number(let epochs) = given["epochs"], case .number(let steps) = given["steps_per_epoch"] {
            values["epochs"] = nil
            values["steps_per_epoch"] = nil
            values["total"] = "\(epochs * steps)"
        }
        let list = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        let name = Self.names[scheduler] ?? scheduler
        return list.isEmpty ? name : "\(name):\(list)"
    }

    private static let names = [
        "StepLR": "step", "MultiStepLR": "multistep", "ConstantLR": "constant", "LinearLR": "linear",
        "ExponentialLR": "exponential", "CosineAnnealingLR": "cosine",
        "CosineAnnealingWarmRestarts": "cosine-restarts", "PolynomialLR": "polynomial", "OneCycleLR": "onecycle",
        "CyclicLR": "cyclic", "ReduceLROnPlateau": "plateau",
    ]

    /// What PyTorch is given as functions or as lists of schedulers.
    private static let combinations = [
        "LambdaLR": "warmup:total=10+cosine:total=50",
        "MultiplicativeLR":
            "multistep:gamma=0.93,milestones="
            + stride(from: 1, through: 59, by: 2).map { "\($0)" }.joined(separator: "/"),
        "SequentialLR": "linear:start=0.1,total=8+cosine:total=52",
        "ChainedScheduler": "constant:factor=0.1,total=5*exponential:gamma=0.95",
    ]

    /// A constructor argument of PyTorch's.
    private enum Argument: Decodable, Sendable {
        case number(Double)
        case word(String)
        case numbers([Int])
        case combination

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                self = .word("\(flag)")
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let word = try? container.decode(String.self) {
                self = .word(word)
            } else if let numbers = try? container.decode([Int].self) {
                self = .numbers(numbers)
            } else {
                self = .combination
            }
        }

        var text: String {
            switch self {
            case .number(let number): "\(number)"
            case .word(let word): word
            case .numbers(let numbers): numbers.map { "\($0)" }.joined(separator: "/")
            case .combination: "?"
            }
        }
    }
}
