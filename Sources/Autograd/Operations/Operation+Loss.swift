extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// The mean of (a - b)^2.
    static var meanSquaredError: Self {
        Self(
            .meanSquaredError, "MseLossBackward", saving: [.first, .second],
            forward: { .meanOfZipped($0, $1) { ($0 - $1) * ($0 - $1) } },
            derivative: { $0.sendDifference(ofMean: true) })
    }

    /// The sum of (a - b)^2.
    static var sumOfSquaredErrors: Self {
        Self(
            .sumOfSquaredErrors, "MseLossBackward", saving: [.first, .second],
            forward: { Tensor.zipped($0, $1) { ($0 - $1) * ($0 - $1) }.total() },
            derivative: { $0.sendDifference(ofMean: false) })
    }

    /// (a - b)^2, element by element.
    static var squaredErrors: Self {
        Self(
            .squaredErrors, "MseLossBackward", saving: [.first, .second],
            forward: { .zipped($0, $1) { ($0 - $1) * ($0 - $1) } },
            derivative: {
                let upstream = ($0.first - $0.second) * 2 * $0.gradient
                $0.toFirst(upstream)
                $0.toSecond(-upstream)
            })
    }

    /// The mean of the Huber loss: d^2 / 2 for |d| <= `delta`, `delta` (|d| - `delta` / 2) beyond.
    static func huber(delta: Scalar) -> Self {
        Self(
            .huber, "HuberLossBackward", saving: [.first, .second],
            forward: {
                .meanOfZipped($0, $1) {
                    let distance = ($0 - $1).magnitude
                    return distance < delta ? distance * distance * 0.5 : (distance - delta * 0.5) * delta
                }
            },
            derivative: {
                let difference = $0.first - $0.second
                $0.sendMean(of: difference.clamp(low: -delta, high: delta), count: difference.count)
            })
    }

    /// The mean of the smooth L1 loss: d^2 / (2 `beta`) for |d| < `beta`, |d| - `beta` / 2 beyond.
    static func smoothL1(beta: Scalar) -> Self {
        Self(
            .smoothL1, "SmoothL1LossBackward", saving: [.first, .second],
            forward: {
                .meanOfZipped($0, $1) {
                    let distance = ($0 - $1).magnitude
                    return distance < beta ? distance * distance * 0.5 / beta : distance - 0.5 * beta
                }
            },
            derivative: {
                let difference = $0.first - $0.second
                $0.sendMean(of: (difference / beta).clamp(low: -1, high: 1), count: difference.count)
            })
    }
}

extension Pullback {
    /// Sends 2 (a - b) times the gradient, which is one number, to a, and its negative to b; for a mean divided by the
    /// number of pairs.
    @inline(__always)
    fileprivate func sendDifference(ofMean isMean: Bool) {
        let (first, second) = (first, second)
        let (a, b) = (first.dimensions, second.dimensions)
        let pairs = a == b ? a.elementCount : a.broadcast(with: b).elementCount
        let scale = isMean ? 2 / Scalar(pairs) : 2
        let upstream: Tensor<Scalar>
        if isRecorded {
            upstream = (first - second) * scale * gradient
        } else {
            let factor = gradient.elements.pointee
            upstream = .zipped(first, second) { (($0 - $1) * scale) * factor }
        }
        toFirst(upstream)
        toSecond(-upstream)
    }

    /// Sends the gradient of a mean of `count` terms with the given slopes to a, and its negative to b.
    fileprivate func sendMean(of slopes: Tensor<Scalar>, count: Int) {
        let upstream = slopes * (gradient / Scalar(count))
        toFirst(upstream)
        toSecond(-upstream)
    }
}
