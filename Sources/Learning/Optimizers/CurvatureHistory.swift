import Autograd

/// What L-BFGS remembers of the Hessian: the latest steps with the changes of the gradient along them.
struct CurvatureHistory<Scalar: TensorScalar> {
    private struct Pair {
        let step: [Scalar]
        let gradientChange: [Scalar]
        /// The reciprocal 1 / (y·s).
        let weight: Scalar
    }

    /// How many pairs are kept.
    var size: Int
    private var pairs: [Pair] = []
    /// The first guess of the inverse Hessian's diagonal.
    private var scale: Scalar = 1

    init(size: Int) {
        self.size = size
    }

    /// Adds a pair, unless the curvature along the step is not safely positive, and drops the oldest beyond the size.
    mutating func remember(step: [Scalar], gradientChange: [Scalar]) {
        let product = dot(gradientChange, step)
        guard product > 1e-10 else { return }
        if pairs.count >= size { pairs.removeFirst(pairs.count - size + 1) }
        pairs.append(Pair(step: step, gradientChange: gradientChange, weight: 1 / product))
        scale = product / dot(gradientChange, gradientChange)
    }

    /// The direction -Hg by the two-loop recursion (Nocedal 1980).
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func direction(against gradient: [Scalar]) -> [Scalar] {
        var direction = gradient.map { -$0 }
        var shares: [Scalar] = []
        for pair in pairs.reversed() {
            let share = dot(pair.step, direction) * pair.weight
            add(-share, pair.gradientChange, to: &direction)
            shares.append(share)
        }
        direction = direction.map { $0 * scale }
        for (pair, share) in zip(pairs, shares.reversed()) {
            add(share - dot(pair.gradientChange, direction) * pair.weight, pair.step, to: &direction)
        }
        return direction
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func add(_ factor: Scalar, _ vector: [Scalar], to sum: inout [Scalar]) {
        for i in sum.indices { sum[i].addProduct(vector[i], factor) }
    }
}

/// The scalar product, summed from left to right.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func dot<Scalar: TensorScalar>(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
