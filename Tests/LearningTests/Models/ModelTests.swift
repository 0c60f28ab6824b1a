import Autograd
import Learning
import TestModels
import Testing
import TextFormats
import Theory

/// Everything that trains, with models of other parameters than the built-in one.
struct ModelTests {
    /// y = 1 - 2x + 3x^2 plus a wave, at 40 places.
    static let data = TrainingData(
        x: (0..<40).map { Double($0) / 20 - 1 },
        y: (0..<40).map { index in
            let x = Double(index) / 20 - 1
            return 1 - 2 * x + 3 * x * x + 0.1 * (index % 3 == 0 ? 1 : -1)
        })

    static func spec(_ model: String) throws -> RunSpec {
        var spec = RunSpec()
        spec.changeModel(to: try TestModels.model(model))
        spec.data = .csv(contentHash: "", x: "x", y: "y", scale: .none)
        spec.batchSize = .full
        spec.learningRate = 0.2
        spec.length = .steps(60)
        return spec
    }

    /// All numbers of a run, row by row, and how it ended.
    static func train(_ spec: RunSpec) throws -> (rows: [[Double]], outcome: TrainingOutcome) {
        let json = try spec.configuration(sampleCount: Self.data.count).canonicalJSON()
        // By its text, as stored runs are computed.
        var training = try Trainer(RunConfiguration(json: json), data: data)
        var rows: [[Double]] = []
        var numbers: [Double] = []
        while let step = try training.next(into: &numbers) {
            #expect(step.step == rows.count)
            #expect(step.loss.bitPattern == numbers[0].bitPattern)
            rows.append(numbers)
            numbers.removeAll()
        }
        return (rows, try training.outcome())
    }

    /// Gradient descent on the mean squared error of Σ c_i x^i, written out.
    static func plainDescent(from start: [Double], learningRate: Double, steps: Int) -> [[Double]] {
        var c = start
        return (0..<steps).map { _ in
            var gradients = c.map { _ in 0.0 }
            var loss = 0.0
            for (x, y) in zip(data.x, data.y) {
                let powers = c.indices.map { power in (0..<power).reduce(1.0) { product, _ in product * x } }
                let residual = zip(c, powers).map { $0 * $1 }.reduce(0, +) - y
                loss += residual * residual / Double(data.count)
                for index in c.indices { gradients[index] += 2 * residual * powers[index] / Double(data.count) }
            }
            let row = [loss, learningRate] + c + gradients
            for index in c.indices { c[index] -= learningRate * gradients[index] }
            return row
        }
    }

    @Test(arguments: [GradientMethod.autograd, .manual, .tape], [0, 1, 3])
    func `every gradient method follows the plain formula`(gradients: GradientMethod, degree: Int) throws {
        var spec = try Self.spec("series:degree=\(degree)")
        spec.gradients = gradients

        let (rows, outcome) = try Self.train(spec)

        let start = Array(rows[0][2..<3 + degree])
        let expected = Self.plainDescent(from: start, learningRate: 0.2, steps: 61)
        #expect(rows.count == 60)
        for (row, plain) in zip(rows, expected) {
            #expect(row.count == 2 + 2 * (degree + 1))
            #expect(zip(row, plain).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($1)) }, "\(row) for \(plain)")
        }
        #expect(outcome.parameters.count == degree + 1)
        #expect(zip(outcome.parameters, expected[60][2...]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(outcome.averages == nil)
    }

    @Test(arguments: [GradientMethod.autograd, .manual, .tape])
    func `single precision stays near double precision`(gradients: GradientMethod) throws {
        var spec = try Self.spec("series:degree=2")
        spec.gradients = gradients
        spec.initialization = ["c0": .value(0.5), "c1": .value(0.25), "c2": .value(-1)]
        let double = try Self.train(spec).outcome
        spec.dtype = .float32

        let single = try Self.train(spec).outcome

        #expect(zip(single.parameters, double.parameters).allSatisfy { abs($0 - $1) < 1e-5 && $0 != $1 })
    }

    @Test(arguments: ["series:degree=4", "tensor-series:degree=4", "exponential"])
    func `one configuration gives the same bits twice, another seed others`(model: String) throws {
        var spec = try Self.spec(model)
        spec.batchSize = .samples(10)
        spec.learningRate = 0.05
        let first = try Self.train(spec).rows
        let second = try Self.train(spec).rows
        spec.seed = 8
        let third = try Self.train(spec).rows

        #expect(first.map { $0.map(\.bitPattern) } == second.map { $0.map(\.bitPattern) })
        #expect(first != third)
    }

    @Test(arguments: [GradientMethod.autograd, .tape])
    func `a tensor of parameters trains as so many scalars`(gradients: GradientMethod) throws {
        var spec = try Self.spec("series:degree=3")
        spec.gradients = gradients
        let scalars = try Self.train(spec).rows
        spec.changeModel(to: try TestModels.model("tensor-series:degree=3"))
        let tensor = try Self.train(spec).rows

        #expect(scalars[0][2..<6] == tensor[0][2..<6])
        for (a, b) in zip(scalars, tensor) {
            #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($1)) })
        }
    }

    @Test
    func `a tensor has settings of its own, for all of its scalars`() throws {
        var spec = try Self.spec("tensor-series:degree=2")
        spec.hyperparameters["c.lr"] = "0"

        let rows = try Self.train(spec).rows

        #expect(Set(rows.map { $0[2..<5] }).count == 1)
        #expect(rows[0][1] == 0.2)
    }

    @Test(arguments: ["sgd", "adam", "lbfgs", "asgd", "rprop"])
    func `optimizers take any number of parameters to the known optimum`(optimizer: String) throws {
        var spec = try Self.spec("series:degree=2")
        spec.optimizer = optimizer
        spec.learningRate = ["lbfgs": 1, "sgd": 0.4, "asgd": 0.4][optimizer] ?? 0.02
        spec.length = .steps(4000)
        spec.stopping = try StoppingCriteria(text: "excess=1e-4")
        let surface = try #require(TestModels.model("series:degree=2").lossSurface(of: Self.data))

        let (rows, outcome) = try Self.train(spec)

        let excess = try #require(surface.excess(at: outcome.parameters, loss: .mse))
        #expect(excess <= 1e-4, "\(excess) after \(rows.count)")
        #expect(outcome.stopReason == "excess \(excess) is at most 0.0001")
        #expect(abs(outcome.finalLoss - (surface.minimumLoss ?? 0) - excess) < 1e-12)
    }

    @Test
    func `a diverged run names the parameter, the loss or the gradient`() throws {
        var spec = try Self.spec("series:degree=2")
        spec.learningRate = 10
        spec.length = .steps(1000)
        let slow = try Self.train(spec)
        spec.learningRate = 1e308
        let fast = try Self.train(spec)
        spec.length = .steps(1)
        let last = try Self.train(spec)

        let rows = slow.rows
        let bad = try #require(rows.last)
        let names = ["loss", "learning_rate", "c0", "c1", "c2", "grad_c0", "grad_c1", "grad_c2"]
        let order = [2, 3, 4, 0, 5, 6, 7]
        let first = try #require(order.first { !bad[$0].isFinite })
        #expect(slow.outcome.divergence?.reason == "\(names[first]) is \(bad[first])")
        #expect(rows.dropLast().allSatisfy { $0.allSatisfy(\.isFinite) })
        #expect(fast.outcome.divergence?.reason == "c0 is -inf" || fast.outcome.divergence?.reason == "c0 is inf")
        #expect(last.outcome.divergence?.firstBadStep == 1)
        #expect(last.outcome.divergence?.reason.hasSuffix("after the last update") == true)
    }

    @Test
    func `a fork of a model with other parameters begins as its parent`() throws {
        let parent = try Self.spec("series:degree=2").configuration(sampleCount: Self.data.count)
        var fork = parent
        fork.optimizer.learningRate = 0.1
        fork.fork = ForkPoint(step: 20, of: parent)
        var training = try Trainer(parent, data: Self.data)
        var numbers: [Double] = []
        while let step = try training.next(into: &numbers), step.step < 20 { numbers.removeAll() }

        let forked = try Trainer(fork, data: Self.data)

        #expect(forked.initialParameters == Array(numbers[training.layout.parameterRange]))
    }

    @Test(arguments: ["series:degree=2", "tensor-series:degree=2", "exponential"])
    func `the graph of a step ends in the model's parameters`(model: String) throws {
        let model = try TestModels.model(model)

        let graph = ModelGraph.description(of: model, loss: .mse, samples: 5, format: .text)

        for parameter in model.layout.parameters {
            #expect(graph.contains("─ \(parameter.name) ["), "\(parameter.name) in \(graph)")
        }
        #expect(graph.hasPrefix("MeanBackward []") || graph.hasPrefix("MseLossBackward []"), "\(graph)")
    }

    @Test
    func `gradients by hand are refused for a model that has none`() throws {
        var spec = try Self.spec("exponential")
        spec.gradients = .manual

        let error = #expect(throws: LearningError.self) { try spec.configuration(sampleCount: Self.data.count) }

        #expect(
            error?.description
                == "the model exponential has no gradients written by hand; choose autograd or tape")
    }

    @Test
    func `an excess is refused as a target for a model whose optimum is not known`() throws {
        var spec = try Self.spec("exponential")
        spec.stopping = try StoppingCriteria(text: "excess=1e-6")

        let error = #expect(throws: LearningError.self) { try spec.configuration(sampleCount: Self.data.count) }

        #expect(error?.code == .invalidStopping)
        #expect(error?.description.contains("its optimum is not known") == true)
    }

    @Test
    func `a recipe's start holds only for the recipe's model`() throws {
        var spec = RunSpec(.optimizer)
        spec.changeModel(to: try TestModels.model("exponential"))

        #expect(try spec.configuration().initialization == ["a": .value(1), "k": .value(0)])
    }
}
