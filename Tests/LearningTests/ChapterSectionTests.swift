import Learning
import TestSupport
import Testing

/// The chapter's sections, bit for bit, against PyTorch and NumPy.
struct ChapterSectionTests {
    @Test(arguments: ChapterRun.all)
    func `a section's whole trace equals the reference`(_ run: ChapterRun) throws {
        let configuration = try run.configuration()
        let data = try TrainingData.chapter(for: configuration)
        var training = try Trainer(configuration, data: data)
        var steps: [QuadraticRow] = []

        while let step = try training.next() { steps.append(step) }
        let outcome = try training.outcome()

        #expect(data.x == run.x)
        #expect(data.y == run.y)
        #expect(training.initialParameters == [run.w0, run.b0])
        #expect(steps.count == run.steps)
        for row in run.trace {
            let step = steps[Int(row[0])]
            #expect([Double(step.step), step.w, step.b, step.loss, step.gradW, step.gradB] == row)
        }
        #expect(outcome.w == run.finalW)
        #expect(outcome.b == run.finalB)
        #expect(outcome.divergence == nil)
    }

    @Test(arguments: TensorFlowRun.all)
    func `the tape's trace equals TensorFlow's`(_ run: TensorFlowRun) throws {
        let configuration = try run.configuration()
        var training = try Trainer(configuration, data: try TrainingData.chapter(for: configuration))
        var steps: [QuadraticRow] = []

        while let step = try training.next() { steps.append(step) }
        let outcome = try training.outcome()

        // In 32 bits everything but the loss, whose power function is approximate there, is exact.
        let tolerance = run.dtype == "f32" ? 0 : 1e-12
        for row in run.trace {
            let step = steps[Int(row[0])]
            for (value, expected) in zip([step.w, step.b, step.gradW, step.gradB], [row[1], row[2], row[4], row[5]]) {
                #expect(abs(value - expected) <= tolerance * abs(expected))
            }
            #expect(abs(step.loss - row[3]) <= (run.dtype == "f32" ? 2e-7 : 1e-12) * row[3])
        }
        #expect(abs(outcome.w - run.finalW) <= tolerance * run.finalW)
        #expect(abs(outcome.b - run.finalB) <= tolerance * run.finalB)
    }

    @Test(arguments: [
        (recipe: Recipe.numpy, w: "2.98927619", b: "2.09818307"),
        (recipe: .autograd, w: "2.9645", b: "2.1146"),
        (recipe: .optimizer, w: "2.6369", b: "2.2360"),
        (recipe: .batches, w: "2.6370", b: "2.2360"),
    ])
    func `a recipe ends at the numbers that the chapter prints`(recipe: Recipe, w: String, b: String) throws {
        let configuration = try RunSpec(recipe).configuration()
        var training = try Trainer(configuration, data: try TrainingData.chapter(for: configuration))

        while try training.next() != nil {}
        let outcome = try training.outcome()

        #expect(outcome.w.printed(like: w) == w)
        #expect(outcome.b.printed(like: b) == b)
    }
}

/// One run of `seed-sections.json`.
struct ChapterRun: Decodable, Sendable, CustomTestStringConvertible {
    let section: String
    let dtype: String
    let numpySeed: UInt32?
    let torchSeed: Int64?
    let numpySamplesDrawnBefore: Int?
    let lr: Double
    let steps: Int
    let epochs: Int?
    let batch: Int?
    let x: [Double]
    let y: [Double]
    let w0: Double
    let b0: Double
    let trace: [[Double]]
    let finalW: Double
    let finalB: Double

    static let all: [ChapterRun] = {
        struct File: Decodable {
            let runs: [ChapterRun]
        }
        return try! Golden.load("seed-sections.json", as: File.self).runs
    }()

    var testDescription: String {
        "\(section) \(dtype), seeds \(numpySeed.map(String.init) ?? "-") \(torchSeed.map(String.init) ?? "-")"
    }

    /// The recipe of the section with this run's values in place of the recipe's.
    func configuration() throws -> RunConfiguration {
        let recipes: [String: Recipe] = ["2.6": .numpy, "2.7": .autograd, "2.8": .optimizer, "2.9": .batches]
        var request = RunSpec(recipes[section])
        request.dtype = dtype == "f32" ? .float32 : .float64
        request.seed = torchSeed ?? numpySeed.map(Int64.init) ?? request.seed
        request.learningRate = lr
        request.batchSize = batch.map(BatchSize.samples) ?? request.batchSize
        request.length = epochs.map(TrainingLength.epochs) ?? .steps(steps)
        var configuration = try request.configuration()
        if let numpySamplesDrawnBefore {
            configuration.randomness.batchOrder = BatchOrderSource(seed: numpySeed, skip: numpySamplesDrawnBefore)
        }
        return configuration
    }

    private enum CodingKeys: String, CodingKey {
        case section, dtype, lr, steps, epochs, batch, x, y, w0, b0, trace
        case numpySeed = "numpy_seed"
        case torchSeed = "torch_seed"
        case numpySamplesDrawnBefore = "numpy_samples_drawn_before"
        case finalW = "final_w"
        case finalB = "final_b"
    }
}

/// One run of `seed-sections.json` made with TensorFlow.
struct TensorFlowRun: Decodable, Sendable, CustomTestStringConvertible {
    let dtype: String
    let steps: Int
    let w0: Double
    let b0: Double
    let trace: [[Double]]
    let finalW: Double
    let finalB: Double

    static let all: [TensorFlowRun] = {
        struct File: Decodable {
            let runs: [TensorFlowRun]

            enum CodingKeys: String, CodingKey {
                case runs = "tensorflow_runs"
            }
        }
        return try! Golden.load("seed-sections.json", as: File.self).runs
    }()

    var testDescription: String { "\(dtype) from w = \(w0)" }

    func configuration() throws -> RunConfiguration {
        var request = RunSpec(.tape)
        request.dtype = dtype == "f32" ? .float32 : .float64
        request.length = .steps(steps)
        request.initialization = ["w": .value(w0), "b": .value(b0)]
        return try request.configuration()
    }

    private enum CodingKeys: String, CodingKey {
        case dtype, steps, w0, b0, trace
        case finalW = "final_w"
        case finalB = "final_b"
    }
}
