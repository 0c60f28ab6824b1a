import Autograd
import Testing

/// The programs of `autograd.json`: changes in place, views, hooks, accumulation, higher derivatives.
struct ProgramTests {
    private typealias T = Tensor<Double>

    /// What a program starts from, and what it must end with.
    private struct Setting {
        let x: T
        let u: T
        private let golden: AutogradGolden.Program

        init(_ name: String) throws {
            golden = try AutogradGolden.program(name)
            x = try #require(golden.given["X"]).tensor(requiresGrad: true)
            u = golden.given["U"]?.tensor() ?? .ones(shape: [])
        }

        func expect(_ name: String, _ tensor: T?) throws {
            expectClose(tensor, try #require(golden.result[name]), name)
        }
    }

    @Test func `elements are assigned`() throws {
        let given = try Setting("assign_elements")
        let x = given.x
        let y = T.zeros(shape: [1, 2])
        y[0, 0] = x[0, 0].pow(2) + 3 * x[0, 1]
        y[0, 1] = x[0, 1].pow(2) + 2 * x[0, 0]
        try y.backward(gradient: given.u)

        try given.expect("y", y)
        try given.expect("x.grad", x.grad)
    }

    @Test func `an assigned row replaces what was there`() throws {
        let given = try Setting("assign_row_overwrites")
        let x = given.x
        let y = x * 2
        y[0] = x[1] * x[1]
        try (y * given.u).sum().backward()

        try given.expect("y", y)
        try given.expect("x.grad", x.grad)
    }

    @Test func `an assigned constant stops the gradient`() throws {
        let given = try Setting("assign_slice_constant")
        let x = given.x
        let y = x * x
        y[.slice(from: 1, to: 3)] = T(5)
        try (y * given.u).sum().backward()

        try given.expect("y", y)
        try given.expect("x.grad", x.grad)
    }

    @Test func `an assigned value is broadcast`() throws {
        let given = try Setting("assign_broadcast")
        let x = given.x
        let y = T.zeros(shape: [2, 3])
        y[.all] = x * x
        try (y * given.u).sum().backward()

        try given.expect("y", y)
        try given.expect("x.grad", x.grad)
    }

    @Test func `a result is changed in place`() throws {
        let given = try Setting("add_inplace_on_nonleaf")
        let x = given.x
        let y = x * 3
        y += x * x
        y *= 2
        try (y * given.u).sum().backward()

        try given.expect("y", y)
        try given.expect("x.grad", x.grad)
    }

    @Test func `a view is changed in place`() throws {
        let given = try Setting("add_inplace_on_view")
        let x = given.x
        let y = x * 1
        let v = y[0]
        v *= x[1]
        try (y * given.u).sum().backward()

        try given.expect("y", y)
        try given.expect("x.grad", x.grad)
    }

    @Test func `two passes accumulate`() throws {
        let given = try Setting("accumulate_two_backwards")
        let x = given.x
        try x.pow(2).sum().backward()
        try (x * 3).sum().backward()

        try given.expect("x.grad", x.grad)
    }

    @Test func `a result keeps its gradient when asked`() throws {
        let given = try Setting("retain_grad")
        let x = given.x
        let y = x * x
        y.retainGrad()
        try (y.sin() * given.u).sum().backward()

        try given.expect("x.grad", x.grad)
        try given.expect("y.grad", y.grad)
    }

    @Test func `a detached branch is a constant`() throws {
        let given = try Setting("detach_branch")
        let x = given.x
        let y = x.pow(2) + 3
        let c = y.detach()
        try (c * x).sum().backward()

        try given.expect("x.grad", x.grad)
    }

    @Test func `a branch without recording is a constant`() throws {
        let given = try Setting("no_grad_branch")
        let x = given.x
        let c = noGrad { x * x }
        try (c * x).sum().backward()

        try given.expect("x.grad", x.grad)
    }

    @Test func `a hook scales the gradient`() throws {
        let given = try Setting("hook_scales_gradient")
        let x = given.x
        let y = x * x
        y.registerHook { $0 * 2 }
        try (y * given.u).sum().backward()

        try given.expect("x.grad", x.grad)
    }

    @Test func `a gradient is differentiated`() throws {
        let given = try Setting("grad_of_grad")
        let x = given.x
        let y = x.pow(3).sum()
        let g = try gradient(of: y, withRespectTo: x, createGraph: true)
        try (g * given.u).sum().backward()

        try given.expect("g", g)
        try given.expect("x.grad", x.grad)
    }

    @Test func `a third derivative`() throws {
        let given = try Setting("third_derivative")
        let x = given.x
        let y = x.sin().sum()
        let a = try gradient(of: y, withRespectTo: x, createGraph: true)
        let b = try gradient(of: a.sum(), withRespectTo: x, createGraph: true)
        let c = try gradient(of: b.sum(), withRespectTo: x)

        try given.expect("a", a)
        try given.expect("b", b)
        try given.expect("c", c)
    }

    @Test func `backward itself is recorded`() throws {
        let given = try Setting("create_graph_backward")
        let x = given.x
        let y = x.pow(3).sum()
        try y.backward(createGraph: true)
        let g = try #require(x.grad).clone()
        try (try #require(x.grad) * given.u).sum().backward()

        try given.expect("g", g)
        try given.expect("x.grad", x.grad)
        // The gradient holds the graph, which holds the leaf's gradient: the user breaks the cycle.
        x.zeroGrad()
    }

    @Test func `every program of the file has its test`() {
        let tested: Set = [
            "assign_elements", "assign_row_overwrites", "assign_slice_constant", "assign_broadcast",
            "add_inplace_on_nonleaf", "add_inplace_on_view", "accumulate_two_backwards", "retain_grad",
            "detach_branch", "no_grad_branch", "hook_scales_gradient", "grad_of_grad", "third_derivative",
            "create_graph_backward",
        ]
        #expect(Set(AutogradGolden.shared.programs.map(\.name)) == tested)
    }
}
