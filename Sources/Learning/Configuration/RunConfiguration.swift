import Foundation
import TextFormats
package import Theory

/// Everything that decides a run's numbers: two runs with equal configurations have equal bits.
///
/// Stored as canonical JSON (``canonicalJSON()``). Nothing outside it, such as names, tags, durability or the
/// number of workers, may influence a number.
package struct RunConfiguration: Sendable, Hashable, Codable {
    /// Raised whenever a release computes other bits from an equal configuration.
    package static let currentNumericsVersion = 1

    package var numerics = Self.currentNumericsVersion
    package var model: ModelConfiguration
    package var data: DataConfiguration
    package var dtype = ElementType.float64
    package var loss = LossKind.mse
    package var gradients = GradientMethod.autograd
    package var initialization: Initialization
    package var optimizer: OptimizerConfiguration
    /// How the learning rate changes; nil keeps it.
    package var schedule: ScheduleConfiguration?
    /// What gradients are cut to before an update; nil leaves them.
    package var clipping: GradientClipping?
    /// What ends the run before its last step; nil means nothing does.
    package var stopping: StoppingCriteria?
    package var batchSize: BatchSize
    package var sampling = Sampling.shuffled
    /// Number of optimizer updates; epochs are converted when the configuration is made.
    package var steps: Int
    package var seed: Int64
    package var randomness: RandomnessConfiguration
    /// Where the run leaves another one; nil if it has a beginning of its own.
    package var fork: ForkPoint?

    package init(
        model: ModelConfiguration = .quadratic, data: DataConfiguration, optimizer: OptimizerConfiguration,
        batchSize: BatchSize, steps: Int, seed: Int64, randomness: RandomnessConfiguration
    ) {
        self.model = model
        initialization = model.model.initialization
        self.data = data
        self.optimizer = optimizer
        self.batchSize = batchSize
        self.steps = steps
        self.seed = seed
        self.randomness = randomness
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case numerics, model, data, dtype, loss, gradients, initialization, optimizer, schedule, clipping, stopping
        case sampling, steps, seed, randomness, fork
        case batchSize = "batch_size"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self, only: CodingKeys.allCases)
        numerics = try container.whole(Int.self, forKey: .numerics)
        model = try container.decode(ModelConfiguration.self, forKey: .model)
        data = try container.decode(DataConfiguration.self, forKey: .data)
        dtype = try container.decode(ElementType.self, forKey: .dtype)
        loss = try container.decode(LossKind.self, forKey: .loss)
        gradients = try container.decode(GradientMethod.self, forKey: .gradients)
        initialization = try container.decode(Initialization.self, forKey: .initialization)
        optimizer = try container.decode(OptimizerConfiguration.self, forKey: .optimizer)
        schedule = try container.decodeIfPresent(ScheduleConfiguration.self, forKey: .schedule)
        clipping = try container.decodeIfPresent(GradientClipping.self, forKey: .clipping)
        stopping = try container.decodeIfPresent(StoppingCriteria.self, forKey: .stopping)
        batchSize = try container.decode(BatchSize.self, forKey: .batchSize)
        sampling = try container.decode(Sampling.self, forKey: .sampling)
        steps = try container.whole(Int.self, forKey: .steps)
        seed = try container.whole(Int64.self, forKey: .seed)
        randomness = try container.decode(RandomnessConfiguration.self, forKey: .randomness)
        fork = try container.decodeIfPresent(ForkPoint.self, forKey: .fork)
    }
}

/// The number type all of a run's arithmetic is done in.
package enum ElementType: String, Sendable, Codable, CaseIterable {
    case float32
    case float64
}

/// Who computes the gradients.
package enum GradientMethod: String, Sendable, Codable, CaseIterable {
    /// The autograd core: a graph per step and `backward()`, in PyTorch's order of operations.
    case autograd
    /// The formulas written out by hand, in NumPy's order of operations.
    case manual
    /// The autograd core's gradient tape, in TensorFlow's order of operations.
    case tape
}

/// In which order samples are drawn into batches; a full batch keeps the data's own order.
package enum Sampling: String, Sendable, Codable, CaseIterable {
    /// Every epoch is a new permutation of all samples, cut into batches; the last one may be short.
    case shuffled
    /// The same, but samples left over at the end of an epoch are not seen in it.
    case shuffledDropLast = "shuffled-drop-last"
    /// Every batch is drawn independently, with replacement.
    case iid
}

/// How many samples one step sees.
package enum BatchSize: Sendable, Hashable {
    case full
    case samples(Int)

    /// The number of samples of a batch out of `count`.
    package func resolved(of count: Int) -> Int {
        switch self {
        case .full: count
        case .samples(let size): size
        }
    }
}

extension BatchSize: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let size = try? container.decode(Int.self) {
            self = .samples(size)
        } else if try container.decode(String.self) == "full" {
            self = .full
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "batch_size is neither a number nor \"full\"")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .full: try container.encode("full")
        case .samples(let size): try container.encode(size)
        }
    }
}

extension RunConfiguration {
    /// The one text of this configuration: keys sorted, no spaces, shortest numbers that read back exactly.
    package func canonicalJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The canonical text with the seed set to 0: runs that share it are replicates of each other.
    package func canonicalJSONIgnoringSeed() throws -> String {
        try onSeed(0).canonicalJSON()
    }

    /// Reads a configuration back from its text, which may come from anywhere.
    ///
    /// Every value is in the range that ``validate()`` gives it, so nothing that is made from it is larger than a run's.
    package init(json: String) throws(LearningError) {
        let text: JSONText
        do {
            text = try JSONText(Array(json.utf8))
        } catch {
            throw Self.unreadable(error.description, error)
        }
        do {
            let decoder = JSONDecoder()
            decoder.nonConformingFloatDecodingStrategy = .words
            self = try decoder.decode(Self.self, from: Data(text.bytes))
            try validate()
        } catch let error as LearningError {
            throw error
        } catch {
            throw Self.unreadable(Self.reason(of: error, in: text), error)
        }
    }

    private static func unreadable(_ reason: String, _ error: any Error) -> LearningError {
        LearningError(
            .invalidConfiguration, "the configuration cannot be read (\(reason))",
            advice: "give the JSON that a run stores in its column config", underlying: error)
    }

    private static func reason(of error: any Error, in text: JSONText) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            return "the field '\(names(context.codingPath + [key]).joined(separator: "."))' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            let path = names(context.codingPath)
            guard !path.isEmpty else { return text.isObject ? "a number in it is out of range" : "it is no object" }
            let value = text.excerpt(at: path).map { ": \($0)" } ?? ""
            return "the field '\(path.joined(separator: "."))' has no usable value\(value)"
        default: return "it is not JSON"
        }
    }

    private static func names(_ path: [any CodingKey]) -> [String] {
        path.map { $0.intValue.map(String.init) ?? $0.stringValue }
    }
}

extension RunConfiguration {
    /// A billion recorded steps fill 60 GB; more is a typo.
    package static let largestStepCount = 1_000_000_000
    /// Data are kept in memory and in the notebook, so there is a limit.
    package static let largestSampleCount = 1_000_000

    /// Checks what the types alone do not: ranges, and that the parts fit together and to the data.
    /// - Throws: `LearningError` with the value and the fix.
    package func validate(sampleCount: Int) throws(LearningError) {
        try validate()
        for configuration in [self] + parents {
            guard case .samples(let size) = configuration.batchSize, size > sampleCount else { continue }
            throw LearningError(
                .invalidBatchSize, "a batch of \(size) is larger than the data's \(sampleCount.counted("sample"))",
                advice: "give at most \(sampleCount), or full")
        }
    }

    /// The run that a fork leaves, the one that that one left, and so on.
    var parents: [RunConfiguration] {
        var parents: [RunConfiguration] = []
        var fork = fork
        while let point = fork {
            parents.append(point.parent)
            fork = point.parent.fork
        }
        return parents
    }

    /// Checks what can be checked without the data.
    /// - Throws: `LearningError` with the value and the fix.
    package func validate() throws(LearningError) {
        guard numerics == Self.currentNumericsVersion else {
            throw LearningError(
                .invalidConfiguration,
                "the configuration was made for numerics version \(numerics), and this program computes version "
                    + "\(Self.currentNumericsVersion)", advice: "use the release that made it")
        }
        guard (1...Self.largestStepCount).contains(steps) else {
            throw LearningError(
                .invalidStepCount, "a run has 1 to \(Self.largestStepCount) steps, not \(steps)",
                advice: "give fewer epochs or larger batches")
        }
        if case .samples(let size) = batchSize, size <= 0 {
            throw LearningError(
                .invalidBatchSize, "a batch has at least one sample, not \(size)", advice: "give 10, or full")
        }
        try data.validate()
        try randomness.batchOrder?.validate()
        try initialization.validate(for: model.layout)
        try validateSeeds()
        try OptimizerRegistry.validate(optimizer, of: model)
        guard optimizer.learningRate > 0 else {
            throw LearningError(
                .invalidHyperparameter, "the learning rate is a number above 0, not \(optimizer.learningRate)",
                advice: "give a value such as 0.01")
        }
        try validateSchedule()
        try clipping?.validate()
        try stopping?.validate(dtype: dtype)
        try validateModel()
        try validateFork()
    }

    /// Not every model has gradients written by hand, or a known optimum.
    private func validateModel() throws(LearningError) {
        if gradients == .manual { _ = try model.handDifferentiated() }
        if stopping?.excess != nil, !model.model.hasLossSurface {
            throw LearningError(
                .invalidStopping,
                "a run of the model \(model) cannot stop at an excess, because its optimum is not known",
                advice: "give a loss or a gradient_norm")
        }
    }

    /// A schedule that cycles the momentum needs an optimizer that has one.
    private func validateSchedule() throws(LearningError) {
        guard let schedule, try ScheduleRegistry.makeSchedule(schedule).cyclesMomentum else { return }
        let names = try OptimizerRegistry.descriptor(named: optimizer.name).hyperparameters.map(\.name)
        guard names.contains("momentum") || names.contains("beta1") else {
            throw LearningError(
                .invalidSchedule, "the schedule '\(schedule)' changes the momentum, and \(optimizer.name) has none",
                advice: "add cycle_momentum=false to it")
        }
    }

    /// Checks that the random streams have the seeds that are asked of them.
    package func validateSeeds() throws(LearningError) {
        if randomness.stream == .numpy {
            _ = try RandomSource.numpySeed(seed)
            if case .chapter(_, _, let dataSeed?) = data { _ = try RandomSource.numpySeed(dataSeed) }
        }
        if let order = randomness.batchOrder, order.seed == nil {
            _ = try RandomSource.numpySeed(seed)
        }
    }
}
