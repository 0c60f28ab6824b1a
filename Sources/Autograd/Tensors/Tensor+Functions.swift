extension Tensor {
    /// e^x of every element.
    package func exp() -> Tensor { UnaryOperation.exp(self) }

    /// e^x - 1 of every element, exact near 0.
    package func expMinusOne() -> Tensor { UnaryOperation.expMinusOne(self) }

    /// The natural logarithm of every element.
    package func log() -> Tensor { UnaryOperation.log(self) }

    /// ln(1 + x) of every element, exact near 0.
    package func logOnePlus() -> Tensor { UnaryOperation.logOnePlus(self) }

    /// The square root of every element.
    package func squareRoot() -> Tensor { UnaryOperation.squareRoot(self) }

    /// The sine of every element.
    package func sin() -> Tensor { UnaryOperation.sin(self) }

    /// The cosine of every element.
    package func cos() -> Tensor { UnaryOperation.cos(self) }

    /// The hyperbolic tangent of every element.
    package func tanh() -> Tensor { UnaryOperation.tanh(self) }

    /// The logistic function 1 / (1 + e^-x) of every element.
    package func sigmoid() -> Tensor { UnaryOperation.sigmoid(self) }

    /// ln(1 + e^x) of every element; x itself above 20, as in PyTorch.
    package func softplus() -> Tensor { UnaryOperation.softplus(self) }

    /// 1 / x of every element.
    package func reciprocal() -> Tensor { UnaryOperation.reciprocal(self) }

    /// The larger of every element and 0; the derivative at 0 is 0.
    package func relu() -> Tensor { UnaryOperation.relu(self) }

    /// The magnitude of every element; the derivative at 0 is 0.
    package func abs() -> Tensor { UnaryOperation.magnitude(self) }

    /// -1, 0 or 1 for every element; the derivative is 0.
    package func sign() -> Tensor { UnaryOperation.sign(self) }

    /// Every element moved into `low...high`; the derivative at a bound and beyond is 0, as in PyTorch 2.15.
    package func clamp(low: Scalar = -.infinity, high: Scalar = .infinity) -> Tensor {
        UnaryOperation.clamp(low, high)(self)
    }

    /// Every element to the power of `exponent`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func pow(_ exponent: Scalar) -> Tensor { UnaryOperation.power(exponent)(self) }

    /// Every element to the power of an element of `exponents`.
    package func pow(_ exponents: Tensor) -> Tensor { BinaryOperation.power(self, exponents) }

    /// `base` to the power of every element.
    package static func pow(_ base: Scalar, _ exponents: Tensor) -> Tensor { UnaryOperation.power(of: base)(exponents) }

    /// Every element times itself.
    package func square() -> Tensor { pow(2) }

    /// This tensor plus `factor` times `other`.
    package func adding(_ other: Tensor, times factor: Scalar) -> Tensor {
        BinaryOperation.add(times: factor)(self, other)
    }

    /// The larger element of every pair; ties share the gradient equally.
    package static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { BinaryOperation.maximum(a, b) }

    /// The smaller element of every pair; ties share the gradient equally.
    package static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { BinaryOperation.minimum(a, b) }

    /// The element of `a` where the mask holds, of `b` elsewhere; all are broadcast to one shape.
    package static func `where`(_ mask: Mask, _ a: Tensor, else b: Tensor) -> Tensor {
        BinaryOperation.where(mask)(a, b)
    }

    /// `constant` where the mask holds, this tensor elsewhere.
    package func maskedFill(_ mask: Mask, with constant: Scalar) -> Tensor {
        UnaryOperation.maskedFill(mask, with: constant)(self)
    }

    /// A copy of the numbers that is still connected to this tensor in the graph.
    package func clone() -> Tensor { UnaryOperation.clone(self) }
}

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
