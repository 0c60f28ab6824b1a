#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

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
