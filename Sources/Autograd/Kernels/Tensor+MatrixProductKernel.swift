/// A matrix in memory: where it starts and how far apart its rows and columns are.
struct MatrixLayout<Scalar: TensorScalar> {
    let start: UnsafePointer<Scalar>
    let rows: Int
    let columns: Int
    let rowStride: Int
    let columnStride: Int

    /// The last two dimensions of a tensor, or its only one as a column.
    @inline(__always)
    init(_ tensor: Tensor<Scalar>, at offset: Int = 0, transposed: Bool = false) {
        let rank = tensor.dimensions.rank
        let (rows, columns) =
            rank == 1
            ? (tensor.dimensions[0], 1) : (tensor.dimensions[rank - 2], tensor.dimensions[rank - 1])
        let rowStride = tensor.strides.map { $0[max(0, rank - 2)] } ?? columns
        let columnStride = rank == 1 ? 1 : tensor.strides.map { $0[rank - 1] } ?? 1
        start = UnsafePointer(tensor.elements + offset)
        self.rows = transposed ? columns : rows
        self.columns = transposed ? rows : columns
        self.rowStride = transposed ? columnStride : rowStride
        self.columnStride = transposed ? rowStride : columnStride
    }

    /// Writes the product with `right` row by row.
    ///
    /// Each element is a dot product from the left, fused at every step: PyTorch's order for one row times one column.
    @inline(__always)
    func multiply(_ right: MatrixLayout, to target: UnsafeMutablePointer<Scalar>) {
        if columns == 1, right.columns == 1, rowStride == 1 {
            let factor = right.start.pointee
            for row in 0..<rows { target[row] = start[row] * factor }
            return
        }
        var next = target
        for row in 0..<rows {
            for column in 0..<right.columns {
                var a = start + row * rowStride
                var b = right.start + column * right.columnStride
                var sum: Scalar = 0
                for _ in 0..<columns {
                    sum = sum.addingProduct(a.pointee, b.pointee)
                    a += columnStride
                    b += right.rowStride
                }
                next.pointee = sum
                next += 1
            }
        }
    }
}

extension Tensor {
    /// The product of two matrices, either one transposed.
    @inline(__always)
    static func matrixProduct(
        _ a: Tensor, _ b: Tensor, transposeFirst: Bool = false, transposeSecond: Bool = false
    ) -> Tensor {
        precondition(a.dimensions.rank == 2, "mm: self must be a matrix, got \(a.dimensions.rank)-D tensor")
        precondition(b.dimensions.rank == 2, "mm: mat2 must be a matrix, got \(b.dimensions.rank)-D tensor")
        let left = MatrixLayout(a, transposed: transposeFirst)
        let right = MatrixLayout(b, transposed: transposeSecond)
        precondition(
            left.columns == right.rows,
            """
            mm: mat1 and mat2 shapes cannot be multiplied (\(left.rows)x\(left.columns) and \
            \(right.rows)x\(right.columns))
            """)
        return withExtendedLifetime((a, b)) {
            Tensor(shape: Shape(rows: left.rows, columns: right.columns)) { left.multiply(right, to: $0) }
        }
    }

    /// The dot product of two vectors as a scalar.
    static func dotProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
        precondition(
            a.count == b.count,
            """
            inconsistent tensor size, expected tensor [\(a.count)] and src [\(b.count)] to have the same number of \
            elements, but got \(a.count) and \(b.count) elements respectively
            """)
        return withExtendedLifetime((a, b)) {
            Tensor(shape: .scalar) { MatrixLayout(a, transposed: true).multiply(MatrixLayout(b), to: $0) }
        }
    }

    /// A matrix times a vector.
    static func matrixVectorProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
        precondition(
            a.dimensions[1] == b.count,
            "size mismatch, got input (\(a.dimensions[0])), mat (\(a.dimensions[0])x\(a.dimensions[1])), vec (\(b.count))"
        )
        return withExtendedLifetime((a, b)) {
            Tensor(shape: Shape([a.dimensions[0]])) { MatrixLayout(a).multiply(MatrixLayout(b), to: $0) }
        }
    }

    /// The products of two lists of matrices, pair by pair.
    static func batchedProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
        let (batch, rows, inner, columns) = (a.dimensions[0], a.dimensions[1], a.dimensions[2], b.dimensions[2])
        precondition(
            b.dimensions[0] == batch && b.dimensions[1] == inner,
            """
            Expected size for first two dimensions of batch2 tensor to be: [\(batch), \(inner)] but got: \
            [\(b.dimensions[0]), \(b.dimensions[1])].
            """)
        return withExtendedLifetime((a, b)) {
            Tensor(shape: Shape([batch, rows, columns])) { target in
                for index in 0..<batch {
                    MatrixLayout(a, at: index * a.explicitStrides[0])
                        .multiply(
                            MatrixLayout(b, at: index * b.explicitStrides[0]), to: target + index * rows * columns)
                }
            }
        }
    }
}
