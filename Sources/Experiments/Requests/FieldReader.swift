import Learning
import TextFormats

/// Reads single settings from their text.
struct FieldReader {
    let fields: [RunField: String]

    /// One of an enumeration's words.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ field: RunField, _ type: Choice.Type
    ) throws(ExperimentError) -> Choice? where Choice.RawValue == String {
        guard let text = fields[field] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue)
            throw ExperimentError(
                .invalidValue,
                "\(field.flag): there is no '\(text)'\(NearestName.hint(for: text, among: names)); "
                    + "give one of \(names.joined(separator: ", "))")
        }
        return choice
    }

    func number(_ field: RunField, example: String) throws(ExperimentError) -> Double? {
        guard let text = fields[field] else { return nil }
        guard let number = Double(decimal: text), number.isFinite else {
            throw ExperimentError(
                .invalidValue, "\(field.flag): '\(text)' is not a finite number; give a value such as \(example)")
        }
        return number
    }

    /// A number above 0: a run that never moves is a slip of the pen.
    ///
    /// A single parameter's may be 0, as in PyTorch.
    func learningRate() throws(ExperimentError) -> Double? {
        guard let text = fields[.lr] else { return nil }
        guard let number = Double(decimal: text), number.isFinite else {
            throw ExperimentError(
                .invalidValue,
                "--lr: '\(text)' is not a number; give a value such as 0.01, in a sweep also a list 0.01,0.1 or a range "
                    + "log:1e-3:1:9")
        }
        guard number > 0 else {
            throw ExperimentError(.invalidValue, "--lr: '\(text)' is not above 0; give a value such as 0.01")
        }
        return number
    }

    func integer(_ field: RunField) throws(ExperimentError) -> Int64? {
        guard let text = fields[field] else { return nil }
        guard let number = Int64(text) else {
            throw ExperimentError(.invalidValue, "\(field.flag): '\(text)' is not a whole number; give one such as 7")
        }
        return number
    }

    func positiveInteger(_ field: RunField, example: Int) throws(ExperimentError) -> Int? {
        guard let text = fields[field] else { return nil }
        guard let number = Int(text), number > 0 else {
            throw ExperimentError(
                .invalidValue,
                "\(field.flag): '\(text)' is not a whole number of at least 1; give one such as \(example)")
        }
        guard number <= RunConfiguration.largestStepCount else {
            throw ExperimentError(
                .invalidValue,
                "\(field.flag): \(text) is more than this tool counts to; give at most \(RunConfiguration.largestStepCount)"
            )
        }
        return number
    }

    func batchSize() throws(ExperimentError) -> BatchSize? {
        guard let text = fields[.batchSize] else { return nil }
        if text == "full" { return .full }
        guard let size = Int(text), size > 0 else {
            throw ExperimentError(
                .invalidValue,
                "--batch-size: '\(text)' is not a number of samples; give a whole number of at least 1, or full")
        }
        return .samples(size)
    }

    func duration() throws(ExperimentError) -> Duration? {
        let steps = try positiveInteger(.steps, example: 500)
        let epochs = try positiveInteger(.epochs, example: 50)
        switch (steps, epochs) {
        case (.some, .some):
            throw ExperimentError(
                .invalidValue, "--steps and --epochs both say how long to train; give only one of them")
        case (let steps?, nil): return .steps(steps)
        case (nil, let epochs?): return .epochs(epochs)
        case (nil, nil): return nil
        }
    }

    /// A schedule, as in `cosine:total=500,min=0`.
    func schedule() throws(ExperimentError) -> ScheduleConfiguration? {
        try value(.schedule) { (text) throws(LearningError) in try ScheduleRegistry.configuration(from: text) }
    }

    /// What gradients are cut to, as in `norm=1`.
    func clipping() throws(ExperimentError) -> GradientClipping? {
        try value(.clip) { (text) throws(LearningError) in try GradientClipping(text: text) }
    }

    /// What ends a run early, as in `loss=1e-3`.
    func stopping() throws(ExperimentError) -> StoppingRules? {
        try value(.target) { (text) throws(LearningError) in try StoppingRules(text: text) }
    }

    private func value<Value>(
        _ field: RunField, _ read: (String) throws(LearningError) -> Value
    ) throws(ExperimentError) -> Value? {
        guard let text = fields[field] else { return nil }
        do {
            return try read(text)
        } catch {
            throw ExperimentError(error, flag: field.flag)
        }
    }

    /// `normal`, `uniform`, or one entry per parameter as in `w=0.5,b=normal`.
    func initialization() throws(ExperimentError) -> Initialization? {
        guard let text = fields[.initialization] else { return nil }
        if text == "normal" { return Initialization(w: .normal, b: .normal) }
        if text == "uniform" { return Initialization(w: .uniform, b: .uniform) }
        var values: [String: InitialValue] = [:]
        for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, ["w", "b"].contains(parts[0]), values[parts[0]] == nil,
                let value = Self.initialValue(parts[1])
            else {
                throw Self.badInitialization(text)
            }
            values[parts[0]] = value
        }
        guard let w = values["w"], let b = values["b"] else { throw Self.badInitialization(text) }
        return Initialization(w: w, b: b)
    }

    /// Data are kept in memory and in the notebook, so there is a limit.
    private func sampleCount() throws(ExperimentError) -> Int? {
        let count = try positiveInteger(.samples, example: 100)
        guard let count, count > 1_000_000 else { return count }
        throw ExperimentError(.invalidValue, "--samples: \(count) samples are too many; give at most 1000000")
    }

    func chapter() throws(ExperimentError) -> ConfigurationRequest.DataRequest {
        .chapter(
            samples: try sampleCount(),
            noise: try number(.noise, example: "0.2"),
            seed: try integer(.dataSeed))
    }

    /// What `--set` gave, unless it has a flag of its own.
    func hyperparameters(among settings: [String: String]) throws(ExperimentError) -> [String: String] {
        for field in RunField.allCases {
            guard let text = settings[field.rawValue] else { continue }
            throw ExperimentError(
                .invalidValue, "--set: '\(field.rawValue)' has a flag of its own; give \(field.flag) \(text)")
        }
        return settings
    }

    /// Throws when one of `refused` is given although it has no meaning here.
    func refuse(_ refused: [RunField], because reason: String) throws(ExperimentError) {
        for field in refused {
            guard let text = fields[field] else { continue }
            throw ExperimentError(.invalidValue, "\(field.flag): '\(text)' cannot be used: \(reason)")
        }
    }

    private static func initialValue(_ text: String) -> InitialValue? {
        switch text {
        case "normal": return .normal
        case "uniform": return .uniform
        default:
            guard let number = Double(decimal: text), number.isFinite else { return nil }
            return .value(number)
        }
    }

    private static func badInitialization(_ text: String) -> ExperimentError {
        ExperimentError(
            .invalidValue, "--init: '\(text)' is not a start for w and b; give normal, uniform or w=0.5,b=0")
    }
}

extension FieldReader {
    /// The flag that a refusal of the configuration is about, if it is about one.
    func flag(of code: LearningError.Code) -> String? {
        switch code {
        case .invalidBatchSize: RunField.batchSize.flag
        case .invalidStepCount: fields[.epochs] == nil ? RunField.steps.flag : RunField.epochs.flag
        case .invalidSchedule: RunField.schedule.flag
        case .invalidClipping: RunField.clip.flag
        case .invalidStopping: RunField.target.flag
        case .unknownOptimizer: RunField.optimizer.flag
        case .unknownHyperparameter, .invalidHyperparameter: "--set"
        case .invalidConfiguration, .invalidSeed, .invalidData, .invalidParameters: nil
        }
    }
}
