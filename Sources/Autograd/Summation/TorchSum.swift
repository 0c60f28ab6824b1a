/// PyTorch's sum over one contiguous run.
///
/// The run is cut into vectors of `Lanes.scalarCount` terms; the vectors form four interleaved sums ("four-way"), each
/// a cascade; then the terms after the last whole vector are added one by one to 0, and the lanes one by one to that.
enum TorchSum<Scalar: TensorScalar> {
    @inline(__always)
    static func sum(_ terms: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
        let width = Scalar.Lanes.scalarCount
        let vectors = count / width
        guard vectors > 0 else { return sumOfFew(terms, count) }
        let lanes = fourWay(terms, vectors: vectors)
        var result: Scalar = 0
        for index in vectors * width..<count { result += terms[index] }
        for lane in 0..<width { result += lanes[lane] }
        return result
    }

    /// The four-way sum of fewer terms than a vector has lanes (fewer than 8, so each of the four has one at most).
    @inline(__always)
    private static func sumOfFew(_ terms: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
        guard count >= 4 else {
            var result: Scalar = 0
            for index in 0..<count { result += terms[index] }
            return result
        }
        var first = terms[0]
        for index in 4..<count { first += terms[index] }
        return ((first + terms[1]) + terms[2]) + terms[3]
    }

    @inline(__always)
    private static func fourWay(_ terms: UnsafePointer<Scalar>, vectors: Int) -> Scalar.Lanes {
        let rows = vectors / 4
        var sums = rows < 16 ? row(terms, from: 0, through: rows) : cascade(terms, rows: rows)
        for index in 4 * rows..<vectors { sums.first += vector(terms, index) }
        return ((sums.first + sums.second) + sums.third) + sums.fourth
    }

    /// Four accumulators over rows of four vectors.
    private struct Sums {
        var first = Scalar.Lanes()
        var second = Scalar.Lanes()
        var third = Scalar.Lanes()
        var fourth = Scalar.Lanes()

        @inline(__always)
        static func += (sums: inout Sums, others: Sums) {
            sums.first += others.first
            sums.second += others.second
            sums.third += others.third
            sums.fourth += others.fourth
        }
    }

    @inline(__always)
    private static func vector(_ terms: UnsafePointer<Scalar>, _ index: Int) -> Scalar.Lanes {
        UnsafeRawPointer(terms + index * Scalar.Lanes.scalarCount).loadUnaligned(as: Scalar.Lanes.self)
    }

    @inline(__always)
    private static func row(_ terms: UnsafePointer<Scalar>, from start: Int, through end: Int) -> Sums {
        var sums = Sums()
        for index in start..<end {
            sums.first += vector(terms, 4 * index)
            sums.second += vector(terms, 4 * index + 1)
            sums.third += vector(terms, 4 * index + 2)
            sums.fourth += vector(terms, 4 * index + 3)
        }
        return sums
    }

    /// Four levels of partial sums: a level is added to the next when the count of terms passes a power of `step`.
    private static func cascade(_ terms: UnsafePointer<Scalar>, rows: Int) -> Sums {
        let bits = Int.bitWidth - (rows - 1).leadingZeroBitCount
        let power = max(4, bits / 4)
        let step = 1 << power
        var levels = (Sums(), Sums(), Sums(), Sums())
        var done = 0
        while done + step <= rows {
            // The first level is empty here, so its sum is the sum of the group from zero.
            levels.0 = row(terms, from: done, through: done + step)
            done += step
            levels.1 += levels.0
            levels.0 = Sums()
            if done & ((step - 1) << power) != 0 { continue }
            levels.2 += levels.1
            levels.1 = Sums()
            if done & ((step - 1) << (2 * power)) != 0 { continue }
            levels.3 += levels.2
            levels.2 = Sums()
        }
        levels.0 = row(terms, from: done, through: rows)
        levels.0 += levels.1
        levels.0 += levels.2
        levels.0 += levels.3
        return levels.0
    }
}
