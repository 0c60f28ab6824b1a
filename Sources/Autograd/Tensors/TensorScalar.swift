package import RealModule

/// A number type that tensors can hold: `Float` or `Double`.
///
/// The protocol exists so that one generic core serves both; nothing else should conform, because the order of
/// summation (and with it every bit of a result) is tied to the width of ``Lanes``.
package protocol TensorScalar: Real, BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// The vector whose lanes PyTorch's sum runs in parallel: 8 of `Float`, 4 of `Double`.
    associatedtype Lanes: SIMD where Lanes.Scalar == Self

    /// PyTorch's name of a tensor of this type, for error messages.
    static var tensorTypeName: String { get }

    /// The list of the pool that graph nodes of this type wait in.
    static var poolIndex: Int { get }
}

extension Float: TensorScalar {
    package typealias Lanes = SIMD8<Float>

    package static var tensorTypeName: String { "torch.FloatTensor" }

    package static var poolIndex: Int { 0 }
}

extension Double: TensorScalar {
    package typealias Lanes = SIMD4<Double>

    package static var tensorTypeName: String { "torch.DoubleTensor" }

    package static var poolIndex: Int { 1 }
}

extension TensorScalar {
    /// C's `pow`, which (unlike `Real.pow`) accepts a negative base with a whole exponent.
    static func libraryPower(_ base: Self, _ exponent: Self) -> Self {
        base >= 0 ? .pow(base, exponent) : Int(exactly: exponent).map { .pow(base, $0) } ?? .nan
    }
}
