import Autograd
import Testing

/// Values and gradients where formulas break down: zeros, ties, bounds, NaN and infinity, as PyTorch 2.15 has them.
struct EdgeValueTests {
    typealias T = Tensor<Double>

    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let inputs: [[Double]]
        let values: [Double]
        /// Of the sum of the values.
        let gradients: [[Double]]
        let compute: @Sendable ([T]) -> T

        init(
            _ name: String, _ inputs: [[Double]], _ values: [Double], _ gradients: [[Double]],
            compute: @escaping @Sendable ([T]) -> T
        ) {
            testDescription = name
            self.inputs = inputs
            self.values = values
            self.gradients = gradients
            self.compute = compute
        }
    }

    static let samples: [Sample] = [
        .init(
            "sqrt at 0", [[0, 4]], [0, 2],
            [[.infinity, 0.25]]
        ) { $0[0].squareRoot() },
        .init(
            "the power 0 of 0", [[0, 2]], [1, 1],
            [[0, 0]]
        ) { $0[0].pow(0) },
        .init(
            "a tensor's power at base 0", [[0, 0, 0, -2], [0, 2, -1, 3]], [1, 0, .infinity, -8],
            [[0, 0, -.infinity, 12], [0, 0, -.infinity, .nan]]
        ) { $0[0].pow($0[1]) },
        .init(
            "a power of -inf", [[-.infinity, -2]], [0, .nan],
            [[-0.0, .nan]]
        ) { $0[0].pow(-1.5) },
        .init(
            "powers of 0", [[0, 2, -1]], [1, 0, .infinity],
            [[0, 0, -.infinity]]
        ) { .pow(0, $0[0]) },
        .init(
            "whole powers of a negative number", [[2, -1, .infinity, 0.5]], [4, -0.5, .infinity, .nan],
            [[.nan, .nan, .nan, .nan]]
        ) { .pow(-2, $0[0]) },
        .init(
            "clamp at its bounds and NaN", [[-0.5, 0.5, .nan, -.infinity, 0.25]], [-0.5, 0.5, .nan, -0.5, 0.25],
            [[0, 0, 0, 0, 1]]
        ) { $0[0].clamp(low: -0.5, high: 0.5) },
        .init(
            "relu of 0 and NaN", [[0, -0.0, .nan, .infinity]], [0, -0.0, .nan, .infinity],
            [[0, 0, 1, 1]]
        ) { $0[0].relu() },
        .init(
            "sign of NaN", [[.nan, 0, -3]], [0, 0, -1],
            [[0, 0, 0]]
        ) { $0[0].sign() },
        .init(
            "abs of NaN", [[.nan, 0, -3]], [.nan, 0, 3],
            [[0, 0, -1]]
        ) { $0[0].abs() },
        .init(
            "maximum beside NaN", [[.nan, 1, 2, 3], [1, .nan, 2, 4]], [.nan, .nan, 2, 4],
            [[1, 1, 0.5, 0], [1, 1, 0.5, 1]]
        ) { .maximum($0[0], $0[1]) },
        .init(
            "minimum beside NaN", [[.nan, 1, 2, 3], [1, .nan, 2, 4]], [.nan, .nan, 2, 3],
            [[1, 1, 0.5, 1], [1, 1, 0.5, 0]]
        ) { .minimum($0[0], $0[1]) },
        .init(
            "the largest of ties", [[1, 3, 3]], [3],
            [[0, 0.5, 0.5]]
        ) { $0[0].max() },
        .init(
            "the largest beside NaN", [[1, .nan, 3]], [.nan],
            [[0, 1, 0]]
        ) { $0[0].max() },
        .init(
            "the smallest along a dimension beside NaN", [[1, .nan, -3]], [.nan],
            [[0, 1, 0]]
        ) { $0[0].min(along: 0) },
        .init(
            "the variance of one element", [[5]], [.nan],
            [[.nan]]
        ) { $0[0].variance() },
        .init(
            "softmax beside inf", [[1, .infinity]], [.nan, .nan],
            [[.nan, .nan]]
        ) { $0[0].softmax(along: 0) },
        .init(
            "the logarithm of softmax beside inf", [[1, .infinity]], [.nan, .nan],
            [[.nan, .nan]]
        ) { $0[0].logSoftmax(along: 0) },
        .init(
            "the logarithm of a sum of exponentials of -inf", [[-.infinity, -.infinity]], [-.infinity],
            [[.nan, .nan]]
        ) { $0[0].logSumExp(along: 0) },
        .init(
            "a product of one zero", [[0, 2, 3]], [0],
            [[6, 0, 0]]
        ) { $0[0].product() },
        .init(
            "a product of two zeros", [[0, 0, 3]], [0],
            [[0, 0, 0]]
        ) { $0[0].product() },
        .init(
            "the norm of 0", [[0, 0]], [0],
            [[0, 0]]
        ) { $0[0].norm() },
        .init(
            "where with NaN in the branch not taken", [[.nan, 2]], [0, 2],
            [[0, 1]]
        ) { .where(Mask([false, true], shape: [2]), $0[0], else: .zeros(shape: [2])) },
    ]

    @Test(arguments: samples)
    func `values and gradients are PyTorch's`(sample: Sample) throws {
        let leaves = sample.inputs.map { T($0, shape: [$0.count], requiresGrad: true) }

        let result = sample.compute(leaves)
        try result.backward(gradient: .ones(shape: result.shape))

        expectAlike(result.scalars, sample.values)
        for (leaf, expected) in zip(leaves, sample.gradients) {
            expectAlike(try #require(leaf.grad).scalars, expected)
        }
    }

    @Test(arguments: [
        "sum", "mean", "softmax", "logSoftmax", "logSumExp", "max", "min", "cumulativeSum",
    ])
    func `a scalar can be reduced along its dimension 0 or -1`(name: String) throws {
        let reductions: [String: @Sendable (T, Int) -> T] = [
            "sum": { $0.sum(over: [$1]) }, "mean": { $0.mean(over: [$1]) }, "softmax": { $0.softmax(along: $1) },
            "logSoftmax": { $0.logSoftmax(along: $1) }, "logSumExp": { $0.logSumExp(along: $1) },
            "max": { $0.max(along: $1) }, "min": { $0.min(along: $1) },
            "cumulativeSum": { $0.cumulativeSum(along: $1) },
        ]
        let reduce = try #require(reductions[name])
        let expected: [String: (value: Double, slope: Double)] = ["softmax": (1, 0), "logSoftmax": (0, 0)]
        for dimension in [0, -1] {
            let x = T(2.5, requiresGrad: true)
            let result = reduce(x, dimension)
            try result.backward()
            #expect(result.shape == [])
            expectAlike(result.scalars, [expected[name]?.value ?? 2.5])
            expectAlike(try #require(x.grad).scalars, [expected[name]?.slope ?? 1])
        }
    }

    @Test func `a second derivative of relu is 0 and exists`() throws {
        let x = T([1, -1], shape: [2], requiresGrad: true)
        let first = try gradient(of: x.relu().sum(), withRespectTo: x, createGraph: true)
        let second = try gradient(of: first.sum(), withRespectTo: x)
        #expect(first.scalars == [1, 0])
        #expect(second.scalars == [0, 0])
    }

    @Test func `a mean squared error counts the pairs that both sides make`() throws {
        let a = T([1, 2], shape: [2, 1], requiresGrad: true)
        let b = T([0, 3, 5], shape: [3])
        try a.meanSquaredError(to: b).backward()
        // 2/6 of the sum of (a - b) over b.
        expectAlike(try #require(a.grad).scalars, [-5.0 / 3, -2.0 / 3])
    }

    private func expectAlike(_ actual: [Double], _ expected: [Double]) {
        let isAlike = zip(actual, expected).allSatisfy {
            $0 == $1 || $0.isNaN && $1.isNaN || abs($0 - $1) <= 1e-12 * abs($1)
        }
        #expect(actual.count == expected.count && isAlike, "\(actual) instead of \(expected)")
    }
}
