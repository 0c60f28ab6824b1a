import Testing

@testable import Inspection

/// How many representable numbers two numbers are apart.
struct BitDistanceTests {
    @Test(arguments: [
        (1.0, 1.0, 0), (1.0, 1.0.nextUp, 1), (-1.0, (-1.0).nextUp, 1), (0.0, -0.0, 1),
        (-Double.leastNonzeroMagnitude, .leastNonzeroMagnitude, 3), (1.0, 2.0, 1 << 52),
        (.greatestFiniteMagnitude, .infinity, 1), (.nan, .nan, 0),
        (-Double.infinity, .infinity, 2 * Double.infinity.bitPattern + 1),
    ])
    func `doubles are as far apart as there are numbers between them`(a: Double, b: Double, ulps: UInt64) {
        #expect(BitDistance.ulps(a, b) == ulps)
        #expect(BitDistance.ulps(b, a) == ulps)
    }

    @Test
    func `NaN is at no distance from a number`() {
        #expect(BitDistance.ulps(1.0, .nan) == nil)
        #expect(BitDistance.ulps(Float.nan, 1) == nil)
    }

    @Test
    func `floats are counted in their own units`() {
        #expect(BitDistance.ulps(1 as Float, Float(1).nextUp) == 1)
        #expect(BitDistance.ulps(1 as Float, 2) == 1 << 23)
        #expect(BitDistance.ulps(-0.0 as Float, 0) == 1)
    }
}
