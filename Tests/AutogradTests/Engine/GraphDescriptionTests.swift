import Autograd
import Testing

/// The pictures of the chapter's graph z = w x + b.
struct GraphDescriptionTests {
    private typealias T = Tensor<Double>

    private func description(_ format: GraphFormat) -> String {
        let x = T([2], shape: [1])
        let w = T([0.5], shape: [1], requiresGrad: true)
        let b = T([0.25], shape: [1], requiresGrad: true)
        return (w * x + b).graphDescription(format: format, names: ["w": w, "b": b])
    }

    @Test func `as text`() {
        #expect(
            description(.text) == """
                AddBackward [1]
                ├─ MulBackward [1]
                │  └─ w [1]
                └─ b [1]

                """)
    }

    @Test func `for Graphviz`() {
        #expect(
            description(.dot) == """
                digraph gradients {
                    rankdir = BT
                    n0 [label="AddBackward [1]", shape=box]
                    n1 [label="MulBackward [1]", shape=box]
                    n2 [label="b [1]", shape=circle]
                    n3 [label="w [1]", shape=circle]
                    n1 -> n0
                    n2 -> n0
                    n3 -> n1
                }

                """)
    }

    @Test func `for Mermaid`() {
        #expect(
            description(.mermaid) == """
                flowchart BT
                    n0["AddBackward [1]"]
                    n1["MulBackward [1]"]
                    n2(("b [1]"))
                    n3(("w [1]"))
                    n1 --> n0
                    n2 --> n0
                    n3 --> n1

                """)
    }

    @Test func `what is used twice is shown once`() {
        let x = T([2], shape: [1], requiresGrad: true)
        let y = x.exp()
        #expect(
            (y * y.sin()).graphDescription(format: .text) == """
                MulBackward [1]
                ├─ ExpBackward [1]
                │  └─ leaf [1]
                └─ SinBackward [1]
                   └─ ExpBackward [1] (see above)

                """)
    }

    @Test func `a tensor without a graph is a constant`() {
        #expect(T([2], shape: [1]).graphDescription(format: .text) == "constant [1]\n")
    }

    @Test(arguments: GraphFormat.allCases)
    func `a deep graph is drawn`(format: GraphFormat) {
        var y = T([2], shape: [1], requiresGrad: true)
        for _ in 0..<2000 { y = y + 1 }
        #expect(y.graphDescription(format: format).count > 2000)
    }

    @Test func `a list of matrices times one matrix is one product`() {
        let a = T.ones(shape: [2, 3, 4], requiresGrad: true)
        #expect(
            a.matmul(.ones(shape: [4, 5])).graphDescription(format: .text, names: ["a": a]) == """
                UnsafeViewBackward [2, 3, 5]
                └─ MmBackward [6, 5]
                   └─ ViewBackward [6, 4]
                      └─ a [2, 3, 4]

                """)
    }

    @Test func `a reshaped part is an alias`() {
        let a = T.ones(shape: [2, 3], requiresGrad: true)
        #expect(a[.all, .slice(to: 1)].reshape([2]).gradFn?.name == "ReshapeAliasBackward")
    }
}
