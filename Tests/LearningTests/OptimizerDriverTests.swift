import Learning
import Testing

/// What happens between a gradient and an update: settings of single parameters, clipping, cycled momentum.
struct OptimizerDriverTests {
    private func steps(_ change: (inout RunSpec) throws -> Void) throws -> [QuadraticRow] {
        var request = RunSpec()
        request.batchSize = .full
        request.length = .steps(20)
        request.initialization = ["w": .value(0.5), "b": .value(0)]
        try change(&request)
        let configuration = try request.configuration()
        var training = try Trainer(configuration, data: try TrainingData.chapter(for: configuration))
        var steps: [QuadraticRow] = []
        while let step = try training.next() { steps.append(step) }
        return steps
    }

    @Test
    func `the same settings for both parameters, typed apart, are the same run`() throws {
        let together = try steps { $0.hyperparameters = ["momentum": "0.9"] }
        let apart = try steps { $0.hyperparameters = ["w.momentum": "0.9", "b.momentum": "0.9"] }

        #expect(apart == together)
    }

    @Test
    func `a parameter's own learning rate moves it alone`() throws {
        let plain = try steps { _ in }
        let slowed = try steps { $0.hyperparameters = ["b.lr": "0.05"] }

        #expect(slowed[1].w == plain[1].w)
        #expect(abs(slowed[1].b - plain[1].b / 2) < 1e-15)
        #expect(slowed[1].learningRate == 0.1)
    }

    @Test
    func `a schedule scales every parameter's own learning rate`() throws {
        let halved = try steps {
            $0.hyperparameters = ["b.lr": "0.05"]
            $0.schedule = try ScheduleRegistry.configuration(from: "constant:factor=0.5,total=20")
        }
        let slower = try steps {
            $0.learningRate = 0.05
            $0.hyperparameters = ["b.lr": "0.025"]
        }

        #expect(halved.map(\.w) == slower.map(\.w))
        #expect(halved.map(\.b) == slower.map(\.b))
    }

    @Test
    func `clipping by norm shortens the update to the learning rate, and the recorded gradient stays whole`() throws {
        let plain = try steps { _ in }
        let clipped = try steps { $0.clipping = try GradientClipping(text: "norm=1") }

        let (w, b) = (clipped[1].w - clipped[0].w, clipped[1].b - clipped[0].b)
        #expect(abs((w * w + b * b).squareRoot() - 0.1) < 1e-7)
        #expect(abs(w * clipped[0].gradB - b * clipped[0].gradW) < 1e-12)
        #expect(clipped[0].gradW == plain[0].gradW)
    }

    @Test
    func `a gradient that is short enough is not scaled`() throws {
        let plain = try steps { _ in }
        let clipped = try steps { $0.clipping = .norm(1000) }

        #expect(clipped == plain)
    }

    @Test
    func `clipping by value cuts each gradient by itself`() throws {
        let clipped = try steps { $0.clipping = try GradientClipping(text: "value=3") }

        // The first gradients are -2.46 and -5.89.
        #expect(abs(clipped[1].w - (0.5 - 0.1 * clipped[0].gradW)) < 1e-15)
        #expect(abs(clipped[1].b - 0.3) < 1e-15)
    }

    @Test(arguments: ["norm=0", "value=-1", "norm=inf", "norm", "length=1", "norm=x", ""])
    func `a bad clipping is refused`(_ text: String) {
        #expect(throws: LearningError.self) { try GradientClipping(text: text) }
    }

    @Test
    func `a cycled momentum is the one the update uses`() throws {
        let cycled = try steps {
            $0.schedule = try ScheduleRegistry.configuration(
                from: "cyclic:min=0.1,max=0.1,up=1000,min_momentum=0.5,max_momentum=0.5")
        }
        let fixed = try steps { $0.hyperparameters = ["momentum": "0.5"] }

        #expect(cycled.map(\.w) == fixed.map(\.w))
    }

    @Test
    func `Adam's bias correction follows a changing beta1`() throws {
        let cycled = try steps {
            $0.optimizer = "adam"
            $0.schedule = try ScheduleRegistry.configuration(
                from: "cyclic:min=0.1,max=0.1,up=3,min_momentum=0.2,max_momentum=0.8")
        }

        // m1 = 0.2 g0 and m2 = m1 + 0.4 (g1 - m1), since beta1 is 0.8 and then 0.6.
        let (g0, g1) = (cycled[0].gradB, cycled[1].gradB)
        let mean = 0.2 * g0 + 0.4 * (g1 - 0.2 * g0)
        let square = (0.999 * 0.001 * g0 * g0 + 0.001 * g1 * g1) / (1 - 0.999 * 0.999)
        let expected = cycled[1].b - 0.1 * mean / (1 - 0.6 * 0.6) / (square.squareRoot() + 1e-8)
        #expect(abs(cycled[2].b - expected) < 1e-12)
    }

    @Test
    func `clipping, schedule and stopping rules survive the configuration's text`() throws {
        var request = RunSpec()
        request.hyperparameters = ["b.lr": "0.01", "w.nesterov": "true", "w.momentum": "0.9"]
        request.clipping = .value(0.5)
        request.stopping = try StoppingCriteria(text: "loss=1e-3,excess=1e-6,gradient_norm=1e-9,patience=50")
        request.sampling = .shuffledDropLast
        let configuration = try request.configuration()

        let json = try configuration.canonicalJSON()

        #expect(try RunConfiguration(json: json) == configuration)
        #expect(json.contains(#""clipping":{"value":0.5}"#))
        #expect(json.contains(#""parameters":{"b":{"lr":0.01},"w":{"momentum":0.9,"nesterov":true}}"#))
        #expect(json.contains(#""stopping":{"excess":1e-06,"gradient_norm":1e-09,"loss":0.001,"patience":50}"#))
    }
}
