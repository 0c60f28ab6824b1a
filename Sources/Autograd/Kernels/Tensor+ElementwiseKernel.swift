extension Tensor {
    /// A new tensor that holds `function` of every number.
    @inline(__always)
    func mapped(_ function: (Scalar) -> Scalar) -> Tensor {
        withElements { source in
            Tensor.filled(shape: shape, count: count) { target in
                for index in 0..<source.count { target[index] = function(source[index]) }
            }
        }
    }

    /// A new tensor that holds `function` of every pair of numbers, of operands broadcast to one shape.
    ///
    /// Equal shapes and a single number on either side take one pass over contiguous memory.
    @inline(__always)
    static func zipped(_ a: Tensor, _ b: Tensor, _ function: (Scalar, Scalar) -> Scalar) -> Tensor {
        if a.shape == b.shape {
            return a.withElements { left in
                b.withElements { right in
                    Tensor.filled(shape: a.shape, count: a.count) { target in
                        for index in 0..<left.count { target[index] = function(left[index], right[index]) }
                    }
                }
            }
        }
        if b.count == 1, b.shape.count <= a.shape.count {
            let right = b.storage.base[b.offset]
            return a.mapped { function($0, right) }
        }
        if a.count == 1, a.shape.count <= b.shape.count {
            let left = a.storage.base[a.offset]
            return b.mapped { function(left, $0) }
        }
        let shape = a.shape.broadcast(with: b.shape)
        return a.broadcastView(to: shape).withElements { left in
            b.broadcastView(to: shape).withElements { right in
                Tensor.filled(shape: shape, count: left.count) { target in
                    for index in 0..<left.count { target[index] = function(left[index], right[index]) }
                }
            }
        }
    }

    /// The same numbers repeated to `shape` without copying, unrecorded.
    func broadcastView(to shape: [Int]) -> Tensor {
        guard shape != self.shape else { return self }
        let lead = shape.count - self.shape.count
        let own = explicitStrides
        let strides = shape.indices.map { dimension in
            dimension < lead || self.shape[dimension - lead] == 1 ? 0 : own[dimension - lead]
        }
        return Tensor(storage: storage, offset: offset, shape: shape, strides: strides, count: shape.elementCount)
    }
}

extension [Int] {
    /// The shape that both shapes broadcast to: aligned at the last dimension, 1 stretches to the other size.
    func broadcast(with other: [Int]) -> [Int] {
        let rank = Swift.max(count, other.count)
        return (0..<rank).map { dimension in
            let a = dimension < rank - count ? 1 : self[dimension - (rank - count)]
            let b = dimension < rank - other.count ? 1 : other[dimension - (rank - other.count)]
            precondition(
                a == b || a == 1 || b == 1,
                """
                The size of tensor a (\(a)) must match the size of tensor b (\(b)) at non-singleton dimension \
                \(dimension)
                """)
            return a == 1 ? b : a
        }
    }
}
