import Autograd
import TestSupport
import Testing

/// The orders of summation, bit for bit against PyTorch's and NumPy's own sums.
struct SummationTests {
    struct Reductions: Decodable {
        struct Case: Decodable, Sendable, CustomTestStringConvertible {
            var n: Int
            var a: [Double]
            var b: [Double]
            var torchSum32: Double
            var torchMean32: Double
            var torchProduct32: Double
            var torchSum64: Double
            var torchProduct64: Double
            var numPySum64: Double

            enum CodingKeys: String, CodingKey {
                case n, a, b
                case torchSum32 = "torch_sum_f32"
                case torchMean32 = "torch_mean_f32"
                case torchProduct32 = "torch_mm_f32"
                case torchSum64 = "torch_sum_f64"
                case torchProduct64 = "torch_mm_f64"
                case numPySum64 = "numpy_sum_f64"
            }

            var testDescription: String { "\(n) terms" }
            var narrowA: [Float] { a.map { Float($0) } }
            var narrowB: [Float] { b.map { Float($0) } }
            var wideA: [Double] { a.map { $0 / 3 } }
            var wideB: [Double] { b.map { $0 / 7 } }
        }

        var reductions: [Case]

        static let shared: Reductions = try! Golden.load("rng.json")
    }

    @Test(arguments: Reductions.shared.reductions)
    func `PyTorch's sum and mean come out bit for bit`(golden: Reductions.Case) throws {
        let narrow = Tensor(golden.narrowA, shape: [golden.n, 1])
        let wide = Tensor(golden.wideA, shape: [golden.n, 1])
        #expect(try narrow.sum().item() == Float(golden.torchSum32))
        #expect(try narrow.mean().item() == Float(golden.torchMean32))
        #expect(try narrow.sum(over: [0]).item() == Float(golden.torchSum32))
        #expect(try wide.sum().item() == golden.torchSum64)
        #expect(SummationOrder.torch.sum(golden.wideA) == golden.torchSum64)
    }

    @Test(arguments: Reductions.shared.reductions)
    func `the gradient of a broadcast number is the same sum`(golden: Reductions.Case) throws {
        let number = Tensor<Float>([0], shape: [1, 1], requiresGrad: true)
        let column = Tensor<Float>.zeros(shape: [golden.n, 1])
        try (column + number).backward(gradient: Tensor(golden.narrowA, shape: [golden.n, 1]))
        #expect(number.grad?.scalars == [Float(golden.torchSum32)])
    }

    @Test(arguments: Reductions.shared.reductions)
    func `a row times a column comes out bit for bit`(golden: Reductions.Case) throws {
        let narrow = Tensor(golden.narrowA, shape: [1, golden.n]).mm(Tensor(golden.narrowB, shape: [golden.n, 1]))
        let wide = Tensor(golden.wideA, shape: [1, golden.n]).mm(Tensor(golden.wideB, shape: [golden.n, 1]))
        #expect(try narrow.item() == Float(golden.torchProduct32))
        #expect(try wide.item() == golden.torchProduct64)
    }

    @Test(arguments: Reductions.shared.reductions)
    func `NumPy's sum comes out bit for bit`(golden: Reductions.Case) throws {
        #expect(SummationOrder.numPy.sum(golden.wideA) == golden.numPySum64)
        #expect(
            try SummationOrder.numPy.use { try Tensor(golden.wideA, shape: [golden.n]).sum().item() }
                == golden.numPySum64)
    }

    @Test(arguments: [SummationOrder.torch, .numPy, .tensorFlow], [0, 1, 7, 8, 31, 32, 33, 100, 1000, 5000])
    func `every order adds every term once`(order: SummationOrder, count: Int) {
        let terms = (0..<count).map { Double($0 + 1) }
        #expect(order.sum(terms) == Double(count * (count + 1) / 2))
        #expect(
            order.sum(terms.map { Float($0) }.prefix(1000).map { $0 })
                == terms.prefix(1000).map { Float($0) }.reduce(0, +))
    }

    @Test func `an order holds for its scope only`() throws {
        let terms = Reductions.shared.reductions[3].wideA
        let tensor = Tensor(terms, shape: [terms.count])
        let outside = try tensor.sum().item()
        let inside = try SummationOrder.tensorFlow.use { try tensor.sum().item() }
        #expect(inside == SummationOrder.tensorFlow.sum(terms))
        #expect(try tensor.sum().item() == outside)
    }
}
