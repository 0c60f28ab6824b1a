import RealModule

extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// The sum of all elements as a tensor of `shape`, which has one element.
    static func total(shape: Shape) -> Self {
        Self(
            .total, "SumBackward", forward: { $0.total(shape: shape) },
            derivative: { $0.toFirst($0.gradient.reshaped(to: .scalar).expand(to: $0.firstShape)) })
    }

    /// The mean of all elements as a scalar.
    static var mean: Self {
        Self(
            .mean, "MeanBackward", forward: { $0.total(dividedBy: Scalar($0.count)) },
            derivative: { $0.toFirst($0.gradient.expand(to: $0.firstShape) / Scalar($0.firstShape.elementCount)) })
    }

    /// The sum over some dimensions.
    static func sum(over dimensions: ReducedDimensions) -> Self {
        Self(
            .sum, "SumBackward", forward: { $0.summed(over: dimensions) },
            derivative: { $0.toFirst($0.gradient.spread(over: dimensions, of: $0.firstShape)) })
    }

    /// The mean over some dimensions.
    static func mean(over dimensions: ReducedDimensions) -> Self {
        Self(
            .meanOver, "MeanBackward",
            forward: { input in
                let terms = Scalar(dimensions.terms(of: input.dimensions))
                return input.summed(over: dimensions).mapped { $0 / terms }
            },
            derivative: {
                let terms = Scalar(dimensions.terms(of: $0.firstShape))
                $0.toFirst($0.gradient.spread(over: dimensions, of: $0.firstShape) / terms)
            })
    }

    /// The variance over some dimensions: squared distances from the mean, divided by their number less `correction`.
    static func variance(over dimensions: ReducedDimensions, correction: Scalar) -> Self {
        Self(
            .variance, "VarBackward", saving: .first,
            forward: { $0.variance(over: dimensions, correction: correction) },
            derivative: {
                let gradient = $0.gradient.spread(over: dimensions, of: $0.firstShape)
                $0.toFirst($0.first.varianceGradient(gradient, over: dimensions, correction: correction))
            })
    }

    /// The square root of the variance.
    static func standardDeviation(over dimensions: ReducedDimensions, correction: Scalar) -> Self {
        Self(
            .standardDeviation, "StdBackward", saving: [.first, .output],
            forward: { $0.variance(over: dimensions, correction: correction).mapped { $0.squareRoot() } },
            derivative: {
                let halved = ($0.gradient / ($0.output * 2)).maskedFill($0.output.mask { $0 == 0 }, with: 0)
                let gradient = halved.spread(over: dimensions, of: $0.firstShape)
                $0.toFirst($0.first.varianceGradient(gradient, over: dimensions, correction: correction))
            })
    }

    /// The Euclidean norm of all elements.
    static var norm: Self {
        Self(
            .norm, "LinalgVectorNormBackward", saving: [.first, .output],
            forward: { $0.mapped { $0 * $0 }.total().mapped { $0.squareRoot() } },
            derivative: {
                let direction = ($0.first / $0.output).maskedFill($0.output.mask { $0 == 0 }, with: 0)
                $0.toFirst($0.gradient * direction)
            })
    }

    /// The product of all elements.
    static var product: Self {
        Self(
            .product, "ProdBackward", saving: [.first, .output],
            forward: { input in
                let product = input.scalars.reduce(1, *)
                return Tensor(shape: .scalar) { $0.pointee = product }
            },
            derivative: {
                if $0.firstShape.rank == 0 {
                    $0.toFirst($0.gradient)
                } else if $0.first.scalars.contains(0) {
                    $0.toFirst($0.gradient * $0.first.productsOfOthers())
                } else {
                    $0.toFirst($0.gradient * ($0.output / $0.first))
                }
            })
    }

    /// The running sum along a dimension, from its end if `reversed`.
    static func cumulativeSum(along dimension: Int, reversed: Bool) -> Self {
        Self(
            .cumulativeSum, "CumsumBackward", forward: { $0.runningSum(along: dimension, reversed: reversed) },
            derivative: {
                $0.toFirst(Self.cumulativeSum(along: dimension, reversed: !reversed)($0.gradient))
            })
    }

    /// e^x divided by the sum of e^x along a dimension.
    static func softmax(along dimension: ReducedDimensions) -> Self {
        Self(
            .softmax, "SoftmaxBackward", saving: .output,
            forward: { input in
                let exponentials = Tensor.zipped(input, input.maximum(along: dimension)) { Scalar.exp($0 - $1) }
                return .zipped(exponentials, exponentials.summed(over: dimension)) { $0 / $1 }
            },
            derivative: {
                let weighted = $0.gradient * $0.output
                $0.toFirst(weighted - $0.output * UnaryOperation.sum(over: dimension)(weighted))
            })
    }

    /// The logarithm of the softmax.
    static func logSoftmax(along dimension: ReducedDimensions) -> Self {
        Self(
            .logSoftmax, "LogSoftmaxBackward", saving: .output,
            forward: { input in
                let shifted = Tensor.zipped(input, input.maximum(along: dimension)) { $0 - $1 }
                let sums = shifted.mapped(Scalar.exp).summed(over: dimension)
                return .zipped(shifted, sums) { $0 - Scalar.log($1) }
            },
            derivative: {
                let sum = UnaryOperation.sum(over: dimension)($0.gradient)
                $0.toFirst($0.gradient - $0.output.exp() * sum)
            })
    }

    /// The logarithm of the sum of e^x along a dimension.
    static func logSumExp(along dimension: ReducedDimensions) -> Self {
        Self(
            .logSumExp, "LogsumexpBackward", saving: [.first, .output],
            forward: { $0.logSumOfExponentials(along: dimension) },
            derivative: {
                let gradient = $0.gradient.spread(over: dimension, of: $0.firstShape)
                let output = $0.output.spread(over: dimension, of: $0.firstShape)
                $0.toFirst(gradient * ($0.first - output).exp())
            })
    }
}
