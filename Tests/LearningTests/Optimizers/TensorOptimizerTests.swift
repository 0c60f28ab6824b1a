import Autograd
import Learning
import TestSupport
import Testing
import TextFormats

/// Optimizers on tensors: the chapter's section 2.8 and 2.9 loops, and the snippets of `autograd.json` about optimizers.
struct TensorOptimizerTests {
    private typealias T = Tensor<Float>

    // MARK: - The chapter

    @Test(arguments: ChapterRun.all.filter { $0.section == "2.8" })
    func `section 2_8 comes out bit for bit`(_ run: ChapterRun) throws {
        if run.dtype == "f32" { try train(run, Float.self) } else { try train(run, Double.self) }
    }

    /// The loop as the chapter writes it.
    private func train<Scalar: TensorScalar>(_ run: ChapterRun, _: Scalar.Type) throws {
        let x = Tensor(run.x.map { Scalar($0) }, shape: [100, 1])
        let y = Tensor(run.y.map { Scalar($0) }, shape: [100, 1])
        let w = Tensor([Scalar(run.w0)], shape: [1, 1], requiresGrad: true)
        let b = Tensor([Scalar(run.b0)], shape: [1, 1], requiresGrad: true)
        let optimizer = try TensorOptimizer(SGD.self, [w, b], learningRate: run.lr)

        for _ in 0..<run.steps {
            let prediction = x.pow(2).matmul(w) + b
            let loss = prediction.meanSquaredError(to: y)
            try loss.backward()
            optimizer.step()
            optimizer.zeroGrad()
        }

        #expect(try w.item() == Scalar(run.finalW))
        #expect(try b.item() == Scalar(run.finalB))
    }

    // MARK: - Steps

    @Test(arguments: OptimizerRegistry.all.map { $0.name }.filter { $0 != "lbfgs" })
    func `every rule takes the steps that it takes in a run`(name: String) throws {
        var request = RunSpec()
        request.optimizer = name
        request.batchSize = .full
        request.length = .steps(20)
        let configuration = try request.configuration()
        let data = try TrainingData.chapter(for: configuration)
        var training = try Trainer(configuration, data: data)
        while try training.next() != nil {}
        let x = Tensor(data.x, shape: [100, 1])
        let y = Tensor(data.y, shape: [100, 1])
        let w = Tensor([training.initialParameters[0]], shape: [1, 1], requiresGrad: true)
        let b = Tensor([training.initialParameters[1]], shape: [1, 1], requiresGrad: true)
        let optimizer = try TensorOptimizer(
            OptimizerRegistry.descriptor(named: name), [w, b], learningRate: configuration.optimizer.learningRate)

        for _ in 0..<20 {
            try (x.pow(2).matmul(w) + b).meanSquaredError(to: y).backward()
            optimizer.step()
            optimizer.zeroGrad()
        }

        let outcome = try training.outcome()
        #expect(try w.item() == outcome.w)
        #expect(try b.item() == outcome.b)
    }

    @Test func `a tensor without a gradient keeps its numbers and its state`() throws {
        let w = T([1], shape: [1], requiresGrad: true)
        let idle = T([1], shape: [1], requiresGrad: true)
        let optimizer = try TensorOptimizer(SGD.self, [w, idle], learningRate: 0.5, ["momentum": .number(0.5)])
        for _ in 0..<2 {
            w.grad = T([1], shape: [1])
            optimizer.step()
        }
        #expect(idle.scalars == [1])

        idle.grad = T([1], shape: [1])
        optimizer.step()

        // The first step of `idle`, without the momentum that w has gathered.
        #expect(idle.scalars == [0.5])
        #expect(w.scalars == [1 - 0.5 - 0.75 - 0.875])
    }

    @Test func `a step counts as a change in place of what the graph saved`() throws {
        let w = T([2], shape: [1], requiresGrad: true)
        let optimizer = try TensorOptimizer(SGD.self, [w])
        let loss = w * w
        try loss.backward(retainGraph: true)
        optimizer.step()
        #expect(throws: AutogradError.self) { try loss.backward() }
    }

    @Test func `a step moves a view's numbers where they lie`() throws {
        let numbers = T([1, 2, 3, 4], shape: [2, 2])
        let leaf = numbers.t().detach()
        leaf.requiresGrad = true
        leaf.grad = T([1, 0, 0, 0.5], shape: [2, 2])
        try TensorOptimizer(SGD.self, [leaf], learningRate: 1).step()
        #expect(numbers.scalars == [0, 2, 3, 3.5])
    }

    @Test func `a learning rate can be changed between steps`() throws {
        let w = T([1], shape: [1], requiresGrad: true)
        let optimizer = try TensorOptimizer(SGD.self, [w], learningRate: 0.5)
        w.grad = T([1], shape: [1])
        optimizer.step()
        optimizer.learningRate = 0.25
        optimizer.step()
        #expect(w.scalars == [0.25])
    }

    // MARK: - The snippets

    @Test func `zero_grad_sets_none`() throws {
        let w = T.ones(shape: [1], requiresGrad: true)
        let optimizer = try TensorOptimizer(SGD.self, [w], learningRate: 0.1)
        try (w * 2).sum().backward()
        optimizer.zeroGrad()
        #expect(w.grad == nil)
        try (w * 2).sum().backward()
        optimizer.zeroGrad(setToNil: false)
        #expect("None\n\(try #require(w.grad))\n" == (try OptimizerSnippet.named("zero_grad_sets_none").stdout))
    }

    @Test func `a zeroed gradient is no recorded one`() throws {
        let w = T.ones(shape: [1], requiresGrad: true)
        let optimizer = try TensorOptimizer(SGD.self, [w])
        try w.pow(3).sum().backward(createGraph: true)
        #expect(w.grad?.requiresGrad == true)
        optimizer.zeroGrad(setToNil: false)
        #expect(w.grad?.requiresGrad == false)
    }

    @Test func `optimizer_nonleaf`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        try expectRefusal(
            "optimizer_nonleaf",
            #expect(throws: LearningError.self) {
                try TensorOptimizer(SGD.self, [x * 2], learningRate: 0.1)
            })
    }

    @Test func `optimizer_empty`() throws {
        try expectRefusal(
            "optimizer_empty",
            #expect(throws: LearningError.self) {
                try TensorOptimizer<Float>(SGD.self, [], learningRate: 0.1)
            })
    }

    @Test func `optimizer_bad_lr`() throws {
        try expectRefusal(
            "optimizer_bad_lr",
            #expect(throws: LearningError.self) {
                try TensorOptimizer(SGD.self, [T.ones(shape: [1], requiresGrad: true)], learningRate: -1)
            })
    }

    @Test func `optimizer_bad_nesterov`() throws {
        try expectRefusal(
            "optimizer_bad_nesterov",
            #expect(throws: LearningError.self) {
                try TensorOptimizer(
                    SGD.self, [T.ones(shape: [1], requiresGrad: true)], learningRate: 0.1, ["nesterov": .flag(true)])
            })
    }

    @Test func `adam_bad_beta`() throws {
        try expectRefusal(
            "adam_bad_beta",
            #expect(throws: LearningError.self) {
                try TensorOptimizer(Adam.self, [T.ones(shape: [1], requiresGrad: true)], ["beta1": .number(1)])
            })
    }

    @Test(arguments: [
        ("adam", "beta2", -0.5, "Invalid beta parameter at index 1: -0.5"),
        ("adamax", "eps", -1, "Invalid epsilon value: -1.0"),
        ("sgd", "weight_decay", -0.5, "Invalid weight_decay value: -0.5"),
        ("rmsprop", "alpha", -0.5, "Invalid alpha value: -0.5"),
        ("nadam", "momentum_decay", -0.5, "Invalid momentum_decay value: -0.5"),
    ])
    func `a bad hyperparameter is refused in PyTorch's words`(
        optimizer: String, name: String, value: Double, sentence: String
    ) throws {
        let rule = try OptimizerRegistry.descriptor(named: optimizer)
        let error = #expect(throws: LearningError.self) {
            try TensorOptimizer(rule, [T.ones(shape: [1], requiresGrad: true)], [name: .number(value)])
        }
        #expect(error?.description == sentence)
    }

    @Test func `a rule that searches is refused`() {
        let error = #expect(throws: LearningError.self) {
            try TensorOptimizer(LBFGS.self, [T.ones(shape: [1], requiresGrad: true)])
        }
        #expect(error?.description.contains("several times in a step") == true)
    }

    private func expectRefusal(_ name: String, _ error: LearningError?) throws {
        #expect(error?.description == (try OptimizerSnippet.named(name).error?.message))
    }
}

/// A snippet of `autograd.json` with what PyTorch prints or refuses.
private struct OptimizerSnippet: Decodable {
    struct Failure: Decodable {
        let message: String
    }

    let name: String
    let stdout: String
    let error: Failure?

    static func named(_ name: String) throws -> OptimizerSnippet {
        struct File: Decodable {
            let semantics: [OptimizerSnippet]
        }
        let file = try Golden.load("autograd.json", as: File.self)
        return try #require(file.semantics.first { $0.name == name })
    }
}
