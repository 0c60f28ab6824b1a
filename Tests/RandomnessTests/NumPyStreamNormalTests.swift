import Randomness
import TestSupport
import Testing

struct NumPyStreamNormalTests {
    @Test(arguments: RandomGolden.shared.numpy)
    func `normals are NumPy's and the kept one outlives samples`(golden: NumPyCase) {
        var stream = NumPyStream(seed: golden.seed)
        let normals = golden.normals11.map { _ in stream.standardNormal() }
        let samples = golden.thenSamples3.map { _ in stream.randomSample() }
        let later = golden.thenNormals2.map { _ in stream.standardNormal() }
        #expect(normals.bits == golden.normals11.bits)
        #expect(samples.bits == golden.thenSamples3.bits)
        #expect(later.bits == golden.thenNormals2.bits)
    }

    @Test(arguments: RandomGolden.shared.numpy)
    func `normals with a mean and a deviation are NumPy's`(golden: NumPyCase) {
        var stream = NumPyStream(seed: golden.seed)
        let normals = golden.normals.map { _ in stream.normal(mean: 1.5, standardDeviation: 0.3) }
        #expect(normals.bits == golden.normals.bits)
    }

    @Test func `the kept normal outlives a shuffle`() {
        var shuffling = NumPyStream(seed: 0)
        var plain = shuffling
        var order = Array(0..<10)
        _ = shuffling.standardNormal()
        shuffling.shuffle(&order)
        _ = plain.standardNormal()
        #expect(shuffling.standardNormal() == plain.standardNormal())
    }

    @Test func `a copy keeps its own normal`() {
        var original = NumPyStream(seed: 0)
        _ = original.standardNormal()
        var copy = original
        let pair = [original.standardNormal(), original.standardNormal()]
        #expect([copy.standardNormal(), copy.standardNormal()] == pair)
    }

    @Test func `a negative deviation is refused`() async {
        await #expect(processExitsWith: .failure) {
            var stream = NumPyStream(seed: 0)
            _ = stream.normal(mean: 0, standardDeviation: -1)
        }
    }
}
