package import Learning

/// Turns typed values into configurations, reading each data file once.
///
/// Every error names the flag, the offending value and what would be right.
package struct RequestReader {
    private var files: [FileKey: DataFile] = [:]

    package init() {}

    /// The configuration that `values` describe, with its data.
    package mutating func read(_ values: RunValues) throws -> PreparedRun {
        var request = ConfigurationRequest()
        let fields = FieldReader(fields: values.fields)
        request.recipe = try fields.choice(.recipe, Recipe.self)
        request.optimizer = values.fields[.optimizer]
        request.learningRate = try fields.positiveNumber(.lr, example: "0.01")
        request.settings = values.settings
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
            throw ExperimentError(error, flag: fields.flag(of: error.code))
        }
        let data = try file?.data ?? TrainingData.chapter(for: configuration)
        try Self.checkMagnitude(of: data)
        return PreparedRun(
            configuration: configuration, recipe: request.recipe, data: data, source: file?.path ?? "")
    }

    /// The exact answer to the data is stored with them, so it must be made of finite numbers.
    private static func checkMagnitude(of data: TrainingData) throws(ExperimentError) {
        let answer = LeastSquares(of: data)
        var numbers = [answer.hessianWW, answer.hessianWB, data.scaling.xDivisor, data.scaling.yDivisor]
        numbers.append(data.scaling.yOffset)
        if let optimum = answer.optimum { numbers += [optimum.w, optimum.b, optimum.loss] }
        guard numbers.allSatisfy(\.isFinite) else {
            throw ExperimentError(
                .invalidValue, "the data are too large: their squares overflow a 64-bit number; rescale them")
        }
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
    package let data: TrainingData
    /// The path of the data's file, or nothing for the chapter's data.
    package let source: String
}
