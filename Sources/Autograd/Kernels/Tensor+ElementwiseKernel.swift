extension Tensor {
    /// Calls `body` with all numbers row by row; a tensor that is not contiguous is copied first.
    @inline(__always)
    func withElements<R>(_ body: (UnsafePointer<Scalar>) -> R) -> R {
        if strides == nil {
            return withExtendedLifetime(self) { body(elements) }
        }
        let copy = contiguousCopy()
        return withExtendedLifetime(copy) { body(copy.elements) }
    }

    /// The same numbers row by row in a storage of their own, unrecorded.
    func contiguousCopy() -> Tensor {
        guard let strides else {
            return Tensor(shape: dimensions) { $0.update(from: elements, count: count) }
        }
        return Tensor(shape: dimensions) { target in
            var index = 0
            dimensions.forEachPosition(strides: strides) { position in
                target[index] = elements[position]
                index += 1
            }
        }
    }

    /// The stride of every dimension, also where elements lie row by row.
    var explicitStrides: Strides { strides ?? dimensions.rowMajorStrides }

    /// Adds `other`, of the same shape, to the numbers of this tensor, unrecorded.
    func addUnrecorded(_ other: Tensor) {
        checkOverlap()
        version += 1
        other.withElements { source in
            guard let strides else {
                for index in 0..<count { elements[index] += source[index] }
                return
            }
            var index = 0
            dimensions.forEachPosition(strides: strides) { position in
                elements[position] += source[index]
                index += 1
            }
        }
    }

    /// Refuses a change in place of numbers that an expanded view repeats.
    func checkOverlap() {
        guard let strides, count > 0 else { return }
        precondition(
            !dimensions.indices.contains { dimensions[$0] > 1 && strides[$0] == 0 },
            """
            unsupported operation: more than one element of the written-to tensor refers to a single memory location. \
            Please clone() the tensor before performing the operation.
            """)
    }
}

extension Shape {
    /// Calls `body` with the offsets that `strides` reach, row by row.
    func forEachPosition(strides: Strides, _ body: (Int) -> Void) {
        guard elementCount > 0 else { return }
        var index = InlineNumbers()
        var position = 0
        while true {
            body(position)
            var dimension = rank - 1
            while dimension >= 0 {
                index[dimension] += 1
                position += strides[dimension]
                if index[dimension] < self[dimension] { break }
                position -= strides[dimension] * self[dimension]
                index[dimension] = 0
                dimension -= 1
            }
            if dimension < 0 { return }
        }
    }
}

extension Tensor {
    /// A new tensor that holds `function` of every number.
    @inline(__always)
    func mapped(_ function: (Scalar) -> Scalar) -> Tensor {
        let count = count
        return withElements { source in
            Tensor(shape: dimensions) { target in
                for index in 0..<count { target[index] = function(source[index]) }
            }
        }
    }

    /// A new tensor that holds `function` of every pair of numbers, of operands broadcast to one shape.
    ///
    /// Equal shapes and a single number on either side take one pass over contiguous memory.
    @inline(__always)
    static func zipped(_ a: Tensor, _ b: Tensor, _ function: (Scalar, Scalar) -> Scalar) -> Tensor {
        if b.count == 1, b.dimensions.rank <= a.dimensions.rank {
            let right = b.elements.pointee
            return a.mapped { function($0, right) }
        }
        if a.count == 1, a.dimensions.rank <= b.dimensions.rank {
            let left = a.elements.pointee
            return b.mapped { function(left, $0) }
        }
        if a.dimensions == b.dimensions { return zippedAlike(a, b, function) }
        let shape = a.dimensions.broadcast(with: b.dimensions)
        return zippedAlike(a.broadcastView(to: shape), b.broadcastView(to: shape), function)
    }

    @inline(__always)
    private static func zippedAlike(_ a: Tensor, _ b: Tensor, _ function: (Scalar, Scalar) -> Scalar) -> Tensor {
        let count = a.count
        return a.withElements { left in
            b.withElements { right in
                Tensor(shape: a.dimensions) { target in
                    for index in 0..<count { target[index] = function(left[index], right[index]) }
                }
            }
        }
    }
}

extension Shape {
    /// The shape that both shapes broadcast to: aligned at the last dimension, 1 stretches to the other size.
    func broadcast(with other: Shape) -> Shape {
        let rank = max(rank, other.rank)
        return Shape(
            (0..<rank).map { dimension in
                let a = dimension < rank - self.rank ? 1 : self[dimension - (rank - self.rank)]
                let b = dimension < rank - other.rank ? 1 : other[dimension - (rank - other.rank)]
                precondition(
                    a == b || a == 1 || b == 1,
                    """
                    The size of tensor a (\(a)) must match the size of tensor b (\(b)) at non-singleton dimension \
                    \(dimension)
                    """)
                return a == 1 ? b : a
            })
    }
}
