import Learning
import TextFormats

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
            return try Assignment.values(of: changes)
        } catch {
            throw error.about(nil)
        }
    }
}
