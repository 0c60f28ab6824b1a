import Autograd
import Learning
import TestSupport
import Testing

/// Update rules compared with PyTorch's to the last bit (Lion, which PyTorch lacks, with its paper's rule).
struct UpdateRuleTests {
    @Test(arguments: PrescribedRun.all)
    func `a rule moves 64-bit parameters as PyTorch does, bit for bit`(_ run: PrescribedRun) throws {
        let trace = try run.trace(of: Double.self)

        #expect(trace.map(\.bits) == run.float64.map(\.bits))
    }

    @Test(arguments: PrescribedRun.all)
    func `a rule moves 32-bit parameters as PyTorch does, bit for bit`(_ run: PrescribedRun) throws {
        let trace = try run.trace(of: Float.self)

        #expect(trace.map(\.bits) == run.float32.map { $0.map { Float($0) }.bits })
    }

    @Test(arguments: Float32Run.all)
    func `a 32-bit run on the chapter's data is PyTorch's, bit for bit`(_ run: Float32Run) throws {
        let configuration = try run.configuration()
        var training = try Trainer(configuration, data: try TrainingData.chapter(for: configuration))
        var steps: [QuadraticRow] = []

        while let step = try training.next() { steps.append(step) }

        #expect(steps.map { [$0.w, $0.b, $0.loss, $0.gradW, $0.gradB].bits } == run.trace.map(\.bits))
    }
}

/// One run of `optimizer-bits.json`: the parameters after each of the prescribed gradients.
struct PrescribedRun: Decodable, Sendable, CustomTestStringConvertible {
    let optimizer: String
    let settings: [String: String]
    let lr: Double?
    let float32: [[Double]]
    let float64: [[Double]]

    private struct File: Decodable {
        let start: [Double]
        let gradients: [[Double]]
        let runs: [PrescribedRun]
    }

    private static let file: File = try! Golden.load("optimizer-bits.json")
    static let all = file.runs

    var testDescription: String { "\(optimizer) \(settings.sorted { $0.key < $1.key })" }

    func trace<Scalar: TensorScalar>(of scalar: Scalar.Type) throws -> [[Scalar]] {
        let configuration = try OptimizerRegistry.configuration(
            named: optimizer, learningRate: lr, settings: settings)
        let rule = try OptimizerRegistry.makeDescriptor(configuration)
        guard case .direct(var optimizer) = rule.makeOptimizer(of: scalar, parameterCount: 2) else { return [] }
        let settings = StepSettings(learningRate: configuration.learningRate)
        var parameters = Self.file.start.map { Scalar($0) }
        return Self.file.gradients.map { row in
            optimizer.update(&parameters, gradients: row.map { Scalar($0) }, settings: settings)
            return parameters
        }
    }
}

/// One run of `optimizer-bits.json` on the chapter's problem: parameters, loss and gradients of each step.
struct Float32Run: Decodable, Sendable, CustomTestStringConvertible {
    let optimizer: String
    let settings: [String: String]
    let lr: Double
    let trace: [[Double]]

    private struct File: Decodable {
        let runs: [Float32Run]

        enum CodingKeys: String, CodingKey {
            case runs = "float32_runs"
        }
    }

    static let all = (try! Golden.load("optimizer-bits.json", as: File.self)).runs

    var testDescription: String { "\(optimizer) \(settings.sorted { $0.key < $1.key })" }

    func configuration() throws -> RunConfiguration {
        var request = RunSpec(.optimizer)
        request.optimizer = optimizer
        request.learningRate = lr
        request.hyperparameters = settings
        request.length = .steps(trace.count)
        return try request.configuration()
    }
}
