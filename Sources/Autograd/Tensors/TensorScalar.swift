package import RealModule

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A number type that tensors can hold: `Float` or `Double`.
///
/// The protocol exists so that one generic core serves both; nothing else should conform, because the order of
/// summation (and with it every bit of a result) is tied to the width of ``Lanes``.
package protocol TensorScalar: Real, BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// The vector whose lanes PyTorch's sum runs in parallel: 8 of `Float`, 4 of `Double`.
    associatedtype Lanes: SIMD where Lanes.Scalar == Self

    /// PyTorch's name of a tensor of this type, for error messages.
    static var tensorTypeName: String { get }

    /// C's `pow`, which (unlike `Real.pow`) accepts a negative base with a whole exponent, and every special value.
    static func libraryPower(_ base: Self, _ exponent: Self) -> Self

    /// The list of the pool that graph nodes of this type wait in.
    static var poolIndex: Int { get }
}

extension Float: TensorScalar {
    package typealias Lanes = SIMD8<Float>

    package static var tensorTypeName: String { "torch.FloatTensor" }

    package static func libraryPower(_ base: Float, _ exponent: Float) -> Float { cPower(base, exponent) }

    package static var poolIndex: Int { 0 }
}

extension Double: TensorScalar {
    package typealias Lanes = SIMD4<Double>

    package static var tensorTypeName: String { "torch.DoubleTensor" }

    package static func libraryPower(_ base: Double, _ exponent: Double) -> Double { cPower(base, exponent) }

    package static var poolIndex: Int { 1 }
}

// Outside of the types, whose own `pow` would be meant inside.
private func cPower(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }

private func cPower(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
