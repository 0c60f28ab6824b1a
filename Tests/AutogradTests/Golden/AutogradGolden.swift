import Autograd
import TestSupport
import Testing

/// `autograd.json`: values and derivatives of PyTorch expressions and small programs.
struct AutogradGolden: Decodable {
    struct Values: Decodable, Sendable {
        var shape: [Int]
        var data: [Double]

        func tensor(requiresGrad: Bool = false) -> Tensor<Double> {
            Tensor(data, shape: shape, requiresGrad: requiresGrad)
        }
    }

    /// Indices or a mask that an expression uses beside its inputs.
    struct Constants: Decodable, Sendable {
        struct Indices: Decodable, Sendable {
            var shape: [Int]
            var data: [Int]
        }

        struct Flags: Decodable, Sendable {
            var shape: [Int]
            var data: [Bool]
        }

        var i: Indices?
        var m: Flags?
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var operation: String
        var expression: String
        var inputs: [Values]
        var constants: Constants?
        var output: Values
        var upstream: Values
        var gradients: [Values]
        var secondDirections: [Values]?
        var secondGradients: [Values]?

        enum CodingKeys: String, CodingKey {
            case inputs, constants, output, upstream
            case operation = "op"
            case expression = "expr"
            case gradients = "grads"
            case secondDirections = "hvp_v"
            case secondGradients = "hvp"
        }

        var testDescription: String { "\(operation): \(expression) of \(inputs.map(\.shape))" }

        var indices: [Int] { constants?.i?.data ?? [] }
        var mask: Mask { Mask(constants?.m?.data ?? [], shape: constants?.m?.shape ?? [0]) }
    }

    struct Program: Decodable, Sendable {
        var name: String
        var given: [String: Values]
        var result: [String: Values]
    }

    struct Semantics: Decodable, Sendable {
        struct Failure: Decodable, Sendable {
            var message: String
        }

        struct Warning: Decodable, Sendable {
            var message: String
        }

        var name: String
        var stdout: String
        var error: Failure?
        var warnings: [Warning]
    }

    var cases: [Case]
    var programs: [Program]
    var semantics: [Semantics]

    static let shared: AutogradGolden = try! Golden.load("autograd.json")

    static func program(_ name: String) throws -> Program {
        try #require(shared.programs.first { $0.name == name })
    }

    static func semantics(_ name: String) throws -> Semantics {
        try #require(shared.semantics.first { $0.name == name })
    }
}

/// The tolerance of the golden README: 1e-12 relative plus 1e-13 absolute; -0.0 equals 0.0.
func expectClose(
    _ actual: Tensor<Double>?, _ expected: AutogradGolden.Values, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let actual else {
        Issue.record("\(what): there is none", sourceLocation: sourceLocation)
        return
    }
    #expect(actual.shape == expected.shape, "\(what)", sourceLocation: sourceLocation)
    let numbers = actual.scalars
    #expect(numbers.count == expected.data.count, "\(what)", sourceLocation: sourceLocation)
    let isClose = zip(numbers, expected.data).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) + 1e-13 }
    #expect(isClose, "\(what): \(numbers) instead of \(expected.data)", sourceLocation: sourceLocation)
}
