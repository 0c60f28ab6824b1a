import Randomness
import TestSupport
import Testing

struct NumPyStreamOrderTests {
    @Test(arguments: RandomGolden.shared.numpy)
    func `a shuffle of ten is NumPy's`(golden: NumPyCase) {
        var stream = NumPyStream(seed: golden.seed)
        var order = Array(0..<10)
        stream.shuffle(&order)
        #expect(order == golden.shuffle10)
    }

    @Test(arguments: RandomGolden.shared.numpy)
    func `two shuffles in a row and a sample after them are NumPy's`(golden: NumPyCase) {
        var stream = NumPyStream(seed: golden.seed)
        var first = Array(0..<100)
        stream.shuffle(&first)
        var second = Array(0..<100)
        stream.shuffle(&second)
        #expect(first == golden.shuffle100First)
        #expect(second == golden.shuffle100Second)
        #expect(stream.randomSample() == golden.sampleAfterShuffles)
    }

    @Test(arguments: RandomGolden.shared.numpy)
    func `a shuffle after 102 samples is NumPy's`(golden: NumPyCase) {
        var stream = NumPyStream(seed: golden.seed)
        stream.skip(samples: 102)
        var order = Array(0..<100)
        stream.shuffle(&order)
        #expect(order == golden.shuffle100After102Samples)
    }

    @Test(arguments: RandomGolden.shared.numpy)
    func `a permutation is NumPy's`(golden: NumPyCase) {
        var stream = NumPyStream(seed: golden.seed)
        #expect(stream.permutation(17) == golden.permutation17)
    }

    // NumPy 2.4, seed 5: np.random.randint(0, m + 1, dtype=np.int64), which uses the same bounded integers.
    @Test(
        arguments: [
            (1, [1, 0, 1]),
            (0xFFFF_FFFF, [953_453_411, 236_996_814, 3_739_766_767]),
            (0x1_0000_0000, [1_562_238_070, 4_206_684_233, 385_778_404]),
            (1_099_511_640_121, [34_745_516_772, 993_841_416_126, 680_694_927_056]),
            (
                9_223_372_036_854_775_806,
                [4_095_051_218_741_643_470, 6_838_803_925_648_402_109, 3_813_295_331_020_233_846]
            ),
        ] as [(UInt64, [UInt64])])
    func `integers through a bound are NumPy's`(bound: UInt64, expected: [UInt64]) {
        var stream = NumPyStream(seed: 5)
        let values = expected.map { _ in stream.integer(through: bound) }
        #expect(values == expected)
    }

    @Test func `the largest bound takes all 64 bits`() {
        var stream = NumPyStream(seed: 0)
        var generator = MersenneTwister(seed: 0)
        #expect(stream.integer(through: .max) == generator.nextUInt64())
    }

    @Test func `an integer through zero draws nothing`() {
        var stream = NumPyStream(seed: 0)
        var untouched = stream
        #expect(stream.integer(through: 0) == 0)
        #expect(stream.randomSample() == untouched.randomSample())
    }

    @Test(arguments: [0, 1])
    func `a shuffle of fewer than two elements draws nothing`(count: Int) {
        var stream = NumPyStream(seed: 0)
        var untouched = stream
        #expect(stream.permutation(count) == Array(0..<count))
        #expect(stream.randomSample() == untouched.randomSample())
    }

    @Test func `a permutation of a negative count is refused`() async {
        await #expect(processExitsWith: .failure) {
            var stream = NumPyStream(seed: 0)
            _ = stream.permutation(-1)
        }
    }
}
