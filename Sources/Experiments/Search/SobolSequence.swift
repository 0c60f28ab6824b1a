import Randomness

/// A scrambled Sobol sequence: points of the unit cube that fill it more evenly than independent ones.
///
/// I. M. Sobol (1967) with the direction numbers of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
/// two-dimensional projections" (2008). Scrambled as J. Matoušek, "On the L2-discrepancy for anchored boxes" (1998): a
/// random lower triangular matrix of bits and a digital shift for each dimension, both from a counter-based stream, so
/// that the first 2^m points stay as evenly spread and a point depends on seed and number alone.
struct SobolSequence: Sendable {
    /// The digits of every coordinate.
    private static let digits = 32

    /// By dimension: what each digit of a point's number adds, and the shift.
    private let dimensions: [(directions: [UInt32], shift: UInt32)]

    /// - Precondition: 0 <= `dimensionCount` <= ``largestDimensionCount``.
    init(dimensionCount: Int, seed: UInt64) {
        precondition(
            (0...Self.largestDimensionCount).contains(dimensionCount),
            "a Sobol sequence has up to \(Self.largestDimensionCount) dimensions, not \(dimensionCount)")
        dimensions = (0..<dimensionCount).map { dimension in
            var stream = CounterStream(seed: seed, index: UInt64(dimension))
            let rows = (0..<Self.digits).map { row in
                // Below the diagonal random bits, on it a one.
                let place = UInt32(1) << (31 - row)
                return (UInt32(truncatingIfNeeded: stream.next()) & ~(place &* 2 &- 1)) | place
            }
            let shift = UInt32(truncatingIfNeeded: stream.next())
            return (Self.directions(ofDimension: dimension).map { Self.product(rows, $0) }, shift)
        }
    }

    /// Point number `index`, with coordinates in [0, 1).
    func point(at index: Int) -> [Double] {
        dimensions.map { directions, shift in
            var (digits, rest, place) = (shift, UInt64(index), 0)
            while rest != 0 && place < directions.count {
                if rest & 1 == 1 { digits ^= directions[place] }
                rest >>= 1
                place += 1
            }
            return Double(digits) * 0x1p-32
        }
    }

    /// A matrix of bits times a column of bits, the first digit the highest bit.
    private static func product(_ rows: [UInt32], _ column: UInt32) -> UInt32 {
        rows.reduce(0) { $0 << 1 | UInt32(($1 & column).nonzeroBitCount & 1) }
    }

    /// What the digits of a number add to a coordinate before it is scrambled.
    static func directions(ofDimension dimension: Int) -> [UInt32] {
        guard dimension > 0 else { return (0..<digits).map { 1 << UInt32(31 - $0) } }
        let (coefficients, start) = polynomials[dimension - 1]
        let degree = start.count
        var directions = start.enumerated().map { $1 << UInt32(31 - $0) }
        for place in degree..<digits {
            var value = directions[place - degree] ^ (directions[place - degree] >> UInt32(degree))
            for term in 1..<max(degree, 1) where coefficients >> UInt32(degree - 1 - term) & 1 == 1 {
                value ^= directions[place - term]
            }
            directions.append(value)
        }
        return directions
    }
}

extension SobolSequence {
    static var largestDimensionCount: Int { polynomials.count + 1 }

    /// From the second dimension on: the inner coefficients of a primitive polynomial, and the first numbers m.
    private static let polynomials: [(coefficients: UInt32, start: [UInt32])] = [
        (0, [1]),
        (1, [1, 3]),
        (1, [1, 3, 1]),
        (2, [1, 1, 1]),
        (1, [1, 1, 3, 3]),
        (4, [1, 3, 5, 13]),
        (2, [1, 1, 5, 5, 17]),
        (4, [1, 1, 5, 5, 5]),
        (7, [1, 1, 7, 11, 19]),
        (11, [1, 1, 5, 1, 1]),
        (13, [1, 1, 1, 3, 11]),
        (14, [1, 3, 5, 5, 31]),
        (1, [1, 3, 3, 9, 7, 49]),
        (13, [1, 1, 1, 15, 21, 21]),
        (16, [1, 3, 1, 13, 27, 49]),
        (19, [1, 1, 1, 15, 7, 5]),
        (22, [1, 3, 1, 15, 13, 25]),
        (25, [1, 1, 5, 5, 19, 61]),
        (1, [1, 3, 7, 11, 23, 15, 103]),
        (4, [1, 3, 7, 13, 13, 15, 69]),
    ]
}
