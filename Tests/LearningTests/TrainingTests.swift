import Learning
import Testing
import Theory

/// The training loop beyond the chapter's numbers.
struct TrainingTests {
    private func train(_ request: RunSpec) throws -> (steps: [QuadraticRow], outcome: TrainingOutcome) {
        let configuration = try request.configuration()
        var training = try Trainer(configuration, data: try TrainingData.chapter(for: configuration))
        var steps: [QuadraticRow] = []
        while let step = try training.next() { steps.append(step) }
        return (steps, try training.outcome())
    }

    @Test(arguments: [ElementType.float32, .float64], [BatchSize.full, .samples(10)])
    func `a learning rate far too large ends as diverged, with its first bad step`(
        dtype: ElementType, batchSize: BatchSize
    ) throws {
        var request = RunSpec()
        request.learningRate = 5
        request.dtype = dtype
        request.batchSize = batchSize

        let (steps, outcome) = try train(request)

        let divergence = try #require(outcome.divergence)
        #expect(steps.count == divergence.firstBadStep + 1)
        #expect(outcome.stepsDone == steps.count)
        #expect(divergence.reason.contains("inf") || divergence.reason.contains("nan"))
        #expect(steps.dropLast().allSatisfy { $0.loss.isFinite })
        #expect(outcome.bestStep == 0)
    }

    @Test
    func `a last update that leaves the finite numbers counts as divergence`() throws {
        var request = RunSpec()
        request.dtype = .float32
        request.learningRate = 1e38
        request.length = .steps(1)
        request.initialization = ["w": .value(1e6), "b": .value(1e6)]

        let (steps, outcome) = try train(request)

        #expect(steps.count == 1)
        #expect(outcome.divergence?.firstBadStep == 1)
        #expect(outcome.divergence?.reason.contains("after the last update") == true)
    }

    @Test(arguments: [GradientMethod.autograd, .manual, .tape], [LossKind.mse, .halfSum, .halfMean])
    func `the initial loss is that of a first step on all data`(gradients: GradientMethod, loss: LossKind) throws {
        var request = RunSpec()
        request.gradients = gradients
        request.loss = loss
        request.length = .steps(3)
        request.learningRate = 0.001
        let (_, inBatches) = try train(request)
        request.batchSize = .full
        let (steps, onAll) = try train(request)

        #expect(onAll.initialLoss == steps[0].loss)
        #expect(inBatches.initialLoss == steps[0].loss)
        #expect(inBatches.evaluations == 3)
    }

    @Test(arguments: [GradientMethod.autograd, .manual], [LossKind.mse, .halfSum, .halfMean])
    func `every loss descends to the least-squares answer`(gradients: GradientMethod, loss: LossKind) throws {
        var request = RunSpec()
        request.gradients = gradients
        request.loss = loss
        request.batchSize = .full
        request.learningRate = loss == .halfSum ? 0.01 : 0.8
        request.length = .steps(1000)

        let (_, outcome) = try train(request)

        #expect(abs(outcome.w - 2.991342836041702) < 1e-12)
        #expect(abs(outcome.b - 2.097417377063676) < 1e-12)
    }

    @Test(arguments: [LossKind.mse, .halfSum, .halfMean])
    func `gradients by hand and by autograd agree to rounding`(_ loss: LossKind) throws {
        var request = RunSpec()
        request.loss = loss
        request.learningRate = 0.001
        request.length = .steps(20)
        request.gradients = .manual
        let manual = try train(request).steps
        request.gradients = .autograd
        let autograd = try train(request).steps

        for (a, b) in zip(manual, autograd) {
            #expect(abs(a.loss - b.loss) <= 1e-13 * abs(b.loss))
            #expect(abs(a.gradW - b.gradW) <= 1e-12 * max(1, abs(b.gradW)))
            #expect(abs(a.gradB - b.gradB) <= 1e-12 * max(1, abs(b.gradB)))
        }
    }

    @Test
    func `every epoch is a permutation of all samples`() throws {
        var request = RunSpec()
        request.batchSize = .samples(30)
        request.length = .epochs(3)

        let (steps, _) = try train(request)

        #expect(steps.map(\.epoch) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
    }

    @Test
    func `one seed gives the same bits twice, another seed others`() throws {
        var request = RunSpec()
        request.seed = 7
        let first = try train(request).steps
        let second = try train(request).steps
        request.seed = 8
        let third = try train(request).steps

        #expect(first == second)
        #expect(first != third)
    }
}
