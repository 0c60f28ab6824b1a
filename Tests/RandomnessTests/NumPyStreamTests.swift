import Randomness
import TestSupport
import Testing

struct NumPyStreamTests {
    @Test(arguments: RandomGolden.shared.numpy)
    func `samples are NumPy's`(golden: NumPyCase) {
        var stream = NumPyStream(seed: golden.seed)
        let samples = golden.samples.map { _ in stream.randomSample() }
        #expect(samples.bits == golden.samples.bits)
    }

    @Test(arguments: RandomGolden.shared.numpy)
    func `samples far into the stream are NumPy's`(golden: NumPyCase) {
        var stream = NumPyStream(seed: golden.seed)
        let samples = (0..<2000).map { _ in stream.randomSample() }
        #expect(golden.samplesAt.map { samples[$0.place] }.bits == golden.samplesAt.map(\.value).bits)
    }

    @Test(arguments: RandomGolden.shared.numpyArraySeed)
    func `samples of an array seed are NumPy's`(golden: ArraySeedCase) {
        var stream = NumPyStream(seedArray: golden.key)
        let samples = golden.samples.map { _ in stream.randomSample() }
        #expect(samples.bits == golden.samples.bits)
    }

    @Test(arguments: RandomGolden.shared.numpy)
    func `uniforms between bounds are NumPy's`(golden: NumPyCase) {
        var stream = NumPyStream(seed: golden.seed)
        let values = golden.uniforms.map { _ in stream.uniform(-2.5, 4) }
        #expect(values.bits == golden.uniforms.bits)
    }

    @Test(arguments: [0, 1, 311, 312, 1999])
    func `skipping samples equals drawing them`(count: Int) {
        var skipping = NumPyStream(seed: 42)
        var drawing = skipping
        skipping.skip(samples: count)
        for _ in 0..<count { _ = drawing.randomSample() }
        #expect(skipping.randomSample() == drawing.randomSample())
    }

    @Test func `a negative number of samples to skip is refused`() async {
        await #expect(processExitsWith: .failure) {
            var stream = NumPyStream(seed: 0)
            stream.skip(samples: -1)
        }
    }
}
