import Autograd
import Testing

/// Every case of `autograd.json`: what PyTorch computes, and its first and second derivatives.
struct GoldenExpressionTests {
    @Test(arguments: AutogradGolden.shared.cases)
    func `values and gradients are PyTorch's`(golden: AutogradGolden.Case) throws {
        let expression = try #require(GoldenExpressions.all[golden.expression])
        let inputs = golden.inputs.map { $0.tensor(requiresGrad: true) }

        let output = expression(inputs, golden)
        try output.backward(gradient: golden.upstream.tensor())

        expectClose(output, golden.output, "value")
        for (number, input) in inputs.enumerated() {
            expectClose(input.grad, golden.gradients[number], "gradient of input \(number)")
        }
    }

    @Test(arguments: AutogradGolden.shared.cases.filter { $0.secondDirections != nil })
    func `second derivatives are PyTorch's`(golden: AutogradGolden.Case) throws {
        let expression = try #require(GoldenExpressions.all[golden.expression])
        let directions = try #require(golden.secondDirections)
        let expected = try #require(golden.secondGradients)
        let inputs = golden.inputs.map { $0.tensor(requiresGrad: true) }

        let gradients = try gradient(
            of: expression(inputs, golden), withRespectTo: inputs, upstream: golden.upstream.tensor(),
            createGraph: true)
        let products = zip(gradients, directions).compactMap { gradient, direction in
            gradient.map { ($0 * direction.tensor()).sum() }
        }
        let total = products.dropFirst().reduce(products[0], +)
        let second: [Tensor<Double>?] =
            total.requiresGrad
            ? try gradient(of: total, withRespectTo: inputs, allowUnused: true)
            : inputs.map { _ in nil }

        for (number, input) in inputs.enumerated() {
            // A derivative that does not depend on an input leaves no trace there; PyTorch lists it as zeros.
            let found = second[number] ?? .zeros(shape: input.shape)
            expectClose(found, expected[number], "second derivative of input \(number)")
        }
    }
}
