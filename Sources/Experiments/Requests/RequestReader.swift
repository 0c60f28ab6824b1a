package import Learning
import Theory

/// Turns typed values into configurations, reading each data file once.
///
/// Every error names the flag, the offending value and what would be right.
package struct RequestReader {
    /// Where the values' seed comes from.
    private let seedFlag: String
    private var files: [FileKey: DataFile] = [:]
    private var datasets: [DatasetKey: RecordedData] = [:]

    package init(seedFlag: String = RunField.seed.flag) {
        self.seedFlag = seedFlag
    }

    /// The configuration that `values` describe, with its data.
    package mutating func read(_ values: RunValues) throws -> PreparedRun {
        var request = ConfigurationRequest()
        let fields = FieldReader(fields: values.fields)
        request.recipe = try fields.choice(.recipe, Recipe.self)
        request.optimizer = values.fields[.optimizer]
        request.learningRate = try fields.learningRate()
        request.settings = try fields.hyperparameters(among: values.settings)
        request.schedule = try fields.schedule()
        request.clipping = try fields.clipping()
        request.stopping = try fields.stopping()
        request.batchSize = try fields.batchSize()
        request.duration = try fields.duration()
        request.seed = try fields.integer(.seed)
        request.loss = try fields.choice(.loss, LossKind.self)
        request.dtype = try fields.choice(.dtype, ElementType.self)
        request.gradients = try fields.choice(.gradients, GradientMethod.self)
        request.sampling = try fields.choice(.sampling, Sampling.self)
        request.initialization = try fields.initialization()
        request.stream = try fields.choice(.stream, RandomnessConfiguration.Stream.self)
        let file = try readFile(fields)
        request.data = try file?.request ?? fields.chapter()
        let configuration: RunConfiguration
        do {
            configuration = try request.configuration()
        } catch {
            throw ExperimentError(
                error, flag: fields.flag(of: error.code) ?? (error.code == .invalidSeed ? seedFlag : nil))
        }
        return PreparedRun(
            configuration: configuration, recipe: request.recipe, data: try data(of: configuration, from: file))
    }

    /// The same run on another seed.
    package mutating func read(_ run: PreparedRun, again seed: Int64) throws -> PreparedRun {
        var run = run
        run.configuration.seed = seed
        do {
            try run.configuration.validateSeeds()
        } catch {
            throw ExperimentError(error, flag: seedFlag)
        }
        guard case .chapter(_, _, seed: nil) = run.configuration.data else { return run }
        return PreparedRun(
            configuration: run.configuration, recipe: run.recipe, data: try data(of: run.configuration, from: nil))
    }

    private struct DatasetKey: Hashable {
        let data: DataKey
        let path: String
    }

    /// Runs mostly share their data: these are made, solved and hashed once.
    private mutating func data(of configuration: RunConfiguration, from file: DataFile?) throws -> RecordedData {
        let key = DatasetKey(data: DataKey(configuration), path: file?.path ?? "")
        if let known = datasets[key] { return known }
        let data = RecordedData(
            try file?.data ?? TrainingData.chapter(for: configuration), as: configuration.data,
            source: file?.path ?? "")
        guard data.isFinite else {
            throw ExperimentError(
                .invalidValue, "the data are too large: their squares overflow a 64-bit number; rescale them")
        }
        datasets[key] = data
        return data
    }

    private struct FileKey: Hashable {
        let path: String
        let x: String
        let y: String
        let scale: DataConfiguration.Scale
    }

    /// The data file asked for, or nil for the chapter's data.
    private mutating func readFile(_ fields: FieldReader) throws -> DataFile? {
        guard let path = fields.fields[.data], path != "chapter" else {
            try fields.refuse([.x, .y, .scale], because: "it is for data from a file; add --data FILE.csv")
            return nil
        }
        try fields.refuse(
            [.samples, .noise, .dataSeed],
            because: "it is for the chapter's data, and --data is '\(path)'; leave one out")
        guard let x = fields.fields[.x], let y = fields.fields[.y] else {
            throw ExperimentError(
                .invalidValue, "--data: '\(path)' needs its columns named; add --x COLUMN --y COLUMN")
        }
        let scale = try fields.choice(.scale, DataConfiguration.Scale.self) ?? .none
        let key = FileKey(path: path, x: x, y: y, scale: scale)
        if let file = files[key] { return file }
        let file = try DataFile(path: path, x: x, y: y, scale: scale)
        files[key] = file
        return file
    }
}

/// A configuration together with the data it runs on.
package struct PreparedRun: Sendable {
    package var configuration: RunConfiguration
    package let recipe: Recipe?
    let recordedData: RecordedData

    package var data: TrainingData { recordedData.data }

    init(configuration: RunConfiguration, recipe: Recipe?, data: RecordedData) {
        self.configuration = configuration
        self.recipe = recipe
        recordedData = data
    }
}
