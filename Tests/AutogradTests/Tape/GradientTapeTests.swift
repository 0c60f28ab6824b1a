import Autograd
import Testing

struct GradientTapeTests {
    private typealias T = Tensor<Double>

    @Test func `variables are watched by themselves`() throws {
        let w = T([3], shape: [1], requiresGrad: true)
        let tape = GradientTape<Double>()
        let y = tape.record { w * w }
        #expect(try tape.gradient(of: y, withRespectTo: [w]).first??.scalars == [6])
        #expect(w.grad == nil)
    }

    @Test func `a constant has a gradient once it is watched`() throws {
        let x = T([3], shape: [1])
        let unwatched = GradientTape<Double>()
        let z = unwatched.record { x * x }
        #expect(try unwatched.gradient(of: z, withRespectTo: [x])[0] == nil)

        let tape = GradientTape<Double>()
        tape.watch(x)
        let y = tape.record { x * x }
        #expect(try tape.gradient(of: y, withRespectTo: [x]).first??.scalars == [6])
        #expect(!x.requiresGrad)
    }

    @Test func `what was computed before the tape is constant to it`() throws {
        let w = T([3], shape: [1], requiresGrad: true)
        let before = w * w
        let tape = GradientTape<Double>()
        let y = tape.record { before * w }
        #expect(try tape.gradient(of: y, withRespectTo: [w]).first??.scalars == [9])
    }

    @Test func `a tape gives one set of gradients`() throws {
        let w = T([3], shape: [1], requiresGrad: true)
        let tape = GradientTape<Double>()
        let y = tape.record { w * w }
        _ = try tape.gradient(of: y, withRespectTo: [w])
        let error = #expect(throws: AutogradError.self) { try tape.gradient(of: y, withRespectTo: [w]) }
        #expect(error?.code == .tapeUsedTwice)
    }

    @Test func `a persistent tape gives any number`() throws {
        let w = T([3], shape: [1], requiresGrad: true)
        let tape = GradientTape<Double>(persistent: true)
        let (y, z) = tape.record { (w * w, w * w * w) }
        #expect(try tape.gradient(of: y, withRespectTo: [w]).first??.scalars == [6])
        #expect(try tape.gradient(of: z, withRespectTo: [w]).first??.scalars == [27])
        #expect(try tape.gradient(of: y, withRespectTo: [w]).first??.scalars == [6])
    }

    @Test func `a tape inside of a tape gives the second derivative`() throws {
        let w = T([3], shape: [1], requiresGrad: true)
        let outer = GradientTape<Double>()
        let slope = try outer.record {
            let inner = GradientTape<Double>()
            let y = inner.record { w.pow(3) }
            return try #require(try inner.gradient(of: y, withRespectTo: [w]).first ?? nil)
        }
        #expect(slope.scalars == [27])
        #expect(try outer.gradient(of: slope, withRespectTo: [w]).first??.scalars == [18])
    }

    @Test func `a target of many elements is summed`() throws {
        let w = T([3], shape: [1], requiresGrad: true)
        let tape = GradientTape<Double>()
        let y = tape.record { w * T([1, 2, 3], shape: [3]) }
        #expect(try tape.gradient(of: y, withRespectTo: [w]).first??.scalars == [6])
    }

    @Test func `an unconnected source has no gradient`() throws {
        let w = T([3], shape: [1], requiresGrad: true)
        let v = T([3], shape: [1], requiresGrad: true)
        let tape = GradientTape<Double>()
        let y = tape.record { w * w }
        let slopes = try tape.gradient(of: y, withRespectTo: [v, w])
        #expect(slopes[0] == nil)
        #expect(slopes[1]?.scalars == [6])
    }
}
