/// Which entry of the table of operations an ``Operation`` is; `allCases` is the whole table.
///
/// Every entry has a case of its own, and every case a sample in the tests, which compare its derivatives with finite
/// differences. PyTorch's names do not serve for this: `AddBackward` is the name of three entries.
enum OperationKind: CaseIterable, Sendable {
    // Arithmetic
    case add, addScaled, addConstant, subtract, subtractConstant, subtractFromConstant
    case multiply, multiplyConstant, divide, divideConstant, negate, power, powerConstant, powerOfConstant

    // Functions of one number
    case exp, expMinusOne, log, logOnePlus, squareRoot, sin, cos, tanh, sigmoid, softplus, reciprocal

    // Functions whose formula changes from piece to piece
    case relu, magnitude, sign, clamp, extreme, maximum, minimum, thresholdBackward, `where`, maskedFill

    // Reductions
    case total, mean, sum, meanOver, variance, standardDeviation, norm, product, cumulativeSum
    case softmax, logSoftmax, logSumExp

    // Products of vectors and matrices
    case matrixProduct, productTransposingFirst, productTransposingSecond
    case dotProduct, matrixVectorProduct, batchedProduct

    // Shapes and selections
    case clone, copy, replace, expand, `repeat`, reshape, rearrange, permute
    case slice, gather, scatter, concatenate, stack

    // Losses
    case meanSquaredError, sumOfSquaredErrors, squaredErrors, huber, smoothL1
}
