/// A gradient compared with a finite difference: how fast a function changes along one random direction.
///
/// With f the sum of the function's result weighted by random numbers u, and v a random direction over all inputs:
/// `analytic` is the gradient of f times v, `numeric` is (f(x + h v) - f(x - h v)) / 2h. One direction at random
/// exposes a wrong derivative almost surely (Griewank and Walther, Evaluating Derivatives, 2008).
package struct GradientCheck: CustomStringConvertible, Sendable {
    /// The slope that the backward pass gives.
    package let analytic: Double

    /// The slope that two function values give.
    package let numeric: Double

    /// The seed that the direction came from, to repeat the check with.
    package let seed: UInt64

    /// Whether both agree within `tolerance`, relative to the larger of 1 and their magnitudes.
    package func agrees(within tolerance: Double = 1e-6) -> Bool {
        (analytic - numeric).magnitude <= tolerance * max(1, analytic.magnitude, numeric.magnitude)
    }

    package var description: String { "seed \(seed): the gradient says \(analytic), the difference \(numeric)" }

    /// Compares at `inputs`; `step` is h.
    package init(
        at inputs: [Tensor<Double>], seed: UInt64, step: Double = 1e-6,
        of function: ([Tensor<Double>]) -> Tensor<Double>
    ) throws(AutogradError) {
        self.seed = seed
        var numbers = SplitMix(state: seed)
        let leaves = inputs.map(Self.leaf)
        let output = function(leaves)
        let weights = Tensor(shape: output.dimensions) { target in
            for index in 0..<output.count { target[index] = numbers.next() }
        }
        let directions = inputs.map { input in
            Tensor(shape: input.dimensions) { target in
                for index in 0..<input.count { target[index] = numbers.next() }
            }
        }

        var slope = 0.0
        if output.requiresGrad {
            let gradients = try gradient(of: output, withRespectTo: leaves, upstream: weights, allowUnused: true)
            for (gradient, direction) in zip(gradients, directions) {
                if let gradient { slope += try (gradient * direction).sum().item() }
            }
        }
        analytic = slope

        func value(_ distance: Double) throws(AutogradError) -> Double {
            // Leaves here, too: the function may itself be a gradient.
            let moved = zip(inputs, directions).map { Self.leaf($0.detach() + $1 * distance) }
            return try (function(moved).detach() * weights).sum().item()
        }
        numeric = (try value(step) - value(-step)) / (2 * step)
    }

    private static func leaf(_ tensor: Tensor<Double>) -> Tensor<Double> {
        let leaf = tensor.detach()
        leaf.requiresGrad = true
        return leaf
    }
}

/// Numbers from -1 to 1 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double(z >> 11) * 0x1p-52 - 1
    }
}
