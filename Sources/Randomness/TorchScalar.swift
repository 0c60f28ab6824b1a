#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

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

extension Double: TorchScalar {
    package static func unitUniform(from generator: inout MersenneTwister) -> Double {
        Double(generator.nextUInt64() & ((1 << 53) - 1)) * 0x1p-53
    }

    package var naturalLogarithm: Double {
        log(self)
    }

    package static func normalPair(logarithm: Double, turn: Double) -> (cosine: Double, sine: Double) {
        let radius = (-2 * logarithm).squareRoot()
        let angle = 2 * .pi * turn
        return (radius * cos(angle), radius * sin(angle))
    }
}

/// Single precision with the polynomials of PyTorch's AVX2 code, after S. L. Moshier's Cephes library.
///
/// They differ from the platform's `logf`, `sinf` and `cosf` in the last bits of about four values in ten. Every operation
/// rounds to binary32; `addingProduct` stands exactly where the vector code fuses, so the order here must not change.
extension Float: TorchScalar {
    package static func unitUniform(from generator: inout MersenneTwister) -> Float {
        Float(generator.next() & ((1 << 24) - 1)) * 0x1p-24
    }

    package var naturalLogarithm: Float {
        var exponent = Float(Int(exponentBitPattern) - 126)
        let significand = Float(sign: .plus, exponentBitPattern: 126, significandBitPattern: significandBitPattern)
        var x = significand - 1
        if significand < 0.707106781186547524 {
            exponent -= 1
            x += significand
        }
        let z = x * x
        var y: Float = 7.0376836292e-2
        y = Float(-1.1514610310e-1).addingProduct(y, x)
        y = Float(1.1676998740e-1).addingProduct(y, x)
        y = Float(-1.2420140846e-1).addingProduct(y, x)
        y = Float(1.4249322787e-1).addingProduct(y, x)
        y = Float(-1.6668057665e-1).addingProduct(y, x)
        y = Float(2.0000714765e-1).addingProduct(y, x)
        y = Float(-2.4999993993e-1).addingProduct(y, x)
        y = Float(3.3333331174e-1).addingProduct(y, x)
        y *= x
        y = (exponent * -2.12194440e-4).addingProduct(y, z)
        y -= 0.5 * z
        return (x + y) + exponent * 0.693359375
    }

    package static func normalPair(logarithm: Float, turn: Float) -> (cosine: Float, sine: Float) {
        let radius = (-2 * logarithm).squareRoot()
        let (sine, cosine) = sineAndCosine(Float(2 * Double.pi) * turn)
        return (radius * cosine, radius * sine)
    }

    /// Both functions of an angle in [0, 2 pi], which is first brought to [-pi/4, pi/4] by octants.
    private static func sineAndCosine(_ angle: Float) -> (sine: Float, cosine: Float) {
        let octant = (Int32(angle * 1.27323954473516) + 1) & ~1
        let multiple = Float(octant)
        // pi/4 in three parts, so that the difference keeps its low bits.
        var x = angle.addingProduct(multiple, -0.78515625)
        x = x.addingProduct(multiple, -2.4187564849853515625e-4)
        x = x.addingProduct(multiple, -3.77489497744594108e-8)
        let z = x * x

        var even = Float(-1.388731625493765e-3).addingProduct(2.443315711809948e-5, z)
        even = Float(4.166664568298827e-2).addingProduct(even, z)
        even *= z
        even = (-(0.5 * z)).addingProduct(even, z)
        even += 1

        var odd = Float(8.3321608736e-3).addingProduct(-1.9515295891e-4, z)
        odd = Float(-1.6666654611e-1).addingProduct(odd, z)
        odd *= z
        odd = x.addingProduct(odd, x)

        let (sine, cosine) = octant & 2 == 0 ? (odd, even) : (even, odd)
        return (octant & 4 == 0 ? sine : -sine, (octant - 2) & 4 == 0 ? -cosine : cosine)
    }
}
