import Foundation

/// The normal distribution.
package enum Normal {
    /// P(Z ≤ z).
    package static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

    /// The z with P(Z ≤ z) = p.
    package static func quantile(_ p: Double) -> Double {
        p < 0.5 ? -quantile(1 - p) : Quantile.find(p, below: 40, cumulative)
    }
}

/// Student's t distribution with a whole number of degrees of freedom.
package enum StudentT {
    /// P(T > |t|) + P(T < -|t|) = I_x(ν/2, 1/2) with x = ν/(ν + t²), without cancellation.
    package static func twoSided(_ t: Double, freedom: Int) -> Double {
        let degrees = Double(freedom)
        return t.isInfinite ? 0 : IncompleteBeta.value(degrees / (degrees + t * t), twiceA: freedom, twiceB: 1)
    }

    /// The t with P(T ≤ t) = p, for p ≥ 1/2.
    package static func quantile(_ p: Double, freedom: Int) -> Double {
        Quantile.find(p, below: 1e6) { 1 - twoSided($0, freedom: freedom) / 2 }
    }
}

/// The χ² distribution with a whole number of degrees of freedom.
package enum ChiSquare {
    /// P(X ≤ x), by the series of the incomplete gamma function.
    package static func cumulative(_ x: Double, freedom: Int) -> Double {
        guard x > 0 else { return 0 }
        let a = Double(freedom) / 2
        let half = x / 2
        var term = exp(a * log(half) - half - LogGamma.ofHalf(freedom + 2))
        var sum = 0.0
        var index = a
        while term > 1e-17 * sum || index < half {
            sum += term
            index += 1
            term *= half / index
        }
        return min(1, sum)
    }

    package static func quantile(_ p: Double, freedom: Int) -> Double {
        Quantile.find(p, below: 10 * Double(freedom) + 1000) { cumulative($0, freedom: freedom) }
    }
}

/// The inverse of an increasing function on [0, limit], by bisection to the last bit.
private enum Quantile {
    static func find(_ p: Double, below limit: Double, _ cumulative: (Double) -> Double) -> Double {
        var (low, high) = (0.0, limit)
        while true {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { return high }
            if cumulative(middle) < p { low = middle } else { high = middle }
        }
    }
}

/// log Γ(n/2) for whole n.
enum LogGamma {
    static func ofHalf(_ twice: Int) -> Double {
        precondition(twice > 0, "the gamma function of \(twice)/2")
        var sum = twice.isMultiple(of: 2) ? 0 : log(Double.pi) / 2
        var place = twice.isMultiple(of: 2) ? 2 : 1
        while place < twice {
            sum += log(Double(place) / 2)
            place += 2
        }
        return sum
    }
}

/// The regularized incomplete beta function for half-integer parameters.
private enum IncompleteBeta {
    static func value(_ x: Double, twiceA: Int, twiceB: Int) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let (a, b) = (Double(twiceA) / 2, Double(twiceB) / 2)
        let front = exp(
            LogGamma.ofHalf(twiceA + twiceB) - LogGamma.ofHalf(twiceA) - LogGamma.ofHalf(twiceB) + a * log(x)
                + b * log1p(-x))
        return x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b
    }

    /// The continued fraction of Didonato and Morris, evaluated after Lentz.
    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        let guarded = { (value: Double) in abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / guarded(1 - (a + b) * x / (a + 1))
        var result = d
        for index in 1...10_000 {
            let m = Double(index)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / guarded(1 + even * d)
            c = guarded(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / guarded(1 + odd * d)
            c = guarded(1 + odd / c)
            result *= d * c
            if abs(d * c - 1) < 1e-16 { break }
        }
        return result
    }
}
