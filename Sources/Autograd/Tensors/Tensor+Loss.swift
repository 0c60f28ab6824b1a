extension Tensor {
    /// The mean of the squared differences to `target`: sum((self - target)^2) / n, fused.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func meanSquaredError(to target: Tensor) -> Tensor { BinaryOperation.meanSquaredError(self, target) }

    /// The sum of the squared differences to `target`, fused.
    package func sumOfSquaredErrors(to target: Tensor) -> Tensor { BinaryOperation.sumOfSquaredErrors(self, target) }

    /// The squared differences to `target`, element by element.
    package func squaredErrors(to target: Tensor) -> Tensor { BinaryOperation.squaredErrors(self, target) }

    /// The distances to `target`, element by element; their mean or sum is the L1 loss.
    package func absoluteErrors(to target: Tensor) -> Tensor { (self - target).abs() }

    /// The mean of the Huber loss: quadratic up to a distance of `delta`, linear beyond.
    package func huberLoss(to target: Tensor, delta: Scalar = 1) -> Tensor {
        BinaryOperation.huber(delta: delta)(self, target)
    }

    /// The mean of the smooth L1 loss: the Huber loss divided by its `beta`.
    package func smoothL1Loss(to target: Tensor, beta: Scalar = 1) -> Tensor {
        BinaryOperation.smoothL1(beta: beta)(self, target)
    }
}
