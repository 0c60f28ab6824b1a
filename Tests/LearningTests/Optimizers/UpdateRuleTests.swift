import Autograd
import Learning
import TestSupport
import Testing

/// Update rules alone, on prescribed gradients, held against PyTorch's to the last bit.
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
        let rule = try OptimizerRegistry.makeRule(configuration)
        guard case .direct(var optimizer) = rule.makeOptimizer(of: scalar, parameterCount: 2) else { return [] }
        let settings = StepSettings(learningRate: configuration.learningRate)
        var parameters = Self.file.start.map { Scalar($0) }
        return Self.file.gradients.map { row in
            optimizer.update(&parameters, gradients: row.map { Scalar($0) }, settings: settings)
            return parameters
        }
    }
}
