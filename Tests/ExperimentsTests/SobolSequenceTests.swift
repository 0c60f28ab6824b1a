import Testing

@testable import Experiments

/// The even draws of a sweep.
struct SobolSequenceTests {
    /// Numbers of SciPy 1.17's `qmc.Sobol(d=21, scramble=False)`, as 32-bit integers: points 5 and 1000.
    @Test(
        arguments: [
            (0, 3_758_096_384, 943_718_400),
            (1, 3_758_096_384, 415_236_096),
            (2, 536_870_912, 2_227_175_424),
            (3, 1_610_612_736, 2_906_652_672),
            (4, 3_758_096_384, 1_203_765_248),
            (5, 2_684_354_560, 3_896_508_416),
            (6, 3_758_096_384, 197_132_288),
            (7, 1_610_612_736, 3_862_953_984),
            (8, 1_610_612_736, 2_151_677_952),
            (9, 536_870_912, 297_795_584),
            (10, 1_610_612_736, 364_904_448),
            (11, 3_758_096_384, 1_094_713_344),
            (12, 3_758_096_384, 692_060_160),
            (13, 536_870_912, 1_648_361_472),
            (14, 3_758_096_384, 616_562_688),
            (15, 1_610_612_736, 1_589_641_216),
            (16, 3_758_096_384, 3_091_202_048),
            (17, 1_610_612_736, 1_480_589_312),
            (18, 1_610_612_736, 4_257_218_560),
            (19, 2_684_354_560, 3_116_367_872),
            (20, 2_684_354_560, 2_243_952_640),
        ] as [(Int, UInt32, UInt32)])
    func `without scrambling the coordinates are those of Joe and Kuo`(
        dimension: Int, fifth: UInt32, thousandth: UInt32
    ) {
        let directions = SobolSequence.directions(ofDimension: dimension)
        func coordinate(_ index: Int) -> UInt32 {
            // SciPy goes through the points in the order of the Gray code.
            let digits = index ^ (index >> 1)
            return directions.indices.reduce(0) { digits >> $1 & 1 == 1 ? $0 ^ directions[$1] : $0 }
        }

        #expect([coordinate(5), coordinate(1000)] == [fifth, thousandth])
    }

    @Test(arguments: [0, 1, 7, UInt64.max])
    func `scrambled, the first 2^m points have one in each of 2^m slices of every dimension`(seed: UInt64) {
        let sequence = SobolSequence(dimensionCount: SobolSequence.largestDimensionCount, seed: seed)
        let points = (0..<256).map(sequence.point)

        for dimension in 0..<SobolSequence.largestDimensionCount {
            #expect(Set(points.map { Int($0[dimension] * 256) }).count == 256, "dimension \(dimension)")
        }
    }

    @Test
    func `scrambled, the first two dimensions stay a net`() {
        let sequence = SobolSequence(dimensionCount: 2, seed: 3)
        let points = (0..<256).map(sequence.point)

        let boxes = Set(points.map { [Int($0[0] * 16), Int($0[1] * 16)] })

        #expect(boxes.count == 256)
    }

    @Test
    func `another seed gives other points, and the same one the same`() {
        let points = [3, 4, 3].map { SobolSequence(dimensionCount: 3, seed: $0).point(at: 17) }

        #expect(points[0] != points[1])
        #expect(points[0] == points[2])
    }
}
