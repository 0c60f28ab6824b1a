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
