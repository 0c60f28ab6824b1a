import Randomness
import TextFormats

/// One generator of either library, as a run uses it: for data, for initial values and for the order of samples.
struct RandomSource {
    private enum Generator {
        case numpy(NumPyStream)
        case torch(TorchStream)
    }

    let stream: RandomnessConfiguration.Stream
    private var generator: Generator

    /// - Throws: `LearningError` when NumPy does not know the seed.
    init(_ stream: RandomnessConfiguration.Stream, seed: Int64) throws(LearningError) {
        self.stream = stream
        switch stream {
        case .numpy: generator = .numpy(NumPyStream(seed: try Self.numpySeed(seed)))
        case .torch: generator = .torch(TorchStream(seed: seed))
        }
    }

    /// - Throws: `LearningError` when NumPy does not know the seed; PyTorch knows every one.
    static func numpySeed(_ seed: Int64) throws(LearningError) -> UInt32 {
        guard let seed = UInt32(exactly: seed) else {
            throw LearningError(
                .invalidSeed, "NumPy has no seed \(seed)",
                advice: "give one from 0 to \(UInt32.max), or \(option: "rng") torch")
        }
        return seed
    }

    /// The generator for the order of samples: this one, or a NumPy stream of its own.
    func forBatchOrder(_ configuration: RunConfiguration) throws(LearningError) -> RandomSource {
        guard let order = configuration.randomness.batchOrder else { return self }
        var source = try RandomSource(.numpy, seed: order.seed.map(Int64.init) ?? configuration.seed)
        if case .numpy(var stream) = source.generator {
            stream.skip(samples: order.skip)
            source.generator = .numpy(stream)
        }
        return source
    }

    /// Draws `count` numbers in [0, 1); NumPy draws in 64 bits and rounds.
    mutating func uniforms<Scalar: TorchScalar>(_ count: Int, as scalar: Scalar.Type = Scalar.self) -> [Scalar] {
        switch generator {
        case .numpy(var stream):
            let values = (0..<count).map { _ in Scalar(stream.randomSample()) }
            generator = .numpy(stream)
            return values
        case .torch(var stream):
            let values = stream.rand(count, as: scalar)
            generator = .torch(stream)
            return values
        }
    }

    /// The start of all parameters, drawn in the layout's order.
    ///
    /// - Precondition: there is a start for every parameter.
    mutating func initialValues<Scalar: TorchScalar>(
        _ initialization: Initialization, of layout: ParameterLayout
    ) -> [Scalar] {
        var values: [Scalar] = []
        for parameter in layout.parameters {
            guard let initial = initialization.values[parameter.name] else {
                preconditionFailure("the parameter \(parameter.name) has no start")
            }
            for _ in parameter.range { values.append(initialValue(initial)) }
        }
        return values
    }

    private mutating func initialValue<Scalar: TorchScalar>(_ initial: InitialValue) -> Scalar {
        switch initial {
        case .value(let value): Scalar(value)
        case .uniform: uniforms(1)[0]
        case .normal: normal()
        }
    }

    /// A new order of all samples: NumPy's `shuffle`, PyTorch's `randperm`.
    mutating func permutation(_ count: Int) -> [Int] {
        switch generator {
        case .numpy(var stream):
            let order = stream.permutation(count)
            generator = .numpy(stream)
            return order
        case .torch(var stream):
            let order = stream.randperm(count)
            generator = .torch(stream)
            return order
        }
    }

    /// `count` independent positions in 0..<`bound`: NumPy's bounded integers, PyTorch's `randint`.
    mutating func indices(below bound: Int, count: Int) -> [Int] {
        switch generator {
        case .numpy(var stream):
            let indices = (0..<count).map { _ in Int(stream.integer(through: UInt64(bound - 1))) }
            generator = .numpy(stream)
            return indices
        case .torch(var stream):
            let indices = stream.randint(low: 0, high: bound, count: count)
            generator = .torch(stream)
            return indices
        }
    }

    private mutating func normal<Scalar: TorchScalar>() -> Scalar {
        switch generator {
        case .numpy(var stream):
            let value = Scalar(stream.standardNormal())
            generator = .numpy(stream)
            return value
        case .torch(var stream):
            let value = stream.randn(1, as: Scalar.self)[0]
            generator = .torch(stream)
            return value
        }
    }
}
