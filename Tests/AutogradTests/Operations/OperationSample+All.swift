@testable import Autograd

extension OperationSample {
    /// Every entry of the table at least once.
    static let all: [OperationSample] =
        arithmetic + functions + piecewise + reductions + matrices + arrangements + losses

    private static let arithmetic: [OperationSample] = [
        .init(.add, shapes: broadcast) { $0[0] + $0[1] },
        .init(.addScaled, shapes: broadcast) { $0[0].adding($0[1], times: 0.3) },
        .init(.subtract, shapes: broadcast) { $0[0] - $0[1] },
        .init(.multiply, shapes: broadcast) { $0[0] * $0[1] },
        .init(.divide, .apart, shapes: broadcast) { $0[0] / $0[1] },
        .init(.addConstant) { $0[0] + 1.5 },
        .init(.subtractConstant) { $0[0] - 1.5 },
        .init(.subtractFromConstant) { 1.5 - $0[0] },
        .init(.multiplyConstant) { $0[0] * 1.5 },
        .init(.divideConstant) { $0[0] / 1.5 },
        .init(.negate) { -$0[0] },
        .init(.powerConstant, .positive) { $0[0].pow(2.5) },
        .init(.powerConstant) { $0[0].pow(2) },
        .init(.powerConstant) { $0[0].pow(3) },
        .init(.powerConstant) { $0[0].pow(1) },
        .init(.powerConstant) { $0[0].pow(0) },
        .init(.powerConstant, .apart) { $0[0].pow(-1) },
        .init(.powerConstant, .apart) { $0[0].pow(-2) },
        .init(.powerConstant, .positive) { $0[0].pow(0.5) },
        .init(.powerConstant, .positive) { $0[0].pow(-0.5) },
        .init(.powerOfConstant) { .pow(1.7, $0[0]) },
        .init(.power, .positive, shapes: broadcast) { $0[0].pow($0[1]) },
    ]

    private static let functions: [OperationSample] = [
        .init(.exp) { $0[0].exp() },
        .init(.expMinusOne) { $0[0].expMinusOne() },
        .init(.log, .positive) { $0[0].log() },
        .init(.logOnePlus, .positive) { $0[0].logOnePlus() },
        .init(.squareRoot, .positive) { $0[0].squareRoot() },
        .init(.sin) { $0[0].sin() },
        .init(.cos) { $0[0].cos() },
        .init(.tanh) { $0[0].tanh() },
        .init(.sigmoid) { $0[0].sigmoid() },
        .init(.softplus) { $0[0].softplus() },
        .init(.reciprocal, .apart) { $0[0].reciprocal() },
    ]

    private static let piecewise: [OperationSample] = [
        .init(.relu, .apart) { $0[0].relu() },
        .init(.thresholdBackward, .apart, shapes: twins) { BinaryOperation.thresholdBackward($0[0], $0[1]) },
        .init(.magnitude, .apart) { $0[0].abs() },
        .init(.sign, .apart) { $0[0].sign() },
        .init(.clamp, .apart) { $0[0].clamp(low: -0.25, high: 0.25) },
        .init(.clamp, .apart) { $0[0].clamp(low: -3, high: 3) },
        .init(.extreme, .apart) { $0[0].max() },
        .init(.extreme, .apart) { $0[0].min() },
        .init(.maximum, .apart, shapes: twins) { .maximum($0[0], 2 * $0[1]) },
        .init(.minimum, .apart, shapes: twins) { .minimum($0[0], 2 * $0[1]) },
        .init(.where, .apart, shapes: twins) { .where($0[0] > 0, $0[0] * 2, else: $0[1] * 3) },
        .init(.maskedFill, .apart) { $0[0].maskedFill($0[0] > 0, with: 7) },
    ]

    private static let reductions: [OperationSample] = [
        .init(.total) { $0[0].sum() },
        .init(.mean) { $0[0].mean() },
        .init(.sum, shapes: block) { $0[0].sum(over: [0, 2]) },
        .init(.sum, shapes: block) { $0[0].sum(over: [-1], keepingDimensions: true) },
        .init(.meanOver, shapes: block) { $0[0].mean(over: [1]) },
        .init(.variance, shapes: block) { $0[0].variance(over: [1]) },
        .init(.standardDeviation, .apart, shapes: block) { $0[0].standardDeviation(over: [0, 1]) },
        .init(.norm, .apart) { $0[0].norm() },
        .init(.product, .apart) { $0[0].product() },
        .init(.cumulativeSum, shapes: block) { $0[0].cumulativeSum(along: 1) },
        .init(.softmax, shapes: block) { $0[0].softmax(along: 1) },
        .init(.logSoftmax, shapes: block) { $0[0].logSoftmax(along: 2) },
        .init(.logSumExp, shapes: block) { $0[0].logSumExp(along: 0) },
    ]

    private static let matrices: [OperationSample] = [
        .init(.matrixProduct, shapes: factors()) { $0[0].mm($0[1]) },
        .init(.productTransposingFirst, shapes: factors(transposingFirst: true)) {
            BinaryOperation.productTransposingFirst($0[0], $0[1])
        },
        .init(.productTransposingSecond, shapes: factors(transposingSecond: true)) {
            BinaryOperation.productTransposingSecond($0[0], $0[1])
        },
        .init(.dotProduct, shapes: vectors) { $0[0].matmul($0[1]) },
        .init(.matrixVectorProduct, shapes: matrixAndVector) { $0[0].matmul($0[1]) },
        .init(.batchedProduct, shapes: batches) { $0[0].matmul($0[1]) },
    ]

    private static let arrangements: [OperationSample] = [
        .init(.clone) { $0[0].clone() },
        .init(.copy) { UnaryOperation.copy($0[0]) },
        .init(.replace, shapes: matrixAndVector) { input in
            let result = input[0] * 2
            result.copy(from: input[1])
            return result
        },
        .init(.expand, shapes: matrix) { $0[0].unsqueeze(1).expand(to: [2, -1, 3, -1]) },
        .init(.repeat, shapes: matrix) { $0[0].repeat([2, 1, 3]) },
        .init(.reshape, shapes: matrix) { $0[0].t().reshape([-1]) },
        .init(.rearrange, shapes: matrix) { $0[0].t().clone().t().reshape([-1]) },
        .init(.permute, shapes: block) { $0[0].permute([2, 0, 1]) },
        .init(.slice, shapes: block) { $0[0][.all, 1, .slice(by: 2)] },
        .init(.gather, shapes: block) { $0[0].indexSelect(1, [1, 0, 1]) },
        .init(.scatter, shapes: block) { $0[0].scatter(to: $0[0].shape.repeatedIndices, in: Shape([40])) },
        .init(.concatenate, shapes: stackable) { .cat([$0[0], $0[1], $0[0]], along: 0) },
        .init(.stack, shapes: twins) { .stack([$0[0], $0[1], $0[0]], along: -1) },
    ]

    private static let losses: [OperationSample] = [
        .init(.meanSquaredError, shapes: twins) { $0[0].meanSquaredError(to: $0[1]) },
        .init(.meanSquaredError, shapes: broadcast) { $0[0].meanSquaredError(to: $0[1]) },
        .init(.sumOfSquaredErrors, shapes: twins) { $0[0].sumOfSquaredErrors(to: $0[1]) },
        .init(.squaredErrors, shapes: twins) { $0[0].squaredErrors(to: $0[1]) },
        .init(.huber, shapes: twins) { $0[0].huberLoss(to: $0[1], delta: 0.7) },
        .init(.smoothL1, shapes: twins) { $0[0].smoothL1Loss(to: $0[1], beta: 0.7) },
    ]
}

extension [Int] {
    /// As many flat indices as elements, some of them twice.
    fileprivate var repeatedIndices: [Int] { (0..<reduce(1, *)).map { $0 * 7 % 40 } }
}
