/// The eigenvalues of a symmetric matrix and the directions that belong to them.
package struct Eigensystem: Sendable, Equatable {
    /// Largest first.
    package let values: [Double]
    /// One unit vector per value.
    package let vectors: [[Double]]

    /// In closed form for up to two rows, by Jacobi's rotations for more.
    ///
    /// Rotations (Golub and Van Loan, "Matrix Computations", 8.5) cost some n^3 operations per sweep and a handful of
    /// sweeps.
    ///
    /// - Precondition: the matrix is square, symmetric and not empty.
    package init(of matrix: [[Double]]) {
        precondition(!matrix.isEmpty, "a matrix without rows has no eigenvalues")
        switch matrix.count {
        case 1: (values, vectors) = ([matrix[0][0]], [[1]])
        case 2: (values, vectors) = Self.closedForm(matrix[0][0], matrix[0][1], matrix[1][1])
        default: (values, vectors) = Self.rotations(matrix)
        }
    }

    package var largest: Double { values[0] }
    package var smallest: Double { values[values.count - 1] }

    /// A vector in the coordinates of the eigenvectors, the steepest one first.
    package func coordinates(of vector: [Double]) -> [Double] {
        vectors.map { Self.dot($0, vector) }
    }

    /// The first coordinate alone: the part along the steepest direction.
    package func steepest(of vector: [Double]) -> Double { Self.dot(vectors[0], vector) }

    /// The vector with these coordinates.
    package func vector(coordinates: [Double]) -> [Double] {
        vectors[0].indices.map { component in
            Self.dot(vectors.map { $0[component] }, coordinates)
        }
    }

    static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = a[0] * b[0]
        for index in a.indices.dropFirst() { sum += a[index] * b[index] }
        return sum
    }

    // MARK: - Internals

    /// The smaller value from the determinant, and the vector from the row whose difference is a sum, so that nothing
    /// cancels.
    private static func closedForm(_ a: Double, _ b: Double, _ c: Double) -> ([Double], [[Double]]) {
        let (mean, half) = ((a + c) / 2, (a - c) / 2)
        let root = (half * half + b * b).squareRoot()
        let largest = mean + root
        let determinant = a * c - b * b
        // (H - λ)v = 0, where λ - c is half + root and λ - a is root - half.
        var (x, y) = half < 0 ? (b, root - half) : (half + root, b)
        if x == 0 && y == 0 { (x, y) = (1, 0) }
        let length = (x * x + y * y).squareRoot()
        (x, y) = (x / length, y / length)
        return ([largest, determinant / largest], [[x, y], [-y, x]])
    }

    private static func rotations(_ matrix: [[Double]]) -> ([Double], [[Double]]) {
        let size = matrix.count
        var a = matrix
        // The eigenvectors as columns.
        var v = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0.0 } }
        for _ in 0..<64 {
            var rotated = false
            for p in 0..<size - 1 {
                for q in p + 1..<size where abs(a[p][q]) > 1e-17 * (abs(a[p][p]) * abs(a[q][q])).squareRoot() {
                    rotated = true
                    let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
                    let c = 1 / (t * t + 1).squareRoot()
                    let s = t * c
                    for k in 0..<size {
                        (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q])
                    }
                    for k in 0..<size {
                        (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k])
                        (v[k][p], v[k][q]) = (c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q])
                    }
                    (a[p][q], a[q][p]) = (0, 0)
                }
            }
            guard rotated else { break }
        }
        let order = (0..<size).sorted { (a[$0][$0], $1) > (a[$1][$1], $0) }
        return (order.map { a[$0][$0] }, order.map { column in v.map { $0[column] } })
    }
}
