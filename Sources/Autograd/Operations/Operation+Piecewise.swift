extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// The larger of x and 0; the derivative at 0 is 0.
    static var relu: Self {
        Self(
            .relu, "ReluBackward", saving: .output, forward: { $0.mapped { $0 > 0 ? $0 : $0.isNaN ? $0 : 0 } },
            derivative: { $0.toFirst(BinaryOperation.thresholdBackward($0.gradient, $0.output)) })
    }

    /// The magnitude; the derivative at 0 is 0.
    static var magnitude: Self {
        Self(
            .magnitude, "AbsBackward", saving: .first, forward: { $0.mapped { $0.magnitude } },
            derivative: { $0.toFirst($0.gradient * $0.first.sign()) })
    }

    /// -1, 0 or 1, and 0 for NaN; the derivative is 0 everywhere.
    static var sign: Self {
        Self(
            .sign, "SignBackward", forward: { $0.mapped { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 } },
            derivative: { $0.toFirst(.full(0, $0.firstShape)) })
    }

    /// The nearest value in `low...high`; the derivative at a bound, beyond and of NaN is 0.
    static func clamp(_ low: Scalar, _ high: Scalar) -> Self {
        Self(
            .clamp, "ClampBackward", saving: .first, forward: { $0.mapped { $0 < low ? low : $0 > high ? high : $0 } },
            derivative: { $0.toFirst($0.gradient.maskedFill($0.first.mask { !(low < $0 && $0 < high) }, with: 0)) })
    }

    /// The largest or smallest of all elements, or NaN if there is one; the derivative is shared equally by ties.
    static func extreme(_ name: StaticString, _ isBetter: @escaping (Scalar, Scalar) -> Bool) -> Self {
        Self(
            .extreme, name, saving: [.first, .output], forward: { $0.extreme(isBetter) },
            derivative: {
                let best = $0.output.elements.pointee
                let others = $0.first.mask { !($0 == best || $0.isNaN && best.isNaN) }
                let ties = Scalar(others.flags.count { !$0 })
                $0.toFirst(($0.gradient / ties).expand(to: $0.firstShape).maskedFill(others, with: 0))
            })
    }
}

extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// The larger of two elements; the derivative of a tie is shared equally.
    static var maximum: Self {
        Self(
            .maximum, "MaximumBackward", saving: [.first, .second],
            forward: { .zipped($0, $1) { $0.isNaN || $0 > $1 ? $0 : $1 } },
            derivative: {
                $0.toFirst($0.gradient.share(of: $0.first, tiedWith: $0.second, unless: <))
                $0.toSecond($0.gradient.share(of: $0.second, tiedWith: $0.first, unless: <))
            })
    }

    /// The smaller of two elements; the derivative of a tie is shared equally.
    static var minimum: Self {
        Self(
            .minimum, "MinimumBackward", saving: [.first, .second],
            forward: { .zipped($0, $1) { $0.isNaN || $0 < $1 ? $0 : $1 } },
            derivative: {
                $0.toFirst($0.gradient.share(of: $0.first, tiedWith: $0.second, unless: >))
                $0.toSecond($0.gradient.share(of: $0.second, tiedWith: $0.first, unless: >))
            })
    }

    /// The first input where the second is above 0 or NaN, and 0 elsewhere: the derivative of ``relu``, which as in
    /// PyTorch depends on both inputs, with a derivative of 0 for the second.
    static var thresholdBackward: Self {
        Self(
            .thresholdBackward, "ThresholdBackward", saving: .second, forward: { .zipped($0, $1) { $1 <= 0 ? 0 : $0 } },
            derivative: {
                $0.toFirst(Operation.thresholdBackward($0.gradient, $0.second))
                $0.toSecond(.full(0, $0.secondShape))
            })
    }

    /// The first input where the mask holds, the second elsewhere.
    static func `where`(_ mask: Mask) -> Self {
        Self(
            .where, "WhereBackward", saving: .constant, forward: { .selecting(mask, $0, $1) },
            derivative: {
                $0.toFirst($0.gradient.maskedFill(!mask, with: 0))
                $0.toSecond($0.gradient.maskedFill(mask, with: 0))
            })
    }
}

extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// A constant where the mask holds.
    static func maskedFill(_ mask: Mask, with constant: Scalar) -> Self {
        Self(
            .maskedFill, "MaskedFillBackward", saving: .constant,
            forward: { .selecting(mask, .full(constant, .scalar), $0) },
            derivative: { $0.toFirst($0.gradient.maskedFill(mask, with: 0)) })
    }
}

extension Tensor {
    /// What `a` gets of this gradient: nothing where it is worse, half of a tie, all otherwise, also where one is NaN.
    fileprivate func share(of a: Tensor, tiedWith b: Tensor, unless isWorse: (Scalar, Scalar) -> Bool) -> Tensor {
        let worse = Tensor.zipped(a, b) { isWorse($0, $1) ? 1 : 0 }.mask { $0 == 1 }
        return (self * .zipped(a, b) { $0 == $1 ? 0.5 : 1 }).maskedFill(worse, with: 0)
    }

    fileprivate func extreme(_ isBetter: (Scalar, Scalar) -> Bool) -> Tensor {
        precondition(count > 0, "Expected reduction dim to be specified for input.numel() == 0.")
        return withElements { source in
            var best = source[0]
            for index in 0..<count where isBetter(source[index], best) || source[index].isNaN {
                best = source[index]
            }
            return Tensor(shape: .scalar) { $0.pointee = best }
        }
    }

    /// `a` where the mask holds, `b` elsewhere, all broadcast to one shape; unrecorded.
    fileprivate static func selecting(_ mask: Mask, _ a: Tensor, _ b: Tensor) -> Tensor {
        let shape = mask.dimensions.broadcast(with: a.dimensions).broadcast(with: b.dimensions)
        let flags = mask.broadcast(to: shape)
        return a.broadcastView(to: shape).withElements { left in
            b.broadcastView(to: shape).withElements { right in
                Tensor(shape: shape) { target in
                    for index in flags.indices { target[index] = flags[index] ? left[index] : right[index] }
                }
            }
        }
    }
}
