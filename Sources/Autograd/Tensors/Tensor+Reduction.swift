extension Tensor {
    /// The sum of all elements, in the thread's ``SummationOrder``, as a tensor without dimensions.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func sum() -> Tensor {
        UnaryOperation.total(shape: .scalar)(self)
    }

    /// The mean of all elements, their sum divided by their number, as a tensor without dimensions.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func mean() -> Tensor {
        UnaryOperation.mean(self)
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
        let reduced = dimensions.indices.filter { $0 < lead || target[$0 - lead] == 1 && dimensions[$0] != 1 }
        return UnaryOperation.sum(over: reduced, keeping: true)(self).reshaped(to: target)
    }

    /// The mean of the squared differences to `target`: sum((self - target)^2) / n, fused.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func meanSquaredError(to target: Tensor) -> Tensor { BinaryOperation.meanSquaredError(self, target) }
}
