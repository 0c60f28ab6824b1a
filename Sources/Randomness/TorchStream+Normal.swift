#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension TorchStream {
    /// Draws from the standard normal distribution (`torch.randn`).
    ///
    /// The count chooses the algorithm, so `randn(20)` and twice `randn(10)` give different numbers:
    /// - Fewer than 16 values come one at a time from the Box-Muller method in binary64, for both types. It makes two
    ///   values, of which the second is kept for the next such call; the kept value outlives calls of all other
    ///   functions.
    /// - 16 or more come in blocks of 16, computed in `Scalar`. A last block that is not full takes 16 new uniforms and
    ///   overwrites the end of the block before it. The kept value is neither used nor replaced.
    ///
    /// Double is equal to PyTorch as far as the platform's `log`, `log1p`, `sin` and `cos` are; Float in blocks is equal
    /// to its AVX2 and AVX-512 code on every platform.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package mutating func randn<Scalar: TorchScalar>(_ count: Int, as scalar: Scalar.Type = Scalar.self) -> [Scalar] {
        normal(mean: 0, standardDeviation: 1, count: count)
    }

    /// Draws `mean + standardDeviation * z` with `z` as in ``randn(_:as:)`` (`normal_`), product and sum fused.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package mutating func normal<Scalar: TorchScalar>(
        mean: Double, standardDeviation: Double, count: Int, as scalar: Scalar.Type = Scalar.self
    ) -> [Scalar] {
        precondition(count >= 0, "the number of values must be at least 0, not \(count)")
        precondition(
            standardDeviation >= 0, "the standard deviation must be at least 0, not \(standardDeviation)")
        guard count >= normalBlock else {
            return (0..<count).map { _ in Scalar(mean.addingProduct(nextNormal(), standardDeviation)) }
        }
        let shift = Scalar(mean)
        let scale = Scalar(standardDeviation)
        var values = rand(count, as: scalar)
        for start in stride(from: 0, through: count - normalBlock, by: normalBlock) {
            makeNormal(&values, from: start, shift: shift, scale: scale)
        }
        if !count.isMultiple(of: normalBlock) {
            let start = count - normalBlock
            values.replaceSubrange(start..., with: rand(normalBlock, as: scalar))
            makeNormal(&values, from: start, shift: shift, scale: scale)
        }
        return values
    }

    // MARK: - Box-Muller

    private mutating func nextNormal() -> Double {
        if let cached = cachedNormal {
            cachedNormal = nil
            return cached
        }
        let turn = Double.unitUniform(from: &generator)
        let pair = Double.normalPair(logarithm: log1p(-Double.unitUniform(from: &generator)), turn: turn)
        cachedNormal = pair.sine
        return pair.cosine
    }

    /// Turns 16 uniforms into normals: value j of the first half gives the radius, value j + 8 the angle of a pair.
    private func makeNormal<Scalar: TorchScalar>(
        _ values: inout [Scalar], from start: Int, shift: Scalar, scale: Scalar
    ) {
        let half = normalBlock / 2
        for j in start..<(start + half) {
            let pair = Scalar.normalPair(logarithm: (1 - values[j]).naturalLogarithm, turn: values[j + half])
            values[j] = shift.addingProduct(pair.cosine, scale)
            values[j + half] = shift.addingProduct(pair.sine, scale)
        }
    }
}

/// How many values PyTorch's vector code makes at once, and from how many on it is used.
private let normalBlock = 16
