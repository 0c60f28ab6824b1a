extension Tensor {
    /// The sum of all elements, in the thread's ``SummationOrder``, as a tensor without dimensions.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func sum() -> Tensor { UnaryOperation.total(shape: .scalar)(self) }

    /// The sums over `dimensions` (-1 is the last), which stay with size 1 if `keepingDimensions`.
    package func sum(over dimensions: [Int], keepingDimensions: Bool = false) -> Tensor {
        UnaryOperation.sum(over: reduced(dimensions, keepingDimensions))(self)
    }

    /// The mean of all elements, their sum divided by their number, as a tensor without dimensions.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func mean() -> Tensor { UnaryOperation.mean(self) }

    /// The means over `dimensions` (-1 is the last), which stay with size 1 if `keepingDimensions`.
    package func mean(over dimensions: [Int], keepingDimensions: Bool = false) -> Tensor {
        UnaryOperation.mean(over: reduced(dimensions, keepingDimensions))(self)
    }

    /// The variance over `dimensions` (all if empty): squared distances from the mean over their number less
    /// `correction`.
    package func variance(
        over dimensions: [Int] = [], correction: Scalar = 1, keepingDimensions: Bool = false
    ) -> Tensor {
        UnaryOperation.variance(over: reduced(dimensions, keepingDimensions), correction: correction)(self)
    }

    /// The square root of ``variance(over:correction:keepingDimensions:)``; its derivative at 0 is 0.
    package func standardDeviation(
        over dimensions: [Int] = [], correction: Scalar = 1, keepingDimensions: Bool = false
    ) -> Tensor {
        UnaryOperation.standardDeviation(over: reduced(dimensions, keepingDimensions), correction: correction)(self)
    }

    /// The product of all elements; derivatives are right where elements are 0, too.
    package func product() -> Tensor { UnaryOperation.product(self) }

    /// The Euclidean norm of all elements; its derivative at 0 is 0.
    package func norm() -> Tensor { UnaryOperation.norm(self) }

    /// The running sums along `dimension`.
    package func cumulativeSum(along dimension: Int) -> Tensor {
        UnaryOperation.cumulativeSum(along: dimensions.dimension(dimension), reversed: false)(self)
    }

    /// e^x divided by the sum of e^x along `dimension`.
    package func softmax(along dimension: Int) -> Tensor {
        UnaryOperation.softmax(along: reduced([dimension], true))(self)
    }

    /// The logarithm of ``softmax(along:)``, without its rounding near 0.
    package func logSoftmax(along dimension: Int) -> Tensor {
        UnaryOperation.logSoftmax(along: reduced([dimension], true))(self)
    }

    /// The logarithm of the sum of e^x along `dimension`; nothing overflows.
    package func logSumExp(along dimension: Int, keepingDimension: Bool = false) -> Tensor {
        UnaryOperation.logSumExp(along: reduced([dimension], keepingDimension))(self)
    }

    /// The largest element; ties share the gradient equally.
    package func max() -> Tensor { UnaryOperation.extreme("MaxBackward", >)(self) }

    /// The smallest element; ties share the gradient equally.
    package func min() -> Tensor { UnaryOperation.extreme("MinBackward", <)(self) }

    /// The largest elements along `dimension`, or NaN where there is one; of ties, the first takes the gradient.
    package func max(along dimension: Int, keepingDimension: Bool = false) -> Tensor {
        extremes("MaxBackward", along: dimension, keepingDimension, >)
    }

    /// The smallest elements along `dimension`, or NaN where there is one; of ties, the first takes the gradient.
    package func min(along dimension: Int, keepingDimension: Bool = false) -> Tensor {
        extremes("MinBackward", along: dimension, keepingDimension, <)
    }

    private func extremes(
        _ name: StaticString, along dimension: Int, _ keepingDimension: Bool, _ isBetter: (Scalar, Scalar) -> Bool
    ) -> Tensor {
        let dimension = dimensions.dimension(dimension)
        let own = dimensions.rowMajorStrides
        let reduced = reduced([dimension], keepingDimension)
        let length = reduced.terms(of: dimensions)
        precondition(length > 0, "Expected reduction dim \(dimension) to have non-zero size.")
        let numbers = scalars
        var flatIndices: [Int] = []
        reduced.keptOpen.result(of: dimensions).forEachPosition(strides: own) { start in
            flatIndices.append(
                (1..<length).reduce(start) { best, step in
                    let place = start + step * own[dimension]
                    let (held, next) = (numbers[best], numbers[place])
                    return isBetter(next, held) || next.isNaN && !held.isNaN ? place : best
                })
        }
        return UnaryOperation.gather(name, flatIndices, shape: reduced.result(of: dimensions))(self)
    }

    private func reduced(_ dimensions: [Int], _ keeping: Bool) -> ReducedDimensions {
        ReducedDimensions(dimensions, keeping: keeping, of: self.dimensions)
    }

    /// The sum over the dimensions along which `target` was broadcast to the shape of this tensor.
    ///
    /// The one place where broadcasting is undone.
    @inline(__always)
    func sum(to target: Shape) -> Tensor {
        dimensions == target ? self : summedToSmaller(target)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func summedToSmaller(_ target: Shape) -> Tensor {
        if target.elementCount == 1 { return UnaryOperation.total(shape: target)(self) }
        let lead = dimensions.rank - target.rank
        let repeated = dimensions.indices.filter { $0 < lead || target[$0 - lead] == 1 && dimensions[$0] != 1 }
        return sum(over: repeated, keepingDimensions: true).reshaped(to: target)
    }
}
