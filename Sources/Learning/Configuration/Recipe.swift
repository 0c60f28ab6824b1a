import Theory

/// A preset: one section of the textbook chapter, whose every field can be overridden.
///
/// Wu Maogui, Yu Mingmin, Yang Benfa, Li Tao and Zhang Yuelei, "Python深度学习:基于PyTorch" (Python deep learning with PyTorch),
/// China Machine Press, chapter 2, sections 2.6 to 2.10.
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

    /// The configuration of a recipe, or of the defaults without one; its optimizer has only the hyperparameters that
    /// differ from their defaults.
    static func configuration(of recipe: Recipe?) -> RunConfiguration {
        guard let recipe else { return defaults }
        var configuration = defaults
        configuration.data = .chapter(samples: 100, noise: 0.2, seed: nil)
        configuration.seed = 100
        configuration.optimizer.learningRate = 0.001
        configuration.batchSize = .full
        switch recipe {
        case .numpy:
            configuration.gradients = .manual
            configuration.loss = .halfSum
            configuration.updateInTwoSteps()
            configuration.steps = 800
        case .autograd:
            configuration.usePyTorch()
            configuration.loss = .halfSum
            configuration.updateInTwoSteps()
            configuration.steps = 800
        case .optimizer:
            configuration.usePyTorch()
            configuration.steps = 10_000
        case .batches:
            configuration.usePyTorch()
            configuration.batchSize = .samples(10)
        case .tape:
            configuration.dtype = .float32
            configuration.gradients = .tape
            configuration.loss = .halfMean
            configuration.initialization = ["w": .uniform, "b": .value(0)]
            configuration.updateInTwoSteps()
            configuration.steps = 13_999
        }
        return configuration
    }

    /// How long the recipe trains, where that is not a number of steps.
    var length: TrainingLength? { self == .batches ? .epochs(1000) : nil }

    private static let defaults = RunConfiguration(
        data: .chapter(samples: 100, noise: 0.2, seed: 100),
        optimizer: OptimizerConfiguration(name: "sgd", learningRate: 0.1, hyperparameters: [:]),
        batchSize: .samples(10), steps: 500, seed: 0, randomness: RandomnessConfiguration(stream: .numpy))
}

extension RunConfiguration {
    /// The chapter's PyTorch sections: one 32-bit stream, w normal and b zero.
    fileprivate mutating func usePyTorch() {
        dtype = .float32
        randomness.stream = .torch
        initialization = ["w": .normal, "b": .value(0)]
    }

    /// Rounds the product before it is subtracted, as a program does that updates by hand.
    fileprivate mutating func updateInTwoSteps() {
        optimizer.hyperparameters["fused_multiply_add"] = .flag(false)
    }
}
