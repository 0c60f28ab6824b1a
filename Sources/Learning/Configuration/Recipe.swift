import Theory

/// A preset: one section of the textbook chapter, whose every field can be overridden.
package enum Recipe: String, Sendable, CaseIterable {
    /// Section 2.6: NumPy, gradients by hand.
    case numpy
    /// Section 2.7: `backward()`, update by hand.
    case autograd
    /// Section 2.8: a loss function and an optimizer.
    case optimizer
    /// Section 2.9: the same in shuffled batches of ten.
    case batches
    /// Section 2.10: TensorFlow's gradient tape. w starts uniform, as there, but from the run's generator.
    case tape

    /// Every field with this recipe's value, or the tool's default without one.
    static func draft(_ recipe: Recipe?) -> Preset {
        var preset = Preset()
        guard let recipe else { return preset }
        preset.dataSeed = nil
        preset.seed = 100
        preset.learningRate = 0.001
        preset.batchSize = .full
        switch recipe {
        case .numpy:
            preset.gradients = .manual
            preset.loss = .halfSum
            preset.settings = ["fused_multiply_add": "false"]
            preset.duration = .steps(800)
        case .autograd:
            preset.usePyTorch()
            preset.loss = .halfSum
            preset.settings = ["fused_multiply_add": "false"]
            preset.duration = .steps(800)
        case .optimizer:
            preset.usePyTorch()
            preset.duration = .steps(10_000)
        case .batches:
            preset.usePyTorch()
            preset.batchSize = .samples(10)
            preset.duration = .epochs(1000)
        case .tape:
            preset.dtype = .float32
            preset.gradients = .tape
            preset.loss = .halfMean
            preset.initialization = Initialization(w: .uniform, b: .value(0))
            preset.settings = ["fused_multiply_add": "false"]
            preset.duration = .steps(13_999)
        }
        return preset
    }

    /// The values of a recipe's fields; without changes, those of no recipe at all.
    struct Preset {
        var dtype = ElementType.float64
        var stream = RandomnessConfiguration.Stream.numpy
        var dataSeed: Int64? = 100
        var seed: Int64 = 0
        var gradients = GradientMethod.autograd
        var loss = LossKind.mse
        var initialization = Initialization(w: .uniform, b: .uniform)
        let optimizer = "sgd"
        var learningRate = 0.1
        /// Hyperparameters of `optimizer` that differ from their defaults.
        var settings: [String: String] = [:]
        var batchSize = BatchSize.samples(10)
        var duration = Duration.steps(500)

        /// The chapter's PyTorch sections: one 32-bit stream, w normal and b zero.
        fileprivate mutating func usePyTorch() {
            dtype = .float32
            stream = .torch
            initialization = Initialization(w: .normal, b: .value(0))
        }
    }
}

/// How long a run trains.
package enum Duration: Sendable, Equatable {
    case steps(Int)
    case epochs(Int)
}
