import Randomness
import Testing

struct CounterStreamTests {
    // Two words make a value, the low one first: the published block of counter 0 and key 0.
    @Test func `the first values of seed 0 are the published block`() {
        var stream = CounterStream(seed: 0, index: 0)
        #expect([stream.next(), stream.next()] == [0xE169_C58D_6627_E8D5, 0x9B00_DBD8_BC57_AC4C])
    }

    // From an implementation of Philox in Python that gives Random123's known answers; digits of pi fill all six words.
    @Test(
        arguments: [
            (0x243F_6A88_85A3_08D2, 0x553D_579A_EA27_5B0B),
            (0x243F_6A88_85A3_08D3, 0x0A86_D896_2108_80B1),
            (0, 0x61BD_7780_B60A_410E),
            (.max, 0xD6FB_17F4_2643_E52A),
        ] as [(UInt64, UInt64)])
    func `seed, index and place reach the words they should`(place: UInt64, expected: UInt64) {
        let stream = CounterStream(seed: 0x299F_31D0_A409_3822, index: 0x0370_7344_1319_8A2E)
        #expect(stream.value(at: place) == expected)
    }

    @Test(arguments: [0, 1, 2, 3, 998, 999] as [UInt64])
    func `reading in order and at a place agree`(place: UInt64) {
        let start = CounterStream(seed: 12, index: 34)
        var stream = start
        let values = (0..<1000).map { _ in stream.next() }
        #expect(start.value(at: place) == values[Int(place)])
    }

    @Test func `a value at a place does not depend on what was drawn`() {
        var stream = CounterStream(seed: 12, index: 34)
        let before = stream.value(at: 7)
        _ = stream.next()
        #expect(stream.value(at: 7) == before)
    }

    @Test(arguments: [(1, 2), (2, 1), (1, 1 << 32), (1 << 32, 1)] as [(UInt64, UInt64)])
    func `another seed or index is another stream`(seed: UInt64, index: UInt64) {
        var stream = CounterStream(seed: seed, index: index)
        var reference = CounterStream(seed: 1, index: 1)
        #expect(stream.next() != reference.next())
    }

    @Test func `unit doubles are the high 53 bits`() {
        var stream = CounterStream(seed: 0, index: 0)
        #expect(stream.unitDouble() == Double(0xE169_C58D_6627_E8D5 >> 11 as UInt64) / 9_007_199_254_740_992)
    }

    // 100,000 uniforms have a mean with standard deviation 0.00091; the seed is fixed, so this cannot flicker.
    @Test func `unit doubles fill the interval evenly`() {
        var stream = CounterStream(seed: 2011, index: 0)
        let values = (0..<100_000).map { _ in stream.unitDouble() }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect(abs(values.reduce(0, +) / 100_000 - 0.5) < 0.003)
    }

    @Test func `Swift's own algorithms draw from it repeatably`() {
        var stream = CounterStream(seed: 5, index: 6)
        var same = stream
        #expect(Int.random(in: 0..<1000, using: &stream) == Int.random(in: 0..<1000, using: &same))
    }
}
