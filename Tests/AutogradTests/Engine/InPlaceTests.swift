import Autograd
import Testing

/// Views and changes in place, as PyTorch 2.15 answers the same programs.
struct InPlaceTests {
    private typealias T = Tensor<Double>

    @Test func `an expansion to the same shape is another tensor`() throws {
        let x = T([1, 2], shape: [2], requiresGrad: true)
        let y = x.expand(to: [2])
        try (y * 3).sum().backward()
        #expect(x.isLeaf && !y.isLeaf)
        #expect(y.gradFn?.name == "ExpandBackward")
        #expect(x.grad?.scalars == [3, 3])
    }

    @Test(arguments: [[], [2]])
    func `transposing less than a matrix is recorded, too`(shape: [Int]) throws {
        let x = T.ones(shape: shape, requiresGrad: true)
        let y = x.t()
        #expect(y.gradFn?.name == "TBackward")
        #expect(y.shape == shape)
    }

    @Test func `what a constant was copied over has no part in the gradient`() throws {
        let x = T([2], shape: [1], requiresGrad: true)
        let y = x * 3
        y.copy(from: T([7], shape: [1]))
        try y.backward()
        #expect(y.scalars == [7])
        #expect(y.gradFn?.name == "CopyBackwards")
        #expect(x.grad?.scalars == [0])
    }

    @Test func `a copy is broadcast and sums its gradient`() throws {
        let x = T([2], shape: [1], requiresGrad: true)
        let y = T.zeros(shape: [2, 3])
        y.copy(from: x)
        try y.sum().backward()
        #expect(y.scalars == [2, 2, 2, 2, 2, 2])
        #expect(x.grad?.scalars == [6])
    }

    @Test func `an assigned part drops leading dimensions of size 1`() throws {
        let x = T([1, 2], shape: [1, 1, 2], requiresGrad: true)
        let y = T.zeros(shape: [2, 2])
        y[1] = x
        try y.sum().backward()
        #expect(y.scalars == [0, 0, 1, 2])
        #expect(x.grad?.shape == [1, 1, 2])
    }

    @Test func `a change of the logarithm of a sum is no change of a view`() throws {
        let x = T([1, 2], shape: [1, 2], requiresGrad: true)
        let y = x.logSumExp(along: 1)
        y += 1
        #expect(y.gradFn?.name == "AddBackward")
    }

    @Test func `a change through a view of a view reaches the graph of the base`() throws {
        let x = T([1, 2, 3, 4], shape: [2, 2], requiresGrad: true)
        let y = x * 1
        y.t()[0] *= x[1]
        try y.sum().backward()
        #expect(y.scalars == [3, 2, 12, 4])
        #expect(x.grad?.scalars == [3, 1, 5, 4])
    }

    @Test func `a retained gradient is that of the last value`() throws {
        let x = T([1], shape: [1], requiresGrad: true)
        let y = x * 2
        y.retainGrad()
        y *= 5
        try (y * 3).sum().backward()
        #expect(y.grad?.scalars == [3])
        #expect(x.grad?.scalars == [30])
    }

    @Test func `a retained gradient is that of the last value, also if a view was changed`() throws {
        let x = T([1, 2], shape: [2], requiresGrad: true)
        let y = x * 2
        y.retainGrad()
        y[0] = T(7)
        try (y * 3).sum().backward()
        #expect(y.grad?.scalars == [3, 3])
        #expect(x.grad?.scalars == [0, 6])
    }

    @Test func `a view continues to retain its gradient when its base was changed`() throws {
        let x = T([1, 2], shape: [2], requiresGrad: true)
        let y = x * 2
        let view = y[1]
        view.retainGrad()
        y += 1
        try (view * 3).backward()
        #expect(view.grad?.scalars == [3])
        #expect(x.grad?.scalars == [0, 6])
    }

    @Test(arguments: [[3], [2, 2], [1, 2]])
    func `a copy must fit`(shape: [Int]) async {
        await #expect(processExitsWith: .failure) { [shape] in
            T.zeros(shape: [2]).copy(from: .ones(shape: shape))
        }
    }

    @Test func `an expanded tensor cannot be changed, unless it is empty`() async {
        T.zeros(shape: [1, 0]).expand(to: [2, 0]).copy(from: .ones(shape: []))
        await #expect(processExitsWith: .failure) {
            let view = T.zeros(shape: [1]).expand(to: [2])
            view += 1
        }
    }

    @Test func `a view made without recording can be changed without recording`() {
        let x = T([1, 2], shape: [2], requiresGrad: true)
        noGrad { x[0] *= 5 }
        #expect(x.scalars == [5, 2])
    }

    @Test func `an unrecorded view of a constant can be multiplied by a constant`() {
        let x = T([1, 2], shape: [2])
        let view = noGrad { x[0] }
        view *= 5
        #expect(x.scalars == [5, 2])
    }

    @Test func `a recorded change of an unrecorded view of a variable is refused`() async {
        await #expect(processExitsWith: .failure) {
            let x = T([1, 2], shape: [2], requiresGrad: true) * 1
            let view = noGrad { x[0] }
            view *= 5
        }
    }

    @Test func `a recorded change of a view of an unrecorded view is refused`() async {
        await #expect(processExitsWith: .failure) {
            let x = T([1, 2], shape: [2], requiresGrad: true) * 1
            let view = noGrad { x.t() }
            view[0] *= 5
        }
    }

    @Test func `an unrecorded view of a constant cannot become a variable`() async {
        await #expect(processExitsWith: .failure) {
            let view = noGrad { T([1, 2], shape: [2])[0] }
            view *= T(5, requiresGrad: true)
        }
    }

    @Test func `detaching in place makes a leaf, and what was computed before keeps its graph`() throws {
        let x = T([1, 2], shape: [2], requiresGrad: true)
        let y = x * 3
        let z = y * y
        y.detachInPlace()
        #expect(y.isLeaf && !y.requiresGrad && y.gradFn == nil)
        try z.sum().backward()
        #expect(x.grad?.scalars == [18, 36])
    }

    @Test func `a leaf that is detached in place requires no gradient`() {
        let x = T(1, requiresGrad: true)
        x.detachInPlace()
        #expect(!x.requiresGrad && x.isLeaf)
    }

    @Test func `a view cannot be detached in place`() async {
        await #expect(processExitsWith: .failure) {
            T([1, 2], shape: [2], requiresGrad: true)[0].detachInPlace()
        }
    }

    @Test func `a reshaped copy is no view`() throws {
        let x = T([1, 2, 3, 4], shape: [2, 2], requiresGrad: true)
        let y = x.t().reshape([4])
        y += 1
        #expect(y.gradFn?.name == "AddBackward")
        try y.sum().backward()
        #expect(x.grad?.scalars == [1, 1, 1, 1])
    }
}
