/// TensorFlow's sum over one contiguous run: groups of 8 lanes in four interleaved sums, a tree over the lanes, the
/// tail (summed from the left) last.
enum TensorFlowSum<Scalar: TensorScalar> {
    static func sum(_ terms: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
        let vectors = count / 8
        var tail: Scalar = 0
        for index in vectors * 8..<count { tail += terms[index] }
        guard vectors > 0 else { return tail }

        let rows = vectors / 4
        var total = SIMD8<Scalar>()
        for column in 0..<min(4, rows * 4) {
            var sum = vector(terms, column)
            for row in 1..<max(1, rows) { sum += vector(terms, 4 * row + column) }
            total = column == 0 ? sum : total + sum
        }
        for index in 4 * rows..<vectors { total += vector(terms, index) }
        let quarter = total.lowHalf + total.highHalf
        return ((quarter[0] + quarter[2]) + (quarter[1] + quarter[3])) + tail
    }

    @inline(__always)
    private static func vector(_ terms: UnsafePointer<Scalar>, _ index: Int) -> SIMD8<Scalar> {
        UnsafeRawPointer(terms + index * 8).loadUnaligned(as: SIMD8<Scalar>.self)
    }
}
