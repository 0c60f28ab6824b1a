package import Learning
import TextFormats

/// Turns settings as text into runs, reading each data file once.
///
/// Every error names the setting, the offending value and what would be right.
package struct SettingsParser {
    /// The option that gives the runs' seeds.
    private let seedOption: String
    /// Takes the place of data files that a notebook has.
    private let recorded: RecordedFiles?
    private var contents: [String: DataFile.Contents] = [:]
    private var files: [FileKey: DataFile] = [:]
    private var datasets: [DatasetKey: RecordedData] = [:]

    package init(seedOption: String = RunSetting.seed.name, recorded: RecordedFiles? = nil) {
        self.seedOption = seedOption
        self.recorded = recorded
    }

    /// The run that `settings` describe, with its data.
    package mutating func parse(_ settings: RawSettings) throws -> PreparedRun {
        try Self.checkTogether(settings)
        var spec = RunSpec()
        for setting in RunSetting.all {
            if let text = settings.fields[setting] { try setting.set(text, in: &spec) }
        }
        spec.hyperparameters = settings.hyperparameters
        let file = try read(spec.file, for: spec.configuration.model)
        if let file { spec.data = file.configuration }
        let configuration: RunConfiguration
        do {
            configuration = try spec.configuration(sampleCount: file?.data.count)
        } catch {
            throw ExperimentError(error, about: subject(of: error.code, in: settings))
        }
        return PreparedRun(
            configuration: configuration, recipe: spec.recipe, data: try data(of: configuration, from: file),
            notes: file?.notes ?? [])
    }

    /// The same run on another seed.
    package mutating func parse(_ run: PreparedRun, again seed: Int64) throws -> PreparedRun {
        var run = run
        run.configuration.seed = seed
        do {
            try run.configuration.validateSeeds()
        } catch {
            throw ExperimentError(error, about: "\(option: seedOption)")
        }
        guard case .chapter(_, _, seed: nil) = run.configuration.data else { return run }
        return PreparedRun(
            configuration: run.configuration, recipe: run.recipe, data: try data(of: run.configuration, from: nil))
    }

    // MARK: - Settings

    /// Refuses settings that have no meaning beside each other.
    static func checkTogether(_ settings: RawSettings) throws(ExperimentError) {
        let fields = settings.fields
        if let path = fields[.data], path != "chapter" {
            try refuse(
                RunSetting.ofChapter, in: fields,
                because: "is for the chapter's data, and \(option: RunSetting.data.name) is '\(path)'",
                advice: "leave one out")
            guard fields[.x] != nil, fields[.y] != nil else {
                throw columnsMissing(of: path)
            }
        } else {
            try refuse(
                RunSetting.ofFiles, in: fields, because: "is for data from a file",
                advice: "add \(option: RunSetting.data.name) FILE.csv")
        }
        if fields[.steps] != nil, fields[.epochs] != nil {
            throw ExperimentError(
                .invalidValue,
                "\(RunSetting.steps.subject) and \(RunSetting.epochs.subject) both say how long to train",
                advice: "give only one of them")
        }
        for setting in RunSetting.all {
            guard let text = setting.names.compactMap({ settings.hyperparameters[$0] }).first else { continue }
            throw ExperimentError(
                .invalidValue, about: .hyperparameters, "'\(setting.name)' has a flag of its own",
                advice: "give \(setting.subject) \(text)")
        }
    }

    static func columnsMissing(of path: String) -> ExperimentError {
        ExperimentError(
            .invalidValue, about: RunSetting.data.subject, "'\(path)' needs its columns named",
            advice: "add \(option: RunSetting.x.name) COLUMN \(option: RunSetting.y.name) COLUMN")
    }

    /// Refuses the first of some settings that is given: it "is for" something else.
    static func refuse(
        _ refused: [RunSetting], in fields: [RunSetting: String], because reason: MessageText, advice: MessageText
    ) throws(ExperimentError) {
        for setting in refused {
            guard let text = fields[setting] else { continue }
            // A flag has no value that anybody typed.
            if case .flag = setting.form {
                throw ExperimentError(.invalidValue, "\(setting.subject) \(reason)", advice: advice)
            }
            throw ExperimentError(
                .invalidValue, about: setting.subject, "'\(text)' cannot be used: it \(reason)", advice: advice)
        }
    }

    /// What a refusal of the configuration is about, if it is about one setting: of several, one that was given.
    private func subject(of code: LearningError.Code, in settings: RawSettings) -> MessageText? {
        switch code {
        case .unknownHyperparameter, .invalidHyperparameter: return .hyperparameters
        case .invalidSeed: return "\(option: seedOption)"
        default:
            let candidates = RunSetting.all.filter { $0.refusals.contains(code) }
            return (candidates.first { settings.fields[$0] != nil } ?? candidates.first)?.subject
        }
    }

    // MARK: - Data

    private struct DatasetKey: Hashable {
        let data: DataKey
        let path: String
    }

    /// Runs mostly share their data: these are made, solved and hashed once.
    private mutating func data(of configuration: RunConfiguration, from file: DataFile?) throws -> RecordedData {
        let key = DatasetKey(data: DataKey(configuration), path: file?.path ?? "")
        if let known = datasets[key] { return known }
        let data = try RecordedData(
            file?.data ?? TrainingData.chapter(for: configuration), of: configuration, source: file?.path ?? "")
        datasets[key] = data
        return data
    }

    private struct FileKey: Hashable {
        let path: String
        let x: String
        let y: String
        let scale: DataConfiguration.Scale
        let format: CSVOptions
        let model: ModelConfiguration
    }

    /// The data file asked for, or nil for the chapter's data.
    mutating func read(
        _ asked: RunSpec.File, for model: ModelConfiguration
    ) throws(ExperimentError) -> DataFile? {
        guard let path = asked.path, let x = asked.x, let y = asked.y else { return nil }
        let key = FileKey(path: path, x: x, y: y, scale: asked.scale ?? .none, format: asked.format, model: model)
        if let file = files[key] { return file }
        let file: DataFile
        if let known = recorded?.file(at: path, x: x, y: y, scale: key.scale) {
            file = known
        } else {
            let contents: DataFile.Contents
            if let known = self.contents[path] {
                contents = known
            } else {
                contents = try DataFile.Contents(path: path)
            }
            self.contents[path] = contents
            file = try DataFile(contents, x: x, y: y, scale: key.scale, options: key.format, model: model)
            try recorded?.check(file)
        }
        files[key] = file
        return file
    }
}

/// A configuration together with the data it runs on.
package struct PreparedRun: Sendable {
    package var configuration: RunConfiguration
    package let recipe: Recipe?
    let recordedData: RecordedData
    /// What a person should know of how its data file was read.
    let notes: [MessageText]

    package var data: TrainingData { recordedData.data }

    init(
        configuration: RunConfiguration, recipe: Recipe?, data: RecordedData, notes: [MessageText] = []
    ) {
        self.configuration = configuration
        self.recipe = recipe
        recordedData = data
        self.notes = notes
    }
}
