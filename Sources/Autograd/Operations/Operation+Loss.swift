extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// The mean of (a - b)^2.
    static var meanSquaredError: Self {
        Self(
            "MseLossBackward", saving: [.first, .second],
            forward: { .meanOfZipped($0, $1) { ($0 - $1) * ($0 - $1) } },
            derivative: {
                let scale = 2 / Scalar(max($0.first.count, $0.second.count))
                let upstream = $0.isRecorded
                    ? ($0.first - $0.second) * scale * $0.gradient
                    : .scaledDifference($0.first, $0.second, scale, $0.gradient)
                $0.toFirst(upstream)
                $0.toSecond(-upstream)
            })
    }
}

extension Tensor {
    /// ((a - b) * scale) * gradient in one pass, unrecorded.
    @inline(__always)
    static func scaledDifference(_ a: Tensor, _ b: Tensor, _ scale: Scalar, _ gradient: Tensor) -> Tensor {
        let factor = gradient.elements.pointee
        return zipped(a, b) { (($0 - $1) * scale) * factor }
    }
}
