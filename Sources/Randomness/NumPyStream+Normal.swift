#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension NumPyStream {
    /// Draws from the standard normal distribution (`randn`, `standard_normal`).
    ///
    /// Marsaglia's polar method makes two values at a time: the second is returned and the first is kept for the next
    /// call. The kept value outlives calls of all other functions. Equal to NumPy as far as the platform's `log` is.
    package mutating func standardNormal() -> Double {
        if let cached = cachedNormal {
            cachedNormal = nil
            return cached
        }
        var x1: Double
        var x2: Double
        var squaredRadius: Double
        repeat {
            x1 = 2 * randomSample() - 1
            x2 = 2 * randomSample() - 1
            squaredRadius = x1 * x1 + x2 * x2
        } while squaredRadius >= 1 || squaredRadius == 0
        let factor = (-2 * log(squaredRadius) / squaredRadius).squareRoot()
        cachedNormal = factor * x1
        return factor * x2
    }

    /// Draws `mean + standardDeviation * z` with `z` from ``standardNormal()`` (`normal`).
    package mutating func normal(mean: Double, standardDeviation: Double) -> Double {
        precondition(
            standardDeviation >= 0, "the standard deviation must be at least 0, not \(standardDeviation)")
        return mean + standardDeviation * standardNormal()
    }
}
