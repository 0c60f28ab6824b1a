/// A matrix in memory: where it starts and how far apart its rows and columns are.
struct MatrixLayout<Scalar: TensorScalar> {
    let start: UnsafePointer<Scalar>
    let rows: Int
    let columns: Int
    let rowStride: Int
    let columnStride: Int

    @inline(__always)
    init(_ matrix: Tensor<Scalar>, transposed: Bool) {
        let (rows, columns) = (matrix.dimensions[0], matrix.dimensions[1])
        let rowStride = matrix.strides?[0] ?? columns
        let columnStride = matrix.strides?[1] ?? 1
        start = UnsafePointer(matrix.elements)
        self.rows = transposed ? columns : rows
        self.columns = transposed ? rows : columns
        self.rowStride = transposed ? columnStride : rowStride
        self.columnStride = transposed ? rowStride : columnStride
    }
}

extension Tensor {
    /// The product of two matrices, either one transposed.
    ///
    /// Each element is a dot product from the left, fused at every step: PyTorch's order for one row times one column.
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
            Tensor(shape: Shape(rows: left.rows, columns: right.columns)) { write(left, right, to: $0) }
        }
    }

    @inline(__always)
    private static func write(
        _ left: MatrixLayout<Scalar>, _ right: MatrixLayout<Scalar>, to target: UnsafeMutablePointer<Scalar>
    ) {
        let inner = left.columns
        if inner == 1, right.columns == 1, left.rowStride == 1 {
            let factor = right.start.pointee
            for row in 0..<left.rows { target[row] = left.start[row] * factor }
            return
        }
        var next = target
        for row in 0..<left.rows {
            for column in 0..<right.columns {
                var a = left.start + row * left.rowStride
                var b = right.start + column * right.columnStride
                var sum: Scalar = 0
                for _ in 0..<inner {
                    sum = sum.addingProduct(a.pointee, b.pointee)
                    a += left.columnStride
                    b += right.rowStride
                }
                next.pointee = sum
                next += 1
            }
        }
    }
}
