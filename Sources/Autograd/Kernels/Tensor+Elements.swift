extension Tensor {
    /// Calls `body` with all numbers row by row; a tensor that is not contiguous is copied first.
    @inline(__always)
    func withElements<R>(_ body: (UnsafeBufferPointer<Scalar>) -> R) -> R {
        let source = strides == nil ? self : contiguousCopy()
        defer { withExtendedLifetime(source) {} }
        return body(UnsafeBufferPointer(start: source.storage.base + source.offset, count: count))
    }

    /// A new contiguous tensor of `shape`, filled by `body`, which must write every number.
    @inline(__always)
    static func filled(
        shape: [Int], count: Int, by body: (UnsafeMutablePointer<Scalar>) -> Void
    ) -> Tensor {
        let storage = TensorStorage<Scalar>.uninitialized(count: count)
        body(storage.base)
        return Tensor(storage: storage, shape: shape, count: count)
    }

    /// The same numbers row by row in a storage of their own, unrecorded.
    func contiguousCopy() -> Tensor {
        Tensor.filled(shape: shape, count: count) { target in
            var index = 0
            forEachPosition { position in
                target[index] = storage.base[position]
                index += 1
            }
        }
    }

    /// Calls `body` with the place of every element in the storage, row by row.
    func forEachPosition(_ body: (Int) -> Void) {
        guard let strides else {
            for position in offset..<offset + count { body(position) }
            return
        }
        forEachPosition(strides: strides, shape: shape, from: offset, body)
    }

    /// Calls `body` with the places that `strides` reach for every index into `shape`, row by row.
    func forEachPosition(strides: [Int], shape: [Int], from start: Int, _ body: (Int) -> Void) {
        guard !shape.contains(0) else { return }
        var index = Array(repeating: 0, count: shape.count)
        var position = start
        while true {
            body(position)
            var dimension = shape.count - 1
            while dimension >= 0 {
                index[dimension] += 1
                position += strides[dimension]
                if index[dimension] < shape[dimension] { break }
                position -= strides[dimension] * shape[dimension]
                index[dimension] = 0
                dimension -= 1
            }
            if dimension < 0 { return }
        }
    }

    /// The stride of every dimension, also where elements lie row by row.
    var explicitStrides: [Int] {
        strides ?? shape.rowMajorStrides
    }
}

extension [Int] {
    /// The strides of a contiguous tensor of this shape.
    var rowMajorStrides: [Int] {
        var strides = Array(repeating: 1, count: count)
        for dimension in indices.dropLast().reversed() {
            strides[dimension] = strides[dimension + 1] * Swift.max(1, self[dimension + 1])
        }
        return strides
    }
}
