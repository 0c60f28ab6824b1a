import Learning
import TextFormats

/// A whole configuration from a file, with what flags change in it; without flags its runs have the bits of the run that it
/// comes from.
///
/// Flags have the meaning that they have beside a file of settings: see ``OverriddenSettings``. On a data file,
/// `data` alone says where that file is now; with `x` and `y` it names another one.
struct OverriddenConfiguration: Sendable {
    private let path: String
    private let flags: GivenSettings
    private var spec: RunSpec
    /// What was read of a data file.
    private var file: DataFile?

    init(_ text: ConfigurationText, by flags: GivenSettings) throws {
        path = text.path
        self.flags = flags
        do throws(LearningError) {
            spec = RunSpec(changing: try RunConfiguration(json: text.text))
        } catch {
            throw Self.refusal(of: text.path, error)
        }
        try check()
        try changeHyperparameters()
        for setting in RunSetting.all where !setting.isOfData {
            if let text = flags.fields[setting] { try setting.change(to: text, in: &spec) }
        }
        try changeData()
    }

    /// What the run is trained on.
    var data: DataConfiguration { spec.configuration.data }

    /// The run, on data that are generated or were read; nil where they are a file's that only a notebook has.
    func run() throws -> PreparedRun? {
        if let file { return try run(on: file.data, from: file.path) }
        guard case .chapter = data else { return nil }
        let configuration = try resolved(sampleCount: nil)
        do {
            return try prepared(configuration, TrainingData.chapter(for: configuration), from: "")
        } catch let error as any MessageError {
            throw Self.refusal(of: path, error)
        }
    }

    /// The run on a file's data, which come from `source`.
    func run(on data: TrainingData, from source: String) throws -> PreparedRun {
        try prepared(resolved(sampleCount: data.count), data, from: source)
    }

    // MARK: - Internals

    private func prepared(
        _ configuration: RunConfiguration, _ data: TrainingData, from source: String
    ) throws(ExperimentError) -> PreparedRun {
        PreparedRun(
            configuration: configuration, recipe: nil,
            data: try RecordedData(data, of: configuration, source: source), notes: file?.notes ?? [])
    }

    private func resolved(sampleCount: Int?) throws(ExperimentError) -> RunConfiguration {
        do {
            return try spec.configuration(sampleCount: sampleCount)
        } catch {
            let flag = RunSetting.all.first { $0.refusals.contains(error.code) && flags.fields[$0] != nil }
            switch error.code {
            case .unknownHyperparameter where !flags.hyperparameters.isEmpty,
                .invalidHyperparameter where !flags.hyperparameters.isEmpty:
                throw ExperimentError(error, about: .hyperparameters)
            default:
                if let flag { throw ExperimentError(error, about: flag.subject) }
                throw Self.refusal(of: path, error)
            }
        }
    }

    /// The file is what is wrong, not how the command was typed.
    private static func refusal(of path: String, _ error: any MessageError) -> ExperimentError {
        ExperimentError(
            .unusableFile, about: "\(option: "config")", "'\(path)': \(error.message)", advice: error.advice,
            underlying: error)
    }

    private func check() throws(ExperimentError) {
        if let recipe = flags.fields[.recipe] {
            throw ExperimentError(
                .invalidValue, about: RunSetting.recipe.subject,
                "'\(recipe)' is a start, and '\(path)' is the whole configuration of a run", advice: "leave one out")
        }
        var trained = flags
        trained.fields = flags.fields.filter { !$0.key.isOfData }
        try SettingsParser.checkTogether(RawSettings(trained))
    }

    /// Of another optimizer: the learning rate stays, and so does every other value that is not the former one's default.
    private mutating func changeHyperparameters() throws(ExperimentError) {
        let base = spec.configuration.optimizer
        let changes = try RawSettings(flags).hyperparameters
        let removed = Set(changes.keys.filter { changes[$0] == "none" && base.value(named: $0) != nil })
        spec.hyperparameters = changes.filter { !removed.contains($0.key) }
        for name in removed { spec.configuration.optimizer.reset(name) }
        guard let name = flags.fields[.optimizer], name != base.name,
            let optimizer = try? OptimizerRegistry.descriptor(named: name)
        else { return }
        spec.learningRate = base.learningRate
        for (name, value) in spec.configuration.optimizer.changedValues where changes[name] == nil {
            guard optimizer.hasHyperparameter(name) else {
                throw ExperimentError(
                    hyperparameter: Assignment(name: name, value: value), of: path, doesNotFit: [optimizer.name])
            }
            spec.hyperparameters[name] = value
        }
    }

    private mutating func changeData() throws {
        let given = flags.fields[.data]
        switch data {
        case .csv where given == "chapter":
            spec.configuration.data = RunSpec().configuration.data
            try changeChapter()
        case .chapter where given == nil || given == "chapter": try changeChapter()
        case .chapter: try changeFile(isOther: true)
        case .csv(_, let x, let y, let scale, let format):
            let isOther = flags.fields[.x] != nil && flags.fields[.y] != nil
            (spec.file.x, spec.file.y, spec.file.scale) = (x, y, scale)
            // How another file is written is recognized again.
            if !isOther || given == nil { spec.file.format = CSVOptions(format) }
            try changeFile(isOther: isOther)
        }
    }

    private mutating func changeChapter() throws(ExperimentError) {
        try SettingsParser.refuse(
            RunSetting.ofFiles, in: flags.fields, because: "is for data from a file",
            advice: "add \(option: RunSetting.data.name) FILE.csv")
        for setting in RunSetting.ofChapter {
            if let text = flags.fields[setting] { try setting.set(text, in: &spec) }
        }
    }

    /// `isOther` where the file need not be that of the configuration.
    private mutating func changeFile(isOther: Bool) throws(ExperimentError) {
        try SettingsParser.refuse(
            RunSetting.ofChapter, in: flags.fields, because: "is for the chapter's data, and the run is on a file",
            advice: "leave it out, or add \(option: RunSetting.data.name) chapter")
        for setting in [RunSetting.data] + RunSetting.ofFiles {
            if let text = flags.fields[setting] { try setting.set(text, in: &spec) }
        }
        guard let path = spec.file.path else {
            if case .csv(let hash, let x, let y, let scale, let format) = data {
                spec.configuration.data = .csv(
                    contentHash: hash, x: spec.file.x ?? x, y: spec.file.y ?? y, scale: spec.file.scale ?? scale,
                    format: CSVFormat(spec.file.format, else: format))
            }
            return
        }
        guard spec.file.x != nil, spec.file.y != nil else { throw SettingsParser.columnsMissing(of: path) }
        var parser = SettingsParser()
        guard let read = try parser.read(spec.file, for: spec.configuration.model) else { return }
        if case .csv(let hash, _, _, _, _) = data, !isOther, read.contentHash != hash {
            throw ExperimentError(
                .unusableFile, about: RunSetting.data.subject,
                "'\(path)' is not the file of the configuration: its SHA-256 is \(read.contentHash), not \(hash)",
                advice: "add \(RunSetting.x.subject) COLUMN \(RunSetting.y.subject) COLUMN to train on it all the same")
        }
        file = read
        spec.configuration.data = read.configuration
    }
}

extension OptimizerConfiguration {
    /// The value of a hyperparameter, for all parameters or, as in `b.lr`, for one.
    fileprivate func value(named name: String) -> HyperparameterValue? {
        guard let (parameter, own) = OptimizerRegistry.parts(of: name) else { return hyperparameters[name] }
        return parameters[parameter]?[own]
    }

    /// Gives a hyperparameter its default, or takes away a parameter's own.
    fileprivate mutating func reset(_ name: String) {
        if let (parameter, own) = OptimizerRegistry.parts(of: name) {
            parameters[parameter]?[own] = nil
            if parameters[parameter]?.isEmpty == true { parameters[parameter] = nil }
        } else if let value = defaults[name] {
            hyperparameters[name] = value
        }
    }

    private var defaults: [String: HyperparameterValue] {
        let table = (try? OptimizerRegistry.descriptor(named: name).hyperparameters) ?? []
        return table.reduce(into: [:]) { $0[$1.name] = $1.defaultValue }
    }

    /// Every value, as typed, that is not the default, in the order of names.
    fileprivate var changedValues: [(name: String, value: String)] {
        let defaults = defaults
        let shared = hyperparameters.filter { defaults[$0.key] != $0.value }.map { ($0.key, $0.value.description) }
        let own = parameters.flatMap { parameter, values in
            values.map { ("\(parameter).\($0.key)", $0.value.description) }
        }
        return (shared + own).sorted { $0.0 < $1.0 }
    }
}
