/// A symmetric 2 x 2 matrix.
struct SymmetricPair {
    let first: Double
    let mixed: Double
    let second: Double

    init(_ first: Double, _ mixed: Double, _ second: Double) {
        (self.first, self.mixed, self.second) = (first, mixed, second)
    }

    /// - Precondition: the matrix has two rows.
    init(_ matrix: [[Double]], times factor: Double) {
        self.init(factor * matrix[0][0], factor * matrix[0][1], factor * matrix[1][1])
    }

    static func + (a: SymmetricPair, b: SymmetricPair) -> SymmetricPair {
        SymmetricPair(a.first + b.first, a.mixed + b.mixed, a.second + b.second)
    }

    static func * (a: SymmetricPair, factor: Double) -> SymmetricPair {
        SymmetricPair(a.first * factor, a.mixed * factor, a.second * factor)
    }

    /// self M self.
    func sandwich(_ m: SymmetricPair) -> SymmetricPair {
        let (a, b) = (first * m.first + mixed * m.mixed, first * m.mixed + mixed * m.second)
        let (c, d) = (mixed * m.first + second * m.mixed, mixed * m.mixed + second * m.second)
        return SymmetricPair(a * first + b * mixed, a * mixed + b * second, c * mixed + d * second)
    }

    /// self M + M self.
    func anticommutator(_ m: SymmetricPair) -> SymmetricPair {
        SymmetricPair(
            2 * (first * m.first + mixed * m.mixed),
            first * m.mixed + mixed * m.second + m.first * mixed + m.mixed * second,
            2 * (mixed * m.mixed + second * m.second))
    }

    /// tr(self M)/2: the mean excess of distances with the second moment M, where self is the Hessian.
    func halfTrace(with m: SymmetricPair) -> Double {
        0.5 * (first * m.first + 2 * mixed * m.mixed + second * m.second)
    }
}
