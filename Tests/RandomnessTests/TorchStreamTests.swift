import Randomness
import TestSupport
import Testing

struct TorchStreamTests {
    @Test(arguments: RandomGolden.shared.torch)
    func `single uniforms are PyTorch's`(golden: TorchCase) {
        var stream = TorchStream(seed: golden.seed)
        let values = stream.rand(10, as: Float.self)
        #expect(values.map(Double.init).bits == golden.floats.bits)
        #expect(values.prefix(3).bits == golden.floatsHex.map { UInt32($0, radix: 16) })
    }

    @Test(arguments: RandomGolden.shared.torch)
    func `single uniforms far into the stream are PyTorch's`(golden: TorchCase) {
        var stream = TorchStream(seed: golden.seed)
        let values = stream.rand(2000, as: Float.self)
        #expect(golden.floatsAt.map { Double(values[$0.place]) }.bits == golden.floatsAt.map(\.value).bits)
    }

    @Test(arguments: RandomGolden.shared.torch)
    func `double uniforms are PyTorch's`(golden: TorchCase) {
        var stream = TorchStream(seed: golden.seed)
        let values = stream.rand(1000, as: Double.self)
        #expect(values.prefix(10).bits == golden.doubles.bits)
        #expect(golden.doublesAt.map { values[$0.place] }.bits == golden.doublesAt.map(\.value).bits)
    }

    @Test(arguments: RandomGolden.shared.torch)
    func `single uniforms between bounds are PyTorch's`(golden: TorchCase) {
        var stream = TorchStream(seed: golden.seed)
        let values = stream.uniform(-2, 3, count: 5, as: Float.self)
        #expect(values.map(Double.init).bits == golden.floatUniforms.bits)
    }

    @Test(arguments: RandomGolden.shared.torch)
    func `double uniforms between bounds are PyTorch's`(golden: TorchCase) {
        var stream = TorchStream(seed: golden.seed)
        let values = stream.uniform(-0.3, 0.4, count: 5, as: Double.self)
        #expect(values.bits == golden.doubleUniforms.bits)
    }

    @Test(arguments: RandomGolden.shared.torch)
    func `calls of many kinds in one stream are PyTorch's`(golden: TorchCase) {
        var stream = TorchStream(seed: golden.seed)
        let values = golden.mixed.map { stream.perform($0) }
        #expect(values.map(\.bits) == golden.mixed.map(\.values.bits))
    }

    @Test(arguments: [(-1, 0xFFFF_FFFF), (5, 0x1_0000_0005), (.min, 0), (.max, -1)] as [(Int64, Int64)])
    func `seeds with equal low words give one stream`(seed: Int64, other: Int64) {
        var stream = TorchStream(seed: seed)
        var same = TorchStream(seed: other)
        #expect(stream.rand(5, as: Double.self) == same.rand(5, as: Double.self))
    }

    @Test func `no values take no words`() {
        var stream = TorchStream(seed: 0)
        var untouched = stream
        #expect(stream.rand(0, as: Double.self) == [])
        #expect(stream.randn(0, as: Float.self) == [])
        #expect(stream.nextUInt64() == untouched.nextUInt64())
    }

    // PyTorch 2.15, seed 7: torch.empty((), dtype=torch.int64).random_(), three times.
    @Test func `63 bits are PyTorch's`() {
        var stream = TorchStream(seed: 7)
        let values = (0..<3).map { _ in stream.random63() }
        #expect(values == [1_407_639_518_939_636_932, 5_163_590_386_780_219_894, 8_087_222_774_582_268_115])
    }

    @Test func `bounds in the wrong order are refused`() async {
        await #expect(processExitsWith: .failure) {
            var stream = TorchStream(seed: 0)
            _ = stream.uniform(1, 0, count: 1, as: Double.self)
        }
    }

    @Test func `a negative number of values is refused`() async {
        await #expect(processExitsWith: .failure) {
            var stream = TorchStream(seed: 0)
            _ = stream.rand(-1, as: Double.self)
        }
    }
}

extension TorchStream {
    fileprivate mutating func perform(_ call: TorchCase.Call) -> [Double] {
        switch call.op {
        case .floats: rand(call.n, as: Float.self).map(Double.init)
        case .doubles: rand(call.n)
        case .floatNormals: randn(call.n, as: Float.self).map(Double.init)
        case .doubleNormals: randn(call.n)
        case .permutation: randperm(call.n).map(Double.init)
        }
    }
}
