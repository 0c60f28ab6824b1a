/// A setting of a run as the command line names it; in a sweep each may hold several values.
package enum RunField: String, Sendable, CaseIterable, Codable {
    case recipe, optimizer, lr
    case batchSize = "batch-size"
    case steps, epochs, schedule, clip, target, loss, dtype, gradients, sampling
    case initialization = "init"
    case data, x, y, scale, samples, noise
    case dataSeed = "data-seed"
    case stream, seed

    /// Whether a sweep, too, holds one value: commas belong to a start, a target, a path and a column's name.
    var isSingle: Bool { [.initialization, .target, .data, .x, .y].contains(self) }

    /// What `text` stands for in a sweep.
    func values(of text: String) throws(ExperimentError) -> AxisValues {
        switch self {
        case _ where isSingle: .list([text])
        case .schedule: .list(ValueList.schedules(of: text))
        default: try ValueList.choices(of: text, flag: flag)
        }
    }

    /// Whether `text` is a sweep's list or range.
    fileprivate func holdsSeveral(_ text: String) -> Bool {
        switch self {
        case _ where isSingle: false
        case .schedule: ValueList.schedules(of: text).count > 1
        default: text.contains(",") || ValueList.isRange(text)
        }
    }

    /// The flag as a person types it.
    package var flag: String { "--\(rawValue)" }
}

/// One value per setting, as text: what `run` is given, and what a point of a sweep's search space is.
package struct RunValues: Sendable, Equatable {
    package var fields: [RunField: String]
    /// Hyperparameters by name.
    package var settings: [String: String]

    package init(fields: [RunField: String] = [:], settings: [String: String] = [:]) {
        self.fields = fields
        self.settings = settings
    }

    /// What `run` is given: flags with one value each, and the arguments of `--set`.
    package init(fields: [RunField: String], settings: [String]) throws(ExperimentError) {
        for field in RunField.allCases {
            guard let text = fields[field], field.holdsSeveral(text) else { continue }
            throw ExperimentError(
                .invalidValue,
                "\(field.flag): '\(text)' holds several values, but a run has one; "
                    + "give one, or use gradbook sweep")
        }
        self.init(fields: fields, settings: try SettingText.values(of: settings))
    }
}
