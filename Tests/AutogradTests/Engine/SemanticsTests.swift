import Testing

@testable import Autograd

/// The snippets of `autograd.json` about leaves, graphs and refusals, with PyTorch's text where it refuses.
struct SemanticsTests {
    private typealias T = Tensor<Float>

    private func expectRefusal(_ name: String, _ error: AutogradError?) throws {
        let golden = try AutogradGolden.semantics(name)
        #expect(error?.description == golden.error?.message)
        #expect(error != nil)
    }

    // MARK: - Leaves and graphs

    @Test func `leaf_attributes`() throws {
        let x = T([2], shape: [1])
        let w = T([0.5], shape: [1], requiresGrad: true)
        let b = T([0.25], shape: [1], requiresGrad: true)
        let y = w * x
        let z = y + b

        #expect([x, w, b, y, z].map(\.requiresGrad) == [false, true, true, true, true])
        #expect([x, w, b, y, z].map(\.isLeaf) == [true, true, true, false, false])
        #expect([x, w, b].allSatisfy { $0.gradFn == nil })
        #expect([y, z].map { $0.gradFn?.name } == ["MulBackward", "AddBackward"])
        try z.backward()
        #expect([w, b].map { $0.grad?.scalars } == [[2], [1]])
        #expect(x.grad == nil)
    }

    @Test func `nonleaf_grad_warns: the gradient of a result stays nil`() throws {
        let w = T([0.5], shape: [1], requiresGrad: true)
        let y = w * 2
        try y.backward()
        #expect(y.grad == nil)
    }

    @Test func `nonscalar_backward`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let y = x.pow(2) + 3
        try expectRefusal("nonscalar_backward", #expect(throws: AutogradError.self) { try y.backward() })
        #expect(x.grad == nil)
    }

    @Test func `sum_backward`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let y = x.pow(2) + 3
        try y.sum().backward()
        #expect(x.grad?.scalars == [2, 2])
    }

    @Test func `backward_twice`() throws {
        let x = T([2, 3], shape: [1, 2], requiresGrad: true)
        let y = T.zeros(shape: [1, 2])
        y[0, 0] = x[0, 0].pow(2) + 3 * x[0, 1]
        y[0, 1] = x[0, 1].pow(2) + 2 * x[0, 0]
        try y.backward(gradient: T([0, 1], shape: [1, 2]))
        let before = x.grad?.scalars

        let error = #expect(throws: AutogradError.self) { try y.backward(gradient: T([1, 1], shape: [1, 2])) }

        try expectRefusal("backward_twice", error)
        #expect(x.grad?.scalars == before)
    }

    @Test func `backward_twice_without_saved_values_is_allowed`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let y = (x + 1).sum()
        try y.backward()
        try y.backward()
        #expect(x.grad?.scalars == [2, 2])
    }

    @Test(arguments: [3, 0.5])
    func `a saved number is freed like a saved tensor`(number: Float) throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let y = (x * number).sum()
        try y.backward()
        #expect(throws: AutogradError.self) { try y.backward() }
    }

    @Test func `jacobian_rows and backward_ones_vector`() throws {
        func row(_ vector: [Float]) throws -> [Float]? {
            let x = T([2, 3], shape: [1, 2], requiresGrad: true)
            let y = T.zeros(shape: [1, 2])
            y[0, 0] = x[0, 0].pow(2) + 3 * x[0, 1]
            y[0, 1] = x[0, 1].pow(2) + 2 * x[0, 0]
            try y.backward(gradient: T(vector, shape: [1, 2]))
            return x.grad?.scalars
        }

        #expect(try row([1, 0]) == [4, 3])
        #expect(try row([0, 1]) == [2, 6])
        #expect(try row([1, 1]) == [6, 9])
    }

    @Test func `retain_graph_accumulates`() throws {
        let x = T([1, 2], shape: [2], requiresGrad: true)
        let y = (x * x).sum()
        try y.backward(retainGraph: true)
        #expect(x.grad?.scalars == [2, 4])
        try y.backward()
        #expect(x.grad?.scalars == [4, 8])
    }

    @Test func `detach`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let y = x.pow(2) + 3
        let c = y.detach()
        try (c * x).sum().backward()
        #expect(x.grad?.scalars == c.scalars)
        #expect(c.gradFn == nil && !c.requiresGrad)
        x.grad = .zeros(shape: [2])
        try y.sum().backward()
        #expect(x.grad?.scalars == [2, 2])
    }

    @Test func `no_grad`() {
        let x = T.ones(shape: [2], requiresGrad: true)
        let y = noGrad { x * 2 }
        #expect(!y.requiresGrad && y.gradFn == nil && y.isLeaf)
    }

    @Test func `create_graph_cycle_warning: the accumulated gradient is a recorded copy`() throws {
        let golden = try AutogradGolden.semantics("create_graph_cycle_warning")
        let x = T.ones(shape: [2], requiresGrad: true)
        try x.pow(2).sum().backward(createGraph: true)
        #expect("\(try #require(x.grad))\n" == golden.stdout)
        x.zeroGrad()
    }

    // MARK: - Changes in place

    @Test func `inplace_on_leaf_in_no_grad_ok`() {
        let x = T.ones(shape: [2], requiresGrad: true)
        noGrad { x -= 0.5 }
        #expect(x.scalars == [0.5, 0.5])
        #expect(x.isLeaf && x.requiresGrad)
    }

    @Test func `version_counter`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let y = x * 2
        let z = y * y
        y += 1
        try expectRefusal("version_counter", #expect(throws: AutogradError.self) { try z.sum().backward() })
    }

    @Test func `version_counter_leaf`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let w = T([3, 4], shape: [2])
        let z = (x * w).sum()
        w *= 2
        try expectRefusal("version_counter_leaf", #expect(throws: AutogradError.self) { try z.backward() })
    }

    @Test func `version_counter_exp`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let y = x.exp()
        y += 1
        try expectRefusal("version_counter_exp", #expect(throws: AutogradError.self) { try y.sum().backward() })
    }

    @Test func `inplace_without_saved_ok`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let y = x * 2
        let z = y + 1
        y += 1
        try z.sum().backward()
        #expect(x.grad?.scalars == [2, 2])
    }

    @Test func `versions`() throws {
        let x = T.ones(shape: [2])
        var versions = [x.version]
        x += 1
        x[0] = T(3)
        versions.append(x.version)
        x.detach() *= 2
        versions.append(x.version)
        let printed = versions.map { "\($0)\n" }.joined()
        #expect(printed == (try AutogradGolden.semantics("versions").stdout))
    }

    @Test func `a change through a detached alias is noticed`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let y = x.pow(2).sum()
        noGrad { x.detach() *= 2 }
        #expect(throws: AutogradError.self) { try y.backward() }
    }

    // MARK: - Refusals

    @Test(arguments: [("gradient_shape_mismatch", 3), ("gradient_shape_mismatch_broadcastable", 1)])
    func `a gradient of another shape is refused`(name: String, count: Int) throws {
        let y = T.ones(shape: [2], requiresGrad: true) * 2
        let error = #expect(throws: AutogradError.self) { try y.backward(gradient: .ones(shape: [count])) }
        try expectRefusal(name, error)
    }

    @Test func `no_requires_grad`() throws {
        let y = (T.ones(shape: [2]) * 2).sum()
        try expectRefusal("no_requires_grad", #expect(throws: AutogradError.self) { try y.backward() })
    }

    @Test func `item_of_many`() throws {
        let error = #expect(throws: AutogradError.self) { try T.ones(shape: [2]).item() }
        try expectRefusal("item_of_many", error)
    }

    @Test func `grad_unused`() throws {
        let x = T.ones(shape: [2], requiresGrad: true)
        let z = T.ones(shape: [2], requiresGrad: true)
        let error = #expect(throws: AutogradError.self) { try gradient(of: (x * 2).sum(), withRespectTo: z) }
        try expectRefusal("grad_unused", error)
    }

    @Test func `grad_no_requires`() throws {
        let x = T.ones(shape: [2])
        let y = T.ones(shape: [2], requiresGrad: true)
        let error = #expect(throws: AutogradError.self) { try gradient(of: (y * 2).sum(), withRespectTo: x) }
        try expectRefusal("grad_no_requires", error)
    }

    @Test func `a zeroed gradient is none`() throws {
        let w = T.ones(shape: [1], requiresGrad: true)
        try (w * 2).sum().backward()
        w.zeroGrad()
        #expect(w.grad == nil)
    }

    @Test func `mse_broadcast_warning: a target of another shape is broadcast`() throws {
        let loss = T.ones(shape: [3, 1]).meanSquaredError(to: .zeros(shape: [3]))
        #expect(try loss.item() == 1)
    }

    @Test func `printing`() throws {
        let golden = try AutogradGolden.semantics("printing")
        // Without the two lines that print whole numbers and truth values, which are no tensors here, and without
        // the trailing number of the operation's name.
        let expected = golden.stdout.split(separator: "\n")
            .filter { $0 != "tensor([1, 2])" && $0 != "tensor([ True, False])" }
            .map { $0.replacing("MulBackward0", with: "MulBackward") }
        let printed =
            [
                T([2.9645145], shape: [1, 1], requiresGrad: true),
                T([-1, -0.5, 0, 0.5, 1], shape: [5]),
                T([1, 2.5, 1_000_000], shape: [3]),
                T([1e-5, 1], shape: [2]),
                T([1, 2, 3], shape: [3]),
                T(3.5),
                .zeros(shape: [2, 2]),
            ].map(\.description) + [
                Tensor<Double>([0.1], shape: [1]).description,
                (T.ones(shape: [1], requiresGrad: true) * 2).description,
            ]
        #expect(printed.joined(separator: "\n") == expected.joined(separator: "\n"))
    }

    @Test func `every snippet of the file has its test or cannot be written here`() {
        let tested: Set = [
            "leaf_attributes", "nonleaf_grad_warns", "nonscalar_backward", "sum_backward", "jacobian_rows",
            "backward_twice", "backward_twice_without_saved_values_is_allowed", "backward_ones_vector",
            "retain_graph_accumulates", "detach", "no_grad", "inplace_on_leaf_in_no_grad_ok", "version_counter",
            "version_counter_leaf", "version_counter_exp", "inplace_without_saved_ok", "versions",
            "gradient_shape_mismatch", "gradient_shape_mismatch_broadcastable", "no_requires_grad", "item_of_many",
            "grad_unused", "grad_no_requires", "create_graph_cycle_warning", "mse_broadcast_warning",
            "printing",
        ]
        // Their exit tests are in MisuseTests.
        let preconditions: Set = [
            "inplace_on_leaf", "inplace_on_leaf_view", "requires_grad_on_nonleaf", "broadcast_error",
            "mm_shape_error", "mm_dim_error", "matmul_error", "view_size_error", "view_stride_error", "reshape_error",
            "index_error", "dim_error", "cat_error", "squeeze_expand_error",
        ]
        // What Swift's types rule out before a program runs:
        let impossible: Set = [
            "requires_grad_int",  // a tensor holds Float or Double
            "bool_of_many",  // a tensor is no Bool; a comparison gives a Mask
            "numpy_of_requires_grad",  // there is no NumPy to share numbers with; `scalars` is a copy
            "deepcopy_nonleaf",  // a tensor has no deep copy; `clone()` is recorded and `detach()` is a leaf
        ]
        // In TensorOptimizerTests of module Learning:
        let optimizers: Set = [
            "optimizer_nonleaf", "optimizer_empty", "optimizer_bad_lr", "optimizer_bad_nesterov", "adam_bad_beta",
            "zero_grad_sets_none",
        ]
        let all = tested.union(preconditions).union(impossible).union(optimizers)
        #expect(Set(AutogradGolden.shared.semantics.map(\.name)) == all)
    }
}
