import Autograd
import Testing

/// The snippets of the chapter's section 2.5, in Swift.
struct ChapterTensorTests {
    @Test func `2_5_1 a leaf decides whether operations are recorded`() throws {
        let x = Tensor<Float>([2], shape: [1])
        #expect(!x.requiresGrad)
        #expect(!(x * 3).requiresGrad)

        x.requiresGrad = true
        let y = x * 3
        #expect(y.requiresGrad)
        #expect(y.gradFn?.name == "MulBackward")

        let evaluated = noGrad { x * 3 }
        #expect(!evaluated.requiresGrad)
        #expect(!y.detach().requiresGrad)
    }

    @Test func `2_5_1 gradients accumulate over passes of a retained graph`() throws {
        let w = Tensor<Float>([0.5], shape: [1], requiresGrad: true)
        let z = w * Tensor([2], shape: [1])

        try z.backward(retainGraph: true)
        try z.backward()

        #expect(w.grad?.scalars == [4])
    }

    @Test func `2_5_3 leaves, results and the functions that made them`() throws {
        // Define the input x, initialize the parameters w and b.
        let x = Tensor<Float>([2], shape: [1])
        let w = Tensor<Float>([0.5], shape: [1], requiresGrad: true)
        let b = Tensor<Float>([0.25], shape: [1], requiresGrad: true)
        let y = w * x
        let z = y + b

        #expect([x.requiresGrad, w.requiresGrad, b.requiresGrad] == [false, true, true])
        #expect([y.requiresGrad, z.requiresGrad] == [true, true])
        #expect([x, w, b, y, z].map(\.isLeaf) == [true, true, true, false, false])
        #expect(x.gradFn == nil && w.gradFn == nil && b.gradFn == nil)
        #expect(y.gradFn?.name == "MulBackward")
        #expect(z.gradFn?.name == "AddBackward")

        // Propagate the gradient back from z.
        try z.backward()

        #expect(w.grad?.scalars == [2])
        #expect(b.grad?.scalars == [1])
        #expect(x.grad == nil)
        #expect(y.grad == nil && z.grad == nil)
    }

    @Test func `2_5_4 a result of many elements needs a gradient`() {
        let x = Tensor<Float>.ones(shape: [2], requiresGrad: true)
        let y = x.pow(2) + 3

        let error = #expect(throws: AutogradError.self) { try y.backward() }
        #expect(error?.description == "grad can be implicitly created only for scalar outputs")
    }

    @Test func `2_5_4 the sum of the elements needs none`() throws {
        let x = Tensor<Float>.ones(shape: [2], requiresGrad: true)
        let y = x.pow(2) + 3

        try y.sum().backward()

        #expect(x.grad?.scalars == [2, 2])
    }

    @Test func `2_5_4 the rows of a Jacobian`() throws {
        let x = Tensor<Float>([2, 3], shape: [1, 2], requiresGrad: true)
        let jacobian = Tensor<Float>.zeros(shape: [2, 2])
        let y = Tensor<Float>.zeros(shape: [1, 2])
        // y1 = x1^2 + 3 x2, y2 = x2^2 + 2 x1
        y[0, 0] = x[0, 0].pow(2) + 3 * x[0, 1]
        y[0, 1] = x[0, 1].pow(2) + 2 * x[0, 0]

        // The gradient of y1.
        try y.backward(gradient: Tensor([1, 0], shape: [1, 2]), retainGraph: true)
        jacobian[0] = try #require(x.grad)
        // Gradients accumulate, so the gradient of x is set to zero first.
        x.grad = .zeros(shape: [1, 2])
        // The gradient of y2.
        try y.backward(gradient: Tensor([0, 1], shape: [1, 2]))
        jacobian[1] = try #require(x.grad)

        #expect(jacobian.scalars == [4, 3, 2, 6])

        // The last pass has freed the graph.
        let error = #expect(throws: AutogradError.self) { try y.backward(gradient: Tensor([1, 1], shape: [1, 2])) }
        #expect(error?.description.hasPrefix("Trying to backward through the graph a second time") == true)
    }

    @Test func `2_5_4 the wrong vector gives the sum of the rows`() throws {
        let x = Tensor<Float>([2, 3], shape: [1, 2], requiresGrad: true)
        let y = Tensor<Float>.zeros(shape: [1, 2])
        y[0, 0] = x[0, 0].pow(2) + 3 * x[0, 1]
        y[0, 1] = x[0, 1].pow(2) + 2 * x[0, 0]

        try y.backward(gradient: Tensor([1, 1], shape: [1, 2]))

        #expect(x.grad?.scalars == [6, 9])
    }

    @Test func `2_5_5 a detached branch is a constant`() throws {
        let x = Tensor<Float>.ones(shape: [2], requiresGrad: true)
        let y = x.pow(2) + 3
        // c has the numbers of y and knows nothing of how they were computed.
        let c = y.detach()
        let z = c * x

        try z.sum().backward()

        #expect(x.grad?.scalars == c.scalars)
        #expect(x.grad?.scalars == [4, 4])
        #expect(c.gradFn == nil)
        #expect(!c.requiresGrad)

        // c still has what y was computed to, so the graph of y is whole.
        x.grad?.fill(0)
        try y.sum().backward()

        #expect(x.grad?.scalars == (2 * x).scalars)
    }
}
