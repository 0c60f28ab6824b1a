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
