/// NumPy's pairwise sum over one contiguous run.
enum NumPySum<Scalar: TensorScalar> {
    static func sum(_ terms: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
        if count < 8 {
            var result: Scalar = 0
            for index in 0..<count { result += terms[index] }
            return result
        }
        if count <= 128 { return block(terms, count) }
        let half = count / 2 & ~7
        return sum(terms, half) + sum(terms + half, count - half)
    }

    @inline(__always)
    private static func block(_ terms: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
        let whole = count & ~7
        var low = SIMD4(terms[0], terms[1], terms[2], terms[3])
        var high = SIMD4(terms[4], terms[5], terms[6], terms[7])
        for start in stride(from: 8, to: whole, by: 8) {
            low += UnsafeRawPointer(terms + start).loadUnaligned(as: SIMD4<Scalar>.self)
            high += UnsafeRawPointer(terms + start + 4).loadUnaligned(as: SIMD4<Scalar>.self)
        }
        var result = ((low[0] + low[1]) + (low[2] + low[3])) + ((high[0] + high[1]) + (high[2] + high[3]))
        for index in whole..<count { result += terms[index] }
        return result
    }
}
