import Autograd
import Testing

/// How long graphs live, and how deep they may be.
struct GraphLifetimeTests {
    private var liveNodes: Int { EngineCounters.liveNodes }

    @Test func `a graph is freed when its result is dropped`() {
        let before = liveNodes
        do {
            let x = Tensor<Double>.ones(shape: [3], requiresGrad: true)
            let y = (x.exp() * x + 1).sum()
            #expect(liveNodes == before + 4)
            _ = y
        }
        #expect(liveNodes == before)
    }

    @Test func `a graph is freed after a backward pass`() throws {
        let before = liveNodes
        let x = Tensor<Double>.ones(shape: [3], requiresGrad: true)
        for _ in 0..<10 {
            try (x.tanh().sigmoid() * x).sum().backward()
        }
        #expect(liveNodes == before)
    }

    @Test func `a graph changed in place is freed`() throws {
        let before = liveNodes
        do {
            let x = Tensor<Double>.ones(shape: [3], requiresGrad: true)
            let y = x * 2
            y[0] = x[1] * x[2]
            y *= x
            let view = y[1]
            y += 1
            _ = view + 1
            try y.sum().backward()
        }
        #expect(liveNodes == before)
    }

    @Test func `a recorded gradient lives until the leaf forgets it`() throws {
        let before = liveNodes
        let x = Tensor<Double>.ones(shape: [3], requiresGrad: true)
        try x.pow(3).sum().backward(createGraph: true)
        #expect(liveNodes > before)
        x.zeroGrad()
        #expect(liveNodes == before)
    }

    @Test func `a hundred thousand operations are differentiated and freed`() throws {
        let before = liveNodes
        let x = Tensor<Double>([1], shape: [1], requiresGrad: true)
        do {
            var y = x
            for _ in 0..<100_000 { y = y * 1.00001 }
            #expect(liveNodes == before + 100_000)
            try y.backward()
        }
        #expect(liveNodes == before)
        let gradient = try #require(x.grad).item()
        #expect(abs(gradient - 2.718268237) < 1e-6)
    }

    @Test func `a hundred thousand operations are freed without a backward pass`() {
        let before = liveNodes
        do {
            var y = Tensor<Double>([1], shape: [1], requiresGrad: true)
            // Every node also saves its input, so the chain runs through tensors as well as through edges.
            for _ in 0..<100_000 { y = y.sin() }
        }
        #expect(liveNodes == before)
    }

    @Test func `a graph held by its function alone is freed`() {
        let before = liveNodes
        do {
            var y = Tensor<Double>([1], shape: [1], requiresGrad: true)
            for _ in 0..<100_000 { y = y + 1 }
            let function = y.gradFn
            y = Tensor(0)
            #expect(function?.name == "AddBackward")
        }
        #expect(liveNodes == before)
    }

    @Test func `a hundred thousand operations held by each other's hooks are freed`() {
        let before = liveNodes
        do {
            var y = Tensor<Double>([1], shape: [1], requiresGrad: true)
            for _ in 0..<100_000 {
                let next = y + 1
                next.registerHook { [y] gradient in gradient + y.detach() }
                y = next
            }
        }
        #expect(liveNodes == before)
    }

    @Test func `a hundred thousand leaves held by each other's gradients are freed`() {
        let before = liveNodes
        do {
            var x = Tensor<Double>([1], shape: [1], requiresGrad: true)
            for _ in 0..<100_000 {
                let next = Tensor<Double>([1], shape: [1], requiresGrad: true)
                next.grad = x * 2
                x = next
            }
        }
        #expect(liveNodes == before)
    }

    @Test func `a hundred thousand uses of one value accumulate`() throws {
        let x = Tensor<Double>([2], shape: [1], requiresGrad: true)
        let y = x * 1
        var total = y
        for _ in 0..<100_000 { total = total + y }
        try total.backward()
        #expect(x.grad?.scalars == [100_001])
    }

    @Test func `a training step allocates tensors only`() throws {
        let x = Tensor<Double>((0..<100).map { Double($0) / 100 }, shape: [100, 1])
        let y = x * 3 + 2
        let w = Tensor<Double>([0.5], shape: [1, 1], requiresGrad: true)
        let b = Tensor<Double>([0], shape: [1, 1], requiresGrad: true)
        func step() {
            try? (x.matmul(w) + b).meanSquaredError(to: y).backward()
            w.zeroGrad()
            b.zeroGrad()
        }
        for _ in 0..<3 { step() }

        // Product, sum, loss, the gradients of the sum, of w and of b. Storages and nodes come from the pools.
        #expect(EngineCounters.allocations(in: step) == 6)
    }

    @Test func `gradients of one request free nothing else`() throws {
        let before = liveNodes
        let x = Tensor<Double>([2], shape: [1], requiresGrad: true)
        do {
            let y = x.exp()
            let z = x.sin()
            _ = try gradient(of: y + z, withRespectTo: y)
            // The branch through sin was not visited, so its values are still there.
            try z.backward()
        }
        #expect(liveNodes == before)
    }
}
