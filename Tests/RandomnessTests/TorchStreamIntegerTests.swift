import Randomness
import TestSupport
import Testing

struct TorchStreamIntegerTests {
    @Test(arguments: RandomGolden.shared.torch)
    func `integers between bounds are PyTorch's`(golden: TorchCase) {
        var stream = TorchStream(seed: golden.seed)
        #expect(stream.randint(low: -3, high: 1000, count: 8) == golden.integers)
    }

    // PyTorch 2.15, seed 7: torch.randint(low, high, (3,)). From a width of 2^28 on a value takes two words.
    @Test(
        arguments: [
            (-5, 268_435_450, [59_306_155, 171_107_522, 128_500_256]),
            (-5, 268_435_451, [171_107_519, 27_798_001, 174_903_502]),
            (-5, 4_294_967_292, [648_672_272, 2_315_216_857, 2_318_482_059]),
            (.min, .max, [-7_815_732_517_915_138_876, 5_163_590_386_780_219_894, -1_136_149_262_272_507_693]),
        ] as [(Int, Int, [Int])])
    func `integers of a wide range are PyTorch's`(low: Int, high: Int, expected: [Int]) {
        var stream = TorchStream(seed: 7)
        #expect(stream.randint(low: low, high: high, count: 3) == expected)
    }

    @Test(arguments: RandomGolden.shared.torch)
    func `permutations are PyTorch's`(golden: TorchCase) {
        var ten = TorchStream(seed: golden.seed)
        var hundred = ten
        #expect(ten.randperm(10) == golden.permutation10)
        #expect(hundred.randperm(100) == golden.permutation100)
    }

    @Test(arguments: RandomGolden.shared.torch.filter { $0.epochs != nil })
    func `the epochs of a data loader are PyTorch's`(golden: TorchCase) {
        var stream = TorchStream(seed: golden.seed)
        let epochs = [stream.dataLoaderOrder(count: 20), stream.dataLoaderOrder(count: 20)]
        #expect(epochs == golden.epochs)
    }

    @Test(arguments: [0, 1])
    func `a permutation of fewer than two elements draws nothing`(count: Int) {
        var stream = TorchStream(seed: 2)
        var untouched = stream
        #expect(stream.randperm(count) == Array(0..<count))
        #expect(stream.nextUInt64() == untouched.nextUInt64())
    }

    @Test func `an empty range is refused`() async {
        await #expect(processExitsWith: .failure) {
            var stream = TorchStream(seed: 0)
            _ = stream.randint(low: 1, high: 1, count: 1)
        }
    }

    @Test func `a permutation too long for PyTorch's short algorithm is refused`() async {
        await #expect(processExitsWith: .failure) {
            var stream = TorchStream(seed: 0)
            _ = stream.randperm(214_748_364)
        }
    }
}
