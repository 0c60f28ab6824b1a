import Randomness
import TestSupport
import Testing

struct TorchStreamNormalTests {
    private static let sizes = ["1", "5", "15", "16", "17", "100"]

    @Test(arguments: RandomGolden.shared.torch, sizes)
    func `single normals are PyTorch's and so is what follows`(golden: TorchCase, size: String) throws {
        let expected = try #require(golden.floatNormals[size])
        var stream = TorchStream(seed: golden.seed)
        let values = stream.randn(expected.values.count, as: Float.self)
        #expect(values.map(Double.init).bits == expected.values.bits)
        #expect(stream.rand(1, as: Float.self) == [Float(expected.thenFloat)])
        #expect(stream.randn(1, as: Float.self) == [Float(expected.thenFloatNormal)])
    }

    @Test(arguments: RandomGolden.shared.torch, sizes)
    func `double normals are PyTorch's and so is what follows`(golden: TorchCase, size: String) throws {
        let expected = try #require(golden.doubleNormals[size])
        var stream = TorchStream(seed: golden.seed)
        let values = stream.randn(expected.values.count, as: Double.self)
        #expect(values.bits == expected.values.bits)
        #expect(stream.rand(1, as: Float.self) == [Float(expected.thenFloat)])
        #expect(stream.randn(1, as: Float.self) == [Float(expected.thenFloatNormal)])
    }

    // PyTorch 2.15, seed 100: the values at 0, n - 17, n - 16 and n - 1 of randn(n), then rand(1) as Float.
    @Test(
        arguments: [
            (
                31, [0.12684927880764008, 0.38336923718452454, 0.5812327265739441, 0.16513362526893616],
                0.5123479962348938
            ),
            (
                32, [0.12684927880764008, -0.17180205881595612, -3.189648389816284, 2.7466750144958496],
                0.7908861637115479
            ),
            (
                33, [0.12684927880764008, -3.189648389816284, 1.0229657888412476, -0.6769366264343262],
                0.5988573431968689
            ),
        ] as [(Int, [Double], Float)])
    func `the last block of single normals is PyTorch's`(count: Int, expected: [Double], then: Float) {
        var stream = TorchStream(seed: 100)
        let values = stream.randn(count, as: Float.self).map(Double.init)
        #expect([0, count - 17, count - 16, count - 1].map { values[$0] } == expected)
        #expect(stream.rand(1) == [then])
    }

    @Test(
        arguments: [
            (31, [2.089737524973497, -0.5623822648311994, -1.337607625674961, 1.528646169567994], 0.17797929048538208),
            (
                32, [2.089737524973497, 0.9075687304694309, 0.05249866870405991, -0.5122676971384986],
                0.9178076386451721
            ),
            (
                33, [2.089737524973497, 0.05249866870405991, -0.5239630349586242, -0.12187471169292614],
                0.21314257383346558
            ),
        ] as [(Int, [Double], Float)])
    func `the last block of double normals is PyTorch's`(count: Int, expected: [Double], then: Float) {
        var stream = TorchStream(seed: 100)
        let values = stream.randn(count, as: Double.self)
        #expect([0, count - 17, count - 16, count - 1].map { values[$0] } == expected)
        #expect(stream.rand(1) == [then])
    }

    @Test(arguments: RandomGolden.shared.torch)
    func `a single normal after 100 uniforms is PyTorch's`(golden: TorchCase) {
        var stream = TorchStream(seed: golden.seed)
        _ = stream.rand(100, as: Float.self)
        #expect(stream.randn(1, as: Float.self) == [Float(golden.normalAfter100Floats)])
    }

    @Test(arguments: RandomGolden.shared.torch)
    func `double normals with a mean and a deviation are PyTorch's`(golden: TorchCase) {
        var stream = TorchStream(seed: golden.seed)
        let values = stream.normal(mean: 1.5, standardDeviation: 0.3, count: 5, as: Double.self)
        #expect(values.bits == golden.doubleShiftedNormals.bits)
    }

    // PyTorch 2.15, seed 7: torch.empty(3).normal_(1.5, 0.3).
    @Test func `single normals with a mean and a deviation are rounded at the end`() {
        var stream = TorchStream(seed: 7)
        let values = stream.normal(mean: 1.5, standardDeviation: 0.3, count: 3, as: Float.self)
        #expect(values == [1.4559615, 1.7358423, 1.7840465])
    }

    // PyTorch 2.15: torch.empty(16).normal_(1.5, 0.3). Without fused operations seed 9 differs in both halves, in both
    // types.
    @Test func `a block of single normals with a mean and a deviation is PyTorch's`() {
        var stream = TorchStream(seed: 9)
        let values = stream.normal(mean: 1.5, standardDeviation: 0.3, count: 16, as: Float.self)
        #expect(
            values == [
                1.1797816, 1.2848264, 1.8269159, 1.0275949, 1.9338033, 1.6857377, 1.2678932, 0.7603303,
                1.799045, 1.6357301, 1.3960916, 1.2826517, 2.011784, 2.1684654, 1.4796764, 1.5699205,
            ])
    }

    @Test func `a block of double normals with a mean and a deviation is PyTorch's`() {
        var stream = TorchStream(seed: 9)
        let values = stream.normal(mean: 1.5, standardDeviation: 0.3, count: 16, as: Double.self)
        #expect(
            values == [
                1.627770807526037, 0.9995463627095289, 1.242727157102445, 1.4697236293067155,
                1.4200937577975803, 1.2449086976182895, 1.5193937580709969, 1.6452477150604636,
                1.6859189700543877, 1.2198548091184331, 1.4019213028434723, 1.621066435141312,
                1.4597069169437316, 1.8218277834501992, 1.3601993861787758, 1.5110773984605907,
            ])
    }

    @Test func `the kept normal is shared by both types and outlives other calls`() {
        var stream = TorchStream(seed: 0)
        var plain = stream
        let pair = plain.randn(2, as: Double.self)
        let first = stream.randn(1, as: Double.self)
        _ = stream.rand(3, as: Float.self)
        _ = stream.randperm(5)
        _ = stream.randn(16, as: Double.self)
        _ = stream.randn(17, as: Float.self)
        #expect(first == [pair[0]])
        #expect(stream.randn(1, as: Float.self) == [Float(pair[1])])
    }

    @Test func `a negative deviation is refused`() async {
        await #expect(processExitsWith: .failure) {
            var stream = TorchStream(seed: 0)
            _ = stream.normal(mean: 0, standardDeviation: -1, count: 1, as: Double.self)
        }
    }
}
