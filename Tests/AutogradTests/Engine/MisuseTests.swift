import Autograd
import Testing

/// Misuse that stops the program, with PyTorch's text.
struct MisuseTests {
    private typealias T = Tensor<Float>

    /// Optimized builds stop without a text.
    private func expectText(_ name: String, _ result: ExitTest.Result?) throws {
        #if DEBUG
            let golden = try AutogradGolden.semantics(name)
            let output = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
            #expect(output.contains(try #require(golden.error).message))
        #endif
    }

    @Test func `inplace_on_leaf`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            Tensor<Float>.ones(shape: [2], requiresGrad: true) += 1
        }
        try expectText("inplace_on_leaf", result)
    }

    @Test func `inplace_on_leaf_view`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Tensor<Float>.ones(shape: [2], requiresGrad: true)
            x[0] = Tensor(5)
        }
        try expectText("inplace_on_leaf_view", result)
    }

    @Test func `requires_grad_on_nonleaf`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let y = Tensor<Float>.ones(shape: [2], requiresGrad: true) * 2
            y.requiresGrad = false
        }
        try expectText("requires_grad_on_nonleaf", result)
    }

    @Test func `broadcast_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones(shape: [2, 3]) + .ones(shape: [4])
        }
        try expectText("broadcast_error", result)
    }

    @Test func `mm_shape_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones(shape: [2, 3]).mm(.ones(shape: [2, 3]))
        }
        try expectText("mm_shape_error", result)
    }

    @Test func `mm_dim_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones(shape: [3]).mm(.ones(shape: [3, 1]))
        }
        try expectText("mm_dim_error", result)
    }

    @Test func `matmul_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones(shape: [2, 3]).matmul(.ones(shape: [2]))
        }
        try expectText("matmul_error", result)
    }

    @Test func `view_size_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones(shape: [6]).view([4, 2])
        }
        try expectText("view_size_error", result)
    }

    @Test func `view_stride_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones(shape: [2, 3]).t().view([-1])
        }
        try expectText("view_stride_error", result)
    }

    @Test func `reshape_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones(shape: [6]).reshape([5, -1])
        }
        try expectText("reshape_error", result)
    }

    @Test func `index_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones(shape: [2, 3])[2]
        }
        try expectText("index_error", result)
    }

    @Test func `dim_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones(shape: [2, 3]).sum(over: [2])
        }
        try expectText("dim_error", result)
    }

    @Test func `cat_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.cat([.ones(shape: [2, 3]), .ones(shape: [2, 2])], along: 0)
        }
        try expectText("cat_error", result)
    }

    @Test func `squeeze_expand_error`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones(shape: [2, 3]).expand(to: [2, 4])
        }
        try expectText("squeeze_expand_error", result)
    }

    @Test func `values that do not fill the shape`() async {
        await #expect(processExitsWith: .failure) { _ = Tensor<Float>([1, 2, 3], shape: [2]) }
    }

    @Test func `a gradient of another shape is not assigned`() async {
        await #expect(processExitsWith: .failure) {
            Tensor<Float>.ones(shape: [2], requiresGrad: true).grad = .ones(shape: [3])
        }
    }

    @Test func `a number repeated by a view is not changed in place`() async {
        await #expect(processExitsWith: .failure) {
            let x = Tensor<Float>([1], shape: [1]).expand(to: [3])
            x += 1
        }
    }

    @Test func `a gradient repeated by a view is not added to`() async {
        await #expect(processExitsWith: .failure) {
            let x = Tensor<Float>.ones(shape: [3], requiresGrad: true)
            x.grad = Tensor<Float>([1], shape: [1]).expand(to: [3])
            try x.sum().backward()
        }
    }

    @Test func `a hook does not change the shape of a gradient`() async {
        await #expect(processExitsWith: .failure) {
            let x = Tensor<Float>.ones(shape: [3], requiresGrad: true)
            x.registerHook { $0.sum() }
            try x.sum().backward()
        }
    }

    @Test func `a tensor without a gradient has no hooks`() async {
        await #expect(processExitsWith: .failure) { Tensor<Float>.ones(shape: [3]).registerHook { $0 } }
    }

    @Test func `a tensor without a gradient keeps none`() async {
        await #expect(processExitsWith: .failure) { Tensor<Float>.ones(shape: [3]).retainGrad() }
    }

    @Test func `gather does not reach beyond the other dimensions`() async {
        await #expect(processExitsWith: .failure) {
            _ = Tensor<Float>.ones(shape: [2, 3]).gather(0, [0, 0, 0, 0], shape: [1, 4])
        }
    }

    @Test func `more than eight dimensions`() async {
        await #expect(processExitsWith: .failure) {
            _ = Tensor<Float>.ones(shape: Array(repeating: 1, count: 9))
        }
    }
}
