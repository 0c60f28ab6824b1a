import TextFormats

/// The step from which on a run goes its own way, and the run whose steps before it are its beginning.
///
/// The parent's whole configuration stands here, so that a fork is a pure function of its own configuration like every
/// other run.
package struct ForkPoint: Sendable, Hashable {
    /// The fork's first step.
    package let step: Int
    // An array because a configuration cannot hold another one directly; it has exactly one element.
    private var parents: [RunConfiguration]

    package init(step: Int, of parent: RunConfiguration) {
        self.step = step
        parents = [parent]
    }

    /// The run that is left.
    package var parent: RunConfiguration { parents[0] }

    /// The same place in the same run on another seed.
    func onSeed(_ seed: Int64) -> ForkPoint {
        ForkPoint(step: step, of: parent.onSeed(seed))
    }
}

extension ForkPoint: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case step, parent
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self, only: CodingKeys.allCases)
        self.init(
            step: try container.whole(Int.self, forKey: .step),
            of: try container.decode(RunConfiguration.self, forKey: .parent))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(step, forKey: .step)
        try container.encode(parent, forKey: .parent)
    }
}

extension RunConfiguration {
    /// The same run on another seed, its beginning included.
    package func onSeed(_ seed: Int64) -> RunConfiguration {
        var configuration = self
        configuration.seed = seed
        configuration.fork = fork?.onSeed(seed)
        return configuration
    }

    /// Each fork holds its parent's whole configuration, and reading it takes a stack as deep.
    private static let largestAncestry = 64

    /// Checks that a fork is one: a change only of what can be changed on the way, in reach of the parent.
    func validateFork() throws(LearningError) {
        guard let fork else { return }
        guard parents.count <= Self.largestAncestry else {
            throw LearningError(
                .invalidConfiguration, "a run is the fork of a fork at most \(Self.largestAncestry) times",
                advice: "begin another run with the settings of this one")
        }
        try fork.parent.validate()
        let begin = fork.parent.fork?.step ?? 0
        guard (begin...fork.parent.steps).contains(fork.step) else {
            throw LearningError(
                .invalidStepCount,
                "the run has the steps \(begin) to \(fork.parent.steps - 1), so it cannot be forked at \(fork.step)",
                advice: "give a step from \(begin) to \(fork.parent.steps)")
        }
        guard steps > fork.step else {
            throw LearningError(
                .invalidStepCount,
                "a fork at step \(fork.step) has no step of its own if the run ends after \(steps.counted("step"))",
                advice: "give more, such as steps=\(fork.step + 100)")
        }
        var parent = fork.parent
        (parent.optimizer, parent.schedule, parent.clipping, parent.stopping) = (
            optimizer, schedule, clipping, stopping
        )
        (parent.batchSize, parent.loss, parent.steps, parent.fork) = (batchSize, loss, steps, self.fork)
        guard parent == self else {
            throw LearningError(
                .invalidConfiguration,
                "a fork keeps its parent's data, seed, number type, gradients, start and sampling",
                advice: "begin another run to change them")
        }
    }
}
