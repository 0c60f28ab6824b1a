import Autograd
import Foundation
import Testing

/// Where operations are recorded and where not.
struct RecordingTests {
    @Test func `recording continues after an error inside of noGrad`() {
        struct Failure: Error {}
        #expect(throws: Failure.self) { try noGrad { throw Failure() } }
        let x = Tensor<Double>([1], shape: [1], requiresGrad: true)
        #expect((x * 2).requiresGrad)
    }

    @Test func `noGrad nests`() {
        let x = Tensor<Double>([1], shape: [1], requiresGrad: true)
        noGrad {
            noGrad {}
            #expect(!(x * 2).requiresGrad)
        }
    }

    @Test func `noGrad holds for its own thread only`() async {
        let recorded = await withCheckedContinuation { continuation in
            noGrad {
                let thread = Thread {
                    let x = Tensor<Double>([1], shape: [1], requiresGrad: true)
                    continuation.resume(returning: (x * 2).requiresGrad)
                }
                thread.start()
            }
        }
        #expect(recorded)
    }

    @Test func `two threads train at once and agree`() async {
        func train() throws -> [Double] {
            let x = Tensor<Double>((0..<50).map { Double($0) / 50 }, shape: [50, 1])
            let w = Tensor<Double>([0.5], shape: [1, 1], requiresGrad: true)
            for _ in 0..<200 {
                try x.matmul(w).meanSquaredError(to: x * 3).backward()
                try noGrad { w.assign([try w.item() - 0.1 * (w.grad?.item() ?? .nan)]) }
                w.zeroGrad()
            }
            return w.scalars
        }
        let results = await withTaskGroup(of: [Double]?.self) { group in
            for _ in 0..<4 { group.addTask { try? train() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count == 4)
        #expect(results.allSatisfy { $0 != nil && $0 == results[0] })
    }

    @Test func `hooks run in order on the whole gradient of a leaf`() throws {
        let x = Tensor<Double>([2], shape: [1], requiresGrad: true)
        x.registerHook { $0 + 1 }
        x.registerHook { $0 * 10 }
        try (x * x + x).backward()
        #expect(x.grad?.scalars == [60])
    }

    @Test func `a hook that returns nothing changes nothing`() throws {
        let x = Tensor<Double>([2], shape: [1], requiresGrad: true)
        var seen: [Double] = []
        x.registerHook { gradient in
            seen = gradient.scalars
            return nil
        }
        try (x * 3).backward()
        #expect(seen == [3])
        #expect(x.grad?.scalars == [3])
    }

    @Test func `the gradient of a leaf does not share numbers with the user's`() throws {
        let x = Tensor<Double>([1, 2], shape: [2], requiresGrad: true)
        let upstream = Tensor<Double>([3, 4], shape: [2])
        try (x + 0).backward(gradient: upstream)
        try (x + 0).backward(gradient: upstream)
        #expect(upstream.scalars == [3, 4])
        #expect(x.grad?.scalars == [6, 8])
    }

    @Test func `two leaves never share one gradient`() throws {
        let x = Tensor<Double>([1, 2], shape: [2], requiresGrad: true)
        let y = Tensor<Double>([3, 4], shape: [2], requiresGrad: true)
        try (x + y).sum().backward()
        noGrad { x.grad? *= 5 }
        #expect(x.grad?.scalars == [5, 5])
        #expect(y.grad?.scalars == [1, 1])
    }

    @Test func `a gradient that is a transposed view accumulates in its own places`() throws {
        let x = Tensor<Double>.ones(shape: [2, 3], requiresGrad: true)
        x.grad = Tensor([0, 1, 2, 3, 4, 5], shape: [3, 2]).t()
        try (x * Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])).sum().backward()
        #expect(x.grad?.scalars == [1, 4, 7, 5, 8, 11])
    }

    @Test func `the first gradient of a pass is not the leaf that a hook made of an earlier one`() throws {
        let x = Tensor<Double>(3, requiresGrad: true)
        let y = x * 1
        y.registerHook { gradient in
            gradient.requiresGrad = true
            return nil
        }
        try y.backward()
        x.zeroGrad()
        try (x * 1).backward(createGraph: true)
        #expect(x.grad?.requiresGrad == false)
    }
}
