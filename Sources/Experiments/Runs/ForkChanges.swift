import Learning
import Theory

/// What a fork does otherwise than its parent, as typed.
struct ForkChanges {
    /// The settings that a run need not have.
    private static let removable: Set<RunField> = [.schedule, .clip, .target]
    /// The settings that are no hyperparameters, and can change on the way.
    private static let changeable: [RunField] = [
        .optimizer, .lr, .batchSize, .steps, .schedule, .clip, .target, .loss,
    ]

    private var fields: [RunField: String] = [:]
    private var settings: [String: String] = [:]

    init(_ changes: [String]) throws(ExperimentError) {
        for (name, value) in try Self.values(of: changes) {
            if let field = RunField(rawValue: name.replacing("_", with: "-")) {
                guard Self.changeable.contains(field) else {
                    let names = Self.changeable.map { $0.rawValue.replacing("-", with: "_") }
                    throw ExperimentError(
                        .invalidValue,
                        "'\(name)' cannot change in a fork; give \(names.joined(separator: ", ")) or a hyperparameter "
                            + "of the optimizer")
                }
                fields[field] = value
            } else {
                settings[name] = value
            }
        }
    }

    /// The parent's configuration with these changes.
    func applied(to parent: RunConfiguration) throws(ExperimentError) -> RunConfiguration {
        do {
            return try apply(to: parent)
        } catch let error as LearningError {
            throw ExperimentError(error, flag: nil)
        } catch let error as ExperimentError {
            // A change is typed without the dashes of a flag.
            throw ExperimentError(error.code, String(error.description.trimmingPrefix("--")))
        } catch {
            throw ExperimentError(.invalidValue, "\(error)")
        }
    }

    // MARK: - Internals

    private static func values(of changes: [String]) throws(ExperimentError) -> [String: String] {
        do {
            return try SettingText.values(of: changes)
        } catch {
            throw ExperimentError(error.code, String(error.description.trimmingPrefix("--set: ")))
        }
    }

    private func apply(to parent: RunConfiguration) throws -> RunConfiguration {
        var configuration = parent
        let reader = FieldReader(fields: fields.filter { $0.value != "none" || !Self.removable.contains($0.key) })
        if !settings.isEmpty || fields[.optimizer] != nil || fields[.lr] != nil {
            configuration.optimizer = try optimizer(parent.optimizer, reader)
        }
        configuration.batchSize = try reader.batchSize() ?? parent.batchSize
        configuration.steps = try reader.positiveInteger(.steps, example: 1000) ?? parent.steps
        configuration.loss = try reader.choice(.loss, LossKind.self) ?? parent.loss
        if fields[.schedule] != nil { configuration.schedule = try reader.schedule() }
        if fields[.clip] != nil { configuration.clipping = try reader.clipping() }
        if fields[.target] != nil { configuration.stopping = try reader.stopping() }
        return configuration
    }

    /// The parent's hyperparameters belong to its optimizer; another one has its defaults.
    private func optimizer(_ parent: OptimizerConfiguration, _ reader: FieldReader) throws -> OptimizerConfiguration {
        let name = fields[.optimizer] ?? parent.name
        var texts: [String: String] = [:]
        if name == parent.name {
            texts = parent.hyperparameters.mapValues(\.description)
            for (parameter, values) in parent.parameters {
                for (key, value) in values { texts["\(parameter).\(key)"] = value.description }
            }
        }
        return try OptimizerRegistry.configuration(
            named: name, learningRate: try reader.learningRate() ?? (name == parent.name ? parent.learningRate : nil),
            settings: texts.merging(settings) { $1 })
    }
}
