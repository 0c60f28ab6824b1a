import Learning
import Testing
import TextFormats
import Theory

/// Rules that end a run before its last step, and epochs that leave samples out.
struct StoppingTests {
    private func train(
        _ stopping: String, _ change: (inout RunSpec) throws -> Void = { _ in }
    ) throws -> (steps: [QuadraticRow], outcome: TrainingOutcome) {
        var request = RunSpec()
        request.batchSize = .full
        request.learningRate = 0.8
        request.stopping = stopping.isEmpty ? nil : try StoppingCriteria(text: stopping)
        try change(&request)
        let configuration = try request.configuration()
        var training = try Trainer(configuration, data: try TrainingData.chapter(for: configuration))
        var steps: [QuadraticRow] = []
        while let step = try training.next() { steps.append(step) }
        return (steps, try training.outcome())
    }

    @Test
    func `a target loss ends the run at the first step that reaches it, without an update`() throws {
        let whole = try train("").steps
        let (steps, outcome) = try train("loss=0.01")

        #expect(steps == Array(whole.prefix(steps.count)))
        #expect(steps.count < whole.count)
        #expect(steps.dropLast().allSatisfy { $0.loss > 0.01 })
        let last = try #require(steps.last)
        #expect(last.loss <= 0.01)
        #expect((outcome.w, outcome.b) == (last.w, last.b))
        #expect(outcome.stopReason == "loss \(last.loss) is at most 0.01")
        #expect(outcome.divergence == nil)
    }

    @Test(arguments: [(LossKind.mse, 1.0, 0.8), (.halfMean, 0.5, 0.8), (.halfSum, 50, 0.008)])
    func `a target excess is in the units of the run's loss`(
        loss: LossKind, factor: Double, learningRate: Double
    ) throws {
        let (steps, outcome) = try train("excess=1e-6") {
            $0.loss = loss
            $0.learningRate = learningRate
        }

        // The least mean squared error of the chapter's data.
        let leastLoss = factor * 0.003339188196407
        let last = try #require(steps.last)
        #expect(abs(last.loss - leastLoss) <= 1e-6 + 1e-11)
        #expect(steps.dropLast().allSatisfy { $0.loss - leastLoss > 1e-6 - 1e-11 })
        #expect(outcome.stopReason?.hasPrefix("excess ") == true)
    }

    @Test
    func `a small gradient ends the run`() throws {
        let steps = try train("gradient_norm=1e-3").steps
        let norms = steps.map { ($0.gradW * $0.gradW + $0.gradB * $0.gradB).squareRoot() }

        #expect(norms.dropLast().allSatisfy { $0 > 1e-3 })
        #expect(try #require(norms.last) <= 1e-3)
    }

    @Test
    func `patience ends a run that has not improved for so many steps`() throws {
        let (steps, outcome) = try train("patience=7") {
            $0.batchSize = .samples(10)
            $0.learningRate = 0.1
        }

        let losses = steps.map(\.loss)
        let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
        #expect(steps.count == best + 8)
        #expect(outcome.bestStep == best)
        #expect(outcome.stopReason?.contains("for 7 steps") == true)
    }

    @Test
    func `whichever rule holds first ends the run`() throws {
        #expect(try train("loss=1e-9,gradient_norm=1e-3").outcome.stopReason?.hasPrefix("gradient norm") == true)
    }

    @Test(arguments: [
        ("loss=-1", "at least 0"), ("loss=x", "not a rule"), ("patience=0", "at least 1"),
        ("patience=1.5", "not a rule"),
        ("speed=1", "not a rule"), ("", "not a rule"), ("excess=1e-30", "cannot be told from rounding in float64"),
    ])
    func `a bad rule is refused`(text: String, sentence: String) {
        let error = #expect(throws: LearningError.self) {
            var request = RunSpec()
            request.stopping = try StoppingCriteria(text: text)
            _ = try request.configuration()
        }
        #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    }

    @Test
    func `an excess below the rounding of 32 bits is refused there`() throws {
        var request = RunSpec()
        request.stopping = try StoppingCriteria(text: "excess=1e-13")
        #expect(throws: Never.self) { try request.configuration() }
        request.dtype = .float32
        #expect(throws: LearningError.self) { try request.configuration() }
    }

    @Test
    func `dropping the last batch leaves out the samples that do not fill it`() throws {
        var steps = [QuadraticRow]()
        let configuration: RunConfiguration = try {
            var request = RunSpec()
            request.batchSize = .samples(30)
            request.sampling = .shuffledDropLast
            request.length = .epochs(3)
            return try request.configuration()
        }()
        var training = try Trainer(configuration, data: try TrainingData.chapter(for: configuration))
        while let step = try training.next() { steps.append(step) }

        #expect(steps.map(\.epoch) == [0, 0, 0, 1, 1, 1, 2, 2, 2])
    }

    @Test
    func `full batches of an epoch are the same whether or not the last one is dropped`() throws {
        func firstLosses(_ sampling: Sampling) throws -> [Double] {
            try train("") {
                $0.batchSize = .samples(30)
                $0.sampling = sampling
                $0.learningRate = 0.1
            }.steps.prefix(3).map(\.loss)
        }

        #expect(try firstLosses(.shuffledDropLast) == firstLosses(.shuffled))
    }
}
