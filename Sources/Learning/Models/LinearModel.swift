package import Theory

/// A model that is linear in its parameters, whatever it is in x: its mean squared error is quadratic in them, with an
/// exact minimum.
package protocol LinearModel: Model {
    /// The derivatives of the prediction for each parameter of the flat list, which do not depend on the parameters.
    func derivatives(of x: Double) -> [Double]
}

extension LinearModel {
    package func lossSurface(of data: TrainingData) -> LossSurface? {
        let fit = LeastSquares(rows: data.x.map(derivatives), targets: data.y)
        return LossSurface(
            parameters: layout.names, optimum: fit.solution, minimumLoss: fit.meanSquaredError, hessian: fit.hessian,
            sampleCount: data.count)
    }
}

/// The parameters p of least mean squared error L = 1/N Σ(φp - y)^2 for rows φ, and the error's Hessian 2/N Σφφ'.
///
/// Where one column is 1 everywhere, the others are centered first, so that nothing cancels. One further column then
/// has p = cov(φ, y) / var(φ); several are made orthogonal to each other by the modified Gram-Schmidt process, which
/// with y as a last column is as stable as Householder's (A. Björck, "Solving linear least squares problems by
/// Gram-Schmidt orthogonalization", 1967). Costs N k^2 operations for k columns.
struct LeastSquares {
    /// A column whose part that the columns before it do not explain is this much of it or less depends on them.
    private static let smallestShare = 1e-11

    /// Nil where the columns depend on each other, so that there is no single solution.
    let solution: [Double]?
    /// The mean squared error of the solution.
    let meanSquaredError: Double?
    let hessian: [[Double]]

    /// - Precondition: there is at least one row, all are equally long, and each has a target.
    init(rows: [[Double]], targets: [Double]) {
        let columns = rows[0].indices.map { column in rows.map { $0[column] } }
        solution = Self.solve(columns, targets)
        meanSquaredError = solution.map { solution in
            var squares = 0.0
            for (row, target) in zip(rows, targets) {
                let residual = Self.dot(row, solution) - target
                squares += residual * residual
            }
            return squares / Double(targets.count)
        }
        let factor = 2 / Double(targets.count)
        let constant = Self.constantColumn(of: columns)
        hessian = columns.indices.map { i in
            // The mean of ones is exactly 1.
            columns.indices.map { j in i == j && i == constant ? 2 : factor * Self.dot(columns[i], columns[j]) }
        }
    }

    private static func solve(_ columns: [[Double]], _ targets: [Double]) -> [Double]? {
        guard let constant = constantColumn(of: columns) else { return solveIndependently(columns, targets) }
        let others = columns.indices.filter { $0 != constant }
        let means = others.map { mean(columns[$0]) }
        let centered = zip(others, means).map { column, mean in columns[column].map { $0 - mean } }
        let meanTarget = mean(targets)
        guard let slopes = solveIndependently(centered, targets.map { $0 - meanTarget }) else { return nil }
        var solution = columns.map { _ in 0.0 }
        solution[constant] = zip(slopes, means).reduce(meanTarget) { $0 - $1.0 * $1.1 }
        for (column, slope) in zip(others, slopes) { solution[column] = slope }
        return solution
    }

    private static func solveIndependently(_ columns: [[Double]], _ targets: [Double]) -> [Double]? {
        if columns.count == 1 {
            let square = dot(columns[0], columns[0])
            return square > 0 ? [dot(columns[0], targets) / square] : nil
        }
        var (rest, target) = (columns, targets)
        var factors = columns.map { _ in columns.map { _ in 0.0 } }
        var coordinates: [Double] = []
        for i in columns.indices {
            let length = dot(rest[i], rest[i]).squareRoot()
            guard length > smallestShare * dot(columns[i], columns[i]).squareRoot() else { return nil }
            let direction = rest[i].map { $0 / length }
            factors[i][i] = length
            for j in columns.indices where j > i {
                factors[i][j] = dot(direction, rest[j])
                subtract(factors[i][j], direction, from: &rest[j])
            }
            coordinates.append(dot(direction, target))
            subtract(coordinates[i], direction, from: &target)
        }
        var solution = coordinates
        for i in columns.indices.reversed() {
            for j in columns.indices where j > i { solution[i] -= factors[i][j] * solution[j] }
            solution[i] /= factors[i][i]
        }
        return solution
    }

    /// The first column that is 1 in every row.
    private static func constantColumn(of columns: [[Double]]) -> Int? {
        columns.firstIndex { $0.allSatisfy { $0 == 1 } }
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func subtract(_ factor: Double, _ direction: [Double], from column: inout [Double]) {
        for i in column.indices { column[i] -= factor * direction[i] }
    }
}
