import RealModule

extension Tensor {
    /// The sum of all numbers divided by `divisor`, as a tensor of `shape`, which has one element.
    @inline(__always)
    func total(dividedBy divisor: Scalar = 1, shape: Shape = .scalar) -> Tensor {
        let order = ThreadState.current.pointee.summation
        let sum = withElements { order.sum(UnsafeBufferPointer(start: $0, count: count)) }
        return Tensor(shape: shape) { $0.pointee = sum / divisor }
    }

    /// The mean of `function` of every pair of numbers as a scalar; the terms are never made a tensor of their own.
    @inline(__always)
    static func meanOfZipped(_ a: Tensor, _ b: Tensor, _ function: (Scalar, Scalar) -> Scalar) -> Tensor {
        let count = a.count
        guard a.dimensions == b.dimensions, count > 0 else {
            let terms = zipped(a, b, function)
            return terms.total(dividedBy: Scalar(terms.count))
        }
        let state = ThreadState.current
        let byteCount = count * MemoryLayout<Scalar>.stride
        let scratch = state.pointee.storages.take(byteCount: byteCount, counting: &state.pointee.allocations)
        defer { state.pointee.storages.recycle(scratch) }
        let terms = scratch._withUnsafeGuaranteedRef { $0.base(as: Scalar.self) }
        a.withElements { left in
            b.withElements { right in
                for index in 0..<count { terms[index] = function(left[index], right[index]) }
            }
        }
        let sum = state.pointee.summation.sum(UnsafeBufferPointer(start: terms, count: count))
        return Tensor(shape: .scalar) { $0.pointee = sum / Scalar(count) }
    }

    /// The sums over `reduced`, unrecorded.
    func summed(over reduced: ReducedDimensions) -> Tensor {
        let order = ThreadState.current.pointee.summation
        return collapsed(over: reduced) { order.sum($0) }
    }

    /// The largest numbers along `reduced`, kept with size 1, unrecorded.
    func maximum(along reduced: ReducedDimensions) -> Tensor {
        collapsed(over: reduced.keptOpen) { terms in terms.reduce(-.infinity) { $0 > $1 ? $0 : $1 } }
    }

    /// The variances over `reduced`, unrecorded.
    func variance(over reduced: ReducedDimensions, correction: Scalar) -> Tensor {
        let order = ThreadState.current.pointee.summation
        return collapsed(over: reduced) { terms in
            let mean = order.sum(terms) / Scalar(terms.count)
            let divisor = Swift.max(0, Scalar(terms.count) - correction)
            return order.sum(terms.map { ($0 - mean) * ($0 - mean) }) / divisor
        }
    }

    /// ln of the sum of e^x along `reduced`, shifted by the largest x so that nothing overflows; unrecorded.
    func logSumOfExponentials(along reduced: ReducedDimensions) -> Tensor {
        let order = ThreadState.current.pointee.summation
        return collapsed(over: reduced) { terms in
            let largest = terms.reduce(-.infinity) { $0 > $1 ? $0 : $1 }
            let shift = largest.isFinite ? largest : 0
            return shift + .log(order.sum(terms.map { .exp($0 - shift) }))
        }
    }

    /// `function` of the terms of every reduced group, each group one contiguous run.
    private func collapsed(
        over reduced: ReducedDimensions, _ function: (UnsafeBufferPointer<Scalar>) -> Scalar
    ) -> Tensor {
        let result = reduced.result(of: dimensions)
        let kept = dimensions.indices.filter { !reduced.dimensions.contains($0) }
        let terms = reduced.terms(of: dimensions)
        return permutedView(kept + reduced.dimensions).withElements { source in
            Tensor(shape: result) { target in
                for row in 0..<result.elementCount {
                    target[row] = function(UnsafeBufferPointer(start: source + row * terms, count: terms))
                }
            }
        }
    }

    /// The running sums along `dimension`, unrecorded.
    func runningSum(along dimension: Int, reversed: Bool) -> Tensor {
        let length = dimensions.rank == 0 ? 1 : dimensions[dimension]
        let stride = dimensions.rank == 0 ? 1 : dimensions.rowMajorStrides[dimension]
        return withElements { source in
            Tensor(shape: dimensions) { target in
                for start in 0..<count where (start / stride) % Swift.max(1, length) == 0 {
                    var sum: Scalar = 0
                    for step in 0..<length {
                        let place = start + (reversed ? length - 1 - step : step) * stride
                        sum += source[place]
                        target[place] = sum
                    }
                }
            }
        }
    }

    // MARK: - Terms of derivatives, recorded

    /// This reduced tensor repeated over the dimensions that were reduced.
    func spread(over reduced: ReducedDimensions, of shape: Shape) -> Tensor {
        reshaped(to: reduced.keptOpen.result(of: shape)).expand(to: shape)
    }

    /// The gradient of the variance, given one `gradient` per element: 2 (x - mean) / (n - correction) times it.
    func varianceGradient(
        _ gradient: Tensor, over reduced: ReducedDimensions, correction: Scalar
    ) -> Tensor {
        let mean = UnaryOperation.mean(over: reduced.keptOpen)(self)
        let divisor = Swift.max(0, Scalar(reduced.terms(of: dimensions)) - correction)
        return gradient * (self - mean) * (2 / divisor)
    }

    /// For every element the product of all others, without a division, for tensors that hold zeros; O(n^2).
    func productsOfOthers() -> Tensor {
        let count = count
        var products = Tensor.full(1, dimensions)
        for step in 1..<Swift.max(1, count) {
            products = products * gather((0..<count).map { ($0 + step) % count }, shape: dimensions)
        }
        return products
    }
}

/// The dimensions that a reduction runs over, and whether they stay with size 1.
struct ReducedDimensions: Equatable, Sendable {
    /// Sorted, each once, none negative.
    let dimensions: [Int]
    let keepsDimensions: Bool

    /// The given dimensions, which may be counted from the end as -1, -2, ...; none means all.
    ///
    /// A scalar has none: naming its dimension 0 or -1, which PyTorch allows, reduces its one element.
    init(_ dimensions: [Int], keeping: Bool, of shape: Shape) {
        let resolved = Set(dimensions.map { shape.dimension($0) })
        precondition(resolved.count == dimensions.count, "a dimension appears twice in the list of dims \(dimensions)")
        self.init(resolved.isEmpty || shape.rank == 0 ? Array(shape.indices) : resolved.sorted(), keeping)
    }

    private init(_ dimensions: [Int], _ keeping: Bool) {
        self.dimensions = dimensions
        keepsDimensions = keeping
    }

    /// The same dimensions, kept with size 1.
    var keptOpen: ReducedDimensions { ReducedDimensions(dimensions, true) }

    /// How many elements of a tensor of `shape` are reduced to one.
    func terms(of shape: Shape) -> Int { dimensions.reduce(1) { $0 * shape[$1] } }

    /// The shape of a reduction of a tensor of `shape`.
    func result(of shape: Shape) -> Shape {
        if keepsDimensions { return Shape(shape.indices.map { dimensions.contains($0) ? 1 : shape[$0] }) }
        return Shape(shape.indices.filter { !dimensions.contains($0) }.map { shape[$0] })
    }
}

extension Shape {
    /// The number of a dimension counted from 0, given one that may be counted from the end as -1, -2, ...
    ///
    /// With `adding`, one place more is accepted, for operations that insert a dimension.
    func dimension(_ dimension: Int, adding: Int = 0) -> Int {
        let rank = max(1, rank + adding)
        precondition(
            (-rank..<rank).contains(dimension),
            "Dimension out of range (expected to be in range of [\(-rank), \(rank - 1)], but got \(dimension))")
        return dimension < 0 ? dimension + rank : dimension
    }
}
