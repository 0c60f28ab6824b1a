import Randomness
import Testing

struct MersenneTwisterTests {
    @Test(arguments: RandomGolden.shared.numpy)
    func `the first words of a seed are NumPy's`(golden: NumPyCase) {
        var generator = MersenneTwister(seed: golden.seed)
        let words = golden.words.map { _ in generator.next() }
        #expect(words == golden.words)
    }

    // The C++ standard requires this of std::mt19937.
    @Test func `the ten thousandth word of seed 5489 is 4123659995`() {
        var generator = MersenneTwister(seed: 5489)
        let words = (0..<10_000).map { _ in generator.next() }
        #expect(words.last == 4_123_659_995)
    }

    // The first two come from the authors' mt19937ar.out, the last two from NumPy with a key longer than the state.
    @Test(
        arguments: [
            ([0x123, 0x234, 0x345, 0x456], [1_067_595_299, 955_945_823, 477_289_528]),
            (Array(0..<1000), [4_012_946_933, 3_615_799_318, 1_210_851_548]),
        ] as [([UInt32], [UInt32])])
    func `a key gives the reference words`(key: [UInt32], expected: [UInt32]) {
        var generator = MersenneTwister(key: key)
        let words = expected.map { _ in generator.next() }
        #expect(words == expected)
    }

    @Test func `a copy continues like the original and does not disturb it`() {
        var original = MersenneTwister(seed: 7)
        _ = original.next()
        var copy = original
        let fromCopy = (0..<1300).map { _ in copy.next() }
        let fromOriginal = (0..<1300).map { _ in original.next() }
        #expect(fromCopy == fromOriginal)
    }

    @Test func `the high half of 64 bits is drawn first`() {
        var generator = MersenneTwister(seed: 0)
        let high: UInt64 = 2_357_136_044
        #expect(generator.nextUInt64() == high << 32 | 2_546_248_239)
    }

    @Test func `an empty key is refused`() async {
        await #expect(processExitsWith: .failure) { _ = MersenneTwister(key: []) }
    }
}
