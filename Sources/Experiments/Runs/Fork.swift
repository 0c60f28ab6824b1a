import Learning
import TextFormats
package import Tracking

/// A run that begins with the steps of another one and continues from there, with other settings.
package struct Fork: Sendable {
    package let parent: Run
    /// The first step of its own.
    package let step: Int
    package let run: PreparedRun

    /// Plans the fork, on the data that the notebook holds.
    ///
    /// A change is `NAME=VALUE`: lr, optimizer, batch_size, steps, loss, schedule, clip, target (the last three also
    /// `none`), or a hyperparameter of the optimizer. The steps before the fork are trained, and their end compared with
    /// the parent's row.
    package init(of parent: Run, at step: Int, changes: [String], in store: Store) throws {
        try parent.mustBeTrained()
        let origin = try parent.configuration()
        let dataset = try store.datasets.find(id: parent.trainingData)
        let data = try TrainingData(dataset)
        var configuration = try ForkChanges(changes).applied(to: origin)
        configuration.fork = ForkPoint(step: step, of: origin)
        let training = try Trainer(configuration, data: data)
        let stored = try store.steps.all(ofRun: parent.id, in: step..<step + 1).first
        let places = configuration.stepSchema.indices(of: .parameter)
        let parameters = training.initialParameters
        let count = configuration.stepSchema.columns.count
        if let stored,
            stored.values.count != count
                || places.map({ stored.values[$0].bitPattern }) != parameters.map(\.bitPattern)
        {
            throw ExperimentError(
                .conflict,
                "run \(parent.id) has other parameters at step \(step) than it computes",
                advice: "\(command: "verify", "\(parent.id)") names what differs")
        }
        self.parent = parent
        self.step = step
        run = PreparedRun(
            configuration: configuration, recipe: nil,
            data: try RecordedData(data, of: configuration, source: dataset.source))
    }
}

extension ExperimentRunner {
    /// Plans a fork of a run of this notebook.
    package func fork(_ parent: Run, at step: Int, changes: [String]) throws -> Fork {
        try Fork(of: parent, at: step, changes: changes, in: store)
    }
}

/// What a fork does otherwise than its parent, as typed: `lr=0.003`, `schedule=none`, `beta1=0.8`.
struct ForkChanges {
    private let settings: RawSettings

    init(_ changes: [String]) throws(ExperimentError) {
        var settings = RawSettings()
        for (name, value) in try Self.values(of: changes) {
            guard let setting = RunSetting.named(name.replacing("_", with: "-")) else {
                settings.hyperparameters[name] = value
                continue
            }
            guard setting.canChangeInFork else {
                let names = RunSetting.all.filter(\.canChangeInFork).map(\.nameInChanges)
                throw ExperimentError(
                    .invalidValue, "'\(name)' cannot change in a fork",
                    advice: "give \(names.joined(separator: ", ")) or a hyperparameter of the optimizer")
            }
            settings.fields[setting] = value
        }
        self.settings = settings
    }

    /// The parent's configuration with these changes.
    func applied(to parent: RunConfiguration) throws(ExperimentError) -> RunConfiguration {
        var spec = RunSpec(changing: parent)
        for setting in RunSetting.all {
            guard let text = settings.fields[setting] else { continue }
            do {
                try setting.change(to: text, in: &spec)
            } catch {
                // A change is typed without the dashes of an option.
                throw error.about("\(setting.name)")
            }
        }
        spec.hyperparameters = settings.hyperparameters
        do {
            return try spec.resolved()
        } catch {
            throw ExperimentError(error, about: nil)
        }
    }

    private static func values(of changes: [String]) throws(ExperimentError) -> [String: String] {
        do {
            return try Assignment.values(of: GivenSettings(fields: [:], assignments: changes).hyperparameters)
        } catch {
            throw error.about(nil)
        }
    }
}
