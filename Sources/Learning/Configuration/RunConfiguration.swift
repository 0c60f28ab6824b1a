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

    private enum CodingKeys: String, CodingKey {
        case numerics, model, data, dtype, loss, gradients, initialization, optimizer, schedule, clipping, stopping
        case sampling, steps, seed, randomness, fork
        case batchSize = "batch_size"
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

    /// Reads a configuration back from its text.
    package init(json: String) throws(LearningError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
        } catch let error as LearningError {
            throw error
        } catch {
            throw LearningError(
                .invalidConfiguration, "the configuration cannot be read (\(Self.reason(of: error)))",
                advice: "give the JSON that a run stores in its column config", underlying: error)
        }
    }

    private static func reason(of error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "the field '\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is not JSON"
                : "the field '\(context.codingPath.map(\.stringValue).joined(separator: "."))' has no usable value"
        default: "it is not JSON"
        }
    }
}

extension RunConfiguration {
    /// A billion recorded steps fill 60 GB; more is a typo.
    package static let largestStepCount = 1_000_000_000

    /// Checks what the types alone do not: ranges, and that the parts fit together and to the data.
    /// - Throws: `LearningError` with the value and the fix.
    package func validate(sampleCount: Int) throws(LearningError) {
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
        if case .samples(let size) = batchSize {
            guard size > 0 else {
                throw LearningError(
                    .invalidBatchSize, "a batch has at least one sample, not \(size)", advice: "give 10, or full")
            }
            guard size <= sampleCount else {
                throw LearningError(
                    .invalidBatchSize, "a batch of \(size) is larger than the data's \(sampleCount.counted("sample"))",
                    advice: "give at most \(sampleCount), or full")
            }
        }
        try initialization.validate(for: model.layout)
        try validateSeeds()
        try OptimizerRegistry.validate(optimizer, of: model)
        try validateSchedule()
        try clipping?.validate()
        try stopping?.validate(dtype: dtype)
        try validateModel()
        try validateFork(sampleCount: sampleCount)
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
