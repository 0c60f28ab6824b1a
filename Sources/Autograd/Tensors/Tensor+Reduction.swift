extension Tensor {
    /// The sum of all elements, in the thread's ``SummationOrder``, as a tensor without dimensions.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func sum() -> Tensor {
        UnaryOperation.sum(over: Array(shape.indices), keeping: false, of: shape)(self)
    }

    /// The mean of all elements, their sum divided by their number, as a tensor without dimensions.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func mean() -> Tensor {
        UnaryOperation.mean(over: Array(shape.indices), keeping: false, of: shape)(self)
    }

    /// The sum over the dimensions along which `target` was broadcast to the shape of this tensor.
    ///
    /// The one place where broadcasting is undone.
    @inline(__always)
    func sum(to target: [Int]) -> Tensor {
        shape == target ? self : summedToSmaller(target)
    }

    private func summedToSmaller(_ target: [Int]) -> Tensor {
        let lead = shape.count - target.count
        let dimensions = shape.indices.filter { $0 < lead || target[$0 - lead] == 1 && shape[$0] != 1 }
        let sum = UnaryOperation.sum(over: dimensions, keeping: true, of: shape)(self)
        return sum.reshaped(to: target)
    }

    /// The mean of the squared differences to `target`: sum((self - target)^2) / n, fused.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func meanSquaredError(to target: Tensor) -> Tensor { BinaryOperation.meanSquaredError(self, target) }
}
