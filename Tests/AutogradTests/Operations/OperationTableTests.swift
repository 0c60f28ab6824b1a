import Randomness
import Testing

@testable import Autograd

/// Walks the table of operations: every derivative against finite differences.
struct OperationTableTests {
    private static let seeds: [UInt64] = Array(1...5)

    @Test(arguments: OperationSample.all.indices, seeds)
    func `a derivative agrees with a difference`(sample: Int, seed: UInt64) throws {
        let sample = OperationSample.all[sample]
        var stream = CounterStream(seed: seed, index: 0)
        let check = try GradientCheck(at: sample.inputs(&stream), seed: seed, of: sample.compute)
        #expect(check.agrees(), "\(sample.kind), \(check)")
    }

    @Test(arguments: OperationSample.all.indices, seeds)
    func `a second derivative agrees with a difference`(sample: Int, seed: UInt64) throws {
        let sample = OperationSample.all[sample]
        var stream = CounterStream(seed: seed, index: 1)
        let inputs = sample.inputs(&stream)
        let check = try GradientCheck(at: inputs, seed: seed) { leaves in
            let output = sample.compute(leaves)
            guard output.requiresGrad else { return .zeros(shape: []) }
            let gradients = try? gradient(
                of: output, withRespectTo: leaves, upstream: .ones(shape: output.shape), createGraph: true,
                allowUnused: true)
            let parts = (gradients ?? []).compactMap { $0.map { ($0 * $0).sum() } }
            return parts.dropFirst().reduce(parts.first ?? .zeros(shape: []), +)
        }
        #expect(check.agrees(within: 1e-5), "\(sample.kind), \(check)")
    }

    @Test func `a broken derivative is found`() throws {
        let broken = UnaryOperation<Double>(
            .powerConstant, "SquareBackward", saving: .first, forward: { $0.mapped { $0 * $0 } },
            derivative: { $0.toFirst($0.gradient * $0.first) })
        let input = Tensor<Double>([0.5, -1.25, 2], shape: [3])

        let check = try GradientCheck(at: [input], seed: 7) { broken($0[0]) }

        #expect(!check.agrees())
        #expect(check.description.hasPrefix("seed 7: "))
    }

    @Test func `a right derivative of the same function passes`() throws {
        let right = UnaryOperation<Double>(
            .powerConstant, "SquareBackward", saving: .first, forward: { $0.mapped { $0 * $0 } },
            derivative: { $0.toFirst($0.gradient * (2 * $0.first)) })
        let input = Tensor<Double>([0.5, -1.25, 2], shape: [3])

        #expect(try GradientCheck(at: [input], seed: 7) { right($0[0]) }.agrees())
    }

    @Test(arguments: OperationKind.allCases)
    func `every entry of the table has a sample`(kind: OperationKind) {
        #expect(OperationSample.all.contains { $0.kind == kind })
    }
}
