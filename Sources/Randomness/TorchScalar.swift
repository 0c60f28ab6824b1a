/// A floating-point type that ``TorchStream`` can fill a tensor with: `Float` or `Double`.
///
/// The two differ in how many bits a uniform takes from the generator and in whose logarithm, sine and cosine they use.
/// A conformance is right when `randn(16)` equals PyTorch's bit for bit.
package protocol TorchScalar: BinaryFloatingPoint, Sendable {
    /// Draws a value in [0, 1) with as many random bits as the significand holds.
    static func unitUniform(from generator: inout MersenneTwister) -> Self

    /// The logarithm to base e of a value in (0, 1].
    var naturalLogarithm: Self { get }

    /// Two independent standard normals: `sqrt(-2 * logarithm)` times the cosine and the sine of that part of a turn.
    ///
    /// G. E. P. Box and M. E. Muller, "A note on the generation of random normal deviates", 1958.
    static func normalPair(logarithm: Self, turn: Self) -> (cosine: Self, sine: Self)
}
