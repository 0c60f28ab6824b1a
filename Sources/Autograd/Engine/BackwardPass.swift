/// One walk from a result back to the leaves.
///
/// The node with the highest sequence number goes next: all its consumers have run by then, so its gradient is
/// complete. Gradients of leaves are summed during the walk and added to the leaves at its end.
final class BackwardPass<Scalar: TensorScalar> {
    private var waiting: NodeQueue<Scalar>
    private var leaves: [Tensor<Scalar>] = []
    private let retainGraph: Bool
    private let createGraph: Bool

    init(retainGraph: Bool, createGraph: Bool) {
        self.retainGraph = retainGraph
        self.createGraph = createGraph
        waiting = NodeQueue()
    }

    @inline(__always)
    func run() throws(AutogradError) {
        defer { abandon() }
        while let node = waiting.popHighest() {
            guard let gradient = node.pendingGrad.take() else { continue }
            try node.saved.check(savedBy: node)
            node.derivative(Pullback(node: node, gradient: gradient, pass: self))
            if !retainGraph { node.saved.release() }
        }
        for leaf in leaves { accumulate(on: leaf) }
        leaves.removeAll()
    }

    /// Adds `gradient`, summed over broadcast dimensions, to what has arrived at the end of `edge`.
    @inline(__always)
    func send(_ gradient: Tensor<Scalar>, to edge: GraphEdge<Scalar>) {
        switch edge {
        case .constant: break
        case .node(let node):
            if node.pendingGrad == nil { waiting.insert(node) }
            add(gradient.sum(to: node.shape), to: &node.pendingGrad)
        case .leaf(let leaf):
            if leaf.pendingGrad == nil { leaves.append(leaf) }
            add(gradient.sum(to: leaf.shape), to: &leaf.pendingGrad)
        }
    }

    private func add(_ gradient: Tensor<Scalar>, to pending: inout Tensor<Scalar>?) {
        pending = pending.map { $0 + gradient } ?? gradient
    }

    private func accumulate(on leaf: Tensor<Scalar>) {
        guard let gradient = leaf.pendingGrad.take() else { return }
        if let grad = leaf.accumulatedGrad {
            if createGraph {
                leaf.accumulatedGrad = grad + gradient
            } else {
                grad.addInPlace(gradient)
            }
        } else {
            leaf.accumulatedGrad = createGraph ? gradient.clone() : gradient.soleOwner()
        }
    }

    /// After an error: no gradient may stay behind in the graph.
    private func abandon() {
        while let node = waiting.popHighest() { node.pendingGrad = nil }
        for leaf in leaves { leaf.pendingGrad = nil }
    }
}
