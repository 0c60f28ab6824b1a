extension Tensor {
    /// The product of two matrices; each element is a dot product from the left, fused at every step.
    func matrixProduct(_ other: Tensor) -> Tensor {
        precondition(shape.count == 2, "mm: self must be a matrix, got \(shape.count)-D tensor")
        precondition(other.shape.count == 2, "mm: mat2 must be a matrix, got \(other.shape.count)-D tensor")
        let (rows, inner, columns) = (shape[0], shape[1], other.shape[1])
        precondition(
            inner == other.shape[0],
            """
            mm: mat1 and mat2 shapes cannot be multiplied (\(rows)x\(inner) and \(other.shape[0])x\(columns))
            """)
        let result = columns == inner ? shape : [rows, columns]
        return withElements { left in
            other.withElements { right in
                Tensor.filled(shape: result, count: rows * columns) { target in
                    if inner == 1, columns == 1 {
                        let factor = right[0]
                        for row in 0..<rows { target[row] = left[row] * factor }
                        return
                    }
                    for row in 0..<rows {
                        for column in 0..<columns {
                            var sum: Scalar = inner == 0 ? 0 : left[row * inner] * right[column]
                            for k in 1..<max(1, inner) {
                                sum = sum.addingProduct(left[row * inner + k], right[k * columns + column])
                            }
                            target[row * columns + column] = sum
                        }
                    }
                }
            }
        }
    }
}
