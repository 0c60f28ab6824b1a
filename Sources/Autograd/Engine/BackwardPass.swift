extension Tensor {
    /// Adds the gradient of this tensor (weighted by `gradient`) to the ``grad`` of every leaf it was computed from.
    ///
    /// A tensor with more than one element needs a `gradient` of its own shape: the vector v of the product v^T J.
    /// The values saved in the graph are freed unless `retainGraph` (or `createGraph`) is set, so a second pass throws.
    /// With `createGraph` the gradients are recorded tensors themselves and can be differentiated. When it throws,
    /// no leaf has changed.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func backward(
        gradient: Tensor? = nil, retainGraph: Bool = false, createGraph: Bool = false
    ) throws(AutogradError) {
        guard requiresGrad else {
            throw AutogradError(
                .gradientNotRequired, "element 0 of tensors does not require grad and does not have a grad_fn")
        }
        let seed = try seed(from: gradient)
        try recording(createGraph) { () throws(AutogradError) in
            var pass = BackwardPass<Scalar>(retainGraph: retainGraph || createGraph, createGraph: createGraph)
            let root = GraphEdge(to: self)
            // The pass itself holds no nodes.
            defer { withExtendedLifetime(root) {} }
            pass.send(seed, to: root)
            try pass.run()
        }
    }

    /// The gradient that a pass starts with: `gradient`, or 1 for a tensor with one element.
    @inline(__always)
    func seed(from gradient: Tensor?) throws(AutogradError) -> Tensor {
        guard let gradient else {
            guard count == 1 else {
                throw AutogradError(
                    .gradientShapeMismatch, "grad can be implicitly created only for scalar outputs")
            }
            return .one(dimensions)
        }
        guard gradient.dimensions == dimensions else {
            throw AutogradError(
                .gradientShapeMismatch,
                """
                Mismatch in shape: grad_output[0] has a shape of torch.Size(\(gradient.shape)) and output[0] has a \
                shape of torch.Size(\(shape)).
                """)
        }
        return gradient
    }

    /// 1, as the gradient of a tensor of `shape`; for scalars always the same tensor of the thread.
    @inline(__always)
    private static func one(_ shape: Shape) -> Tensor {
        guard shape.rank == 0 else { return full(1, shape) }
        let thread = ThreadState.current
        // A hook may have seen it, and changed it or made it a leaf of its own.
        if let one = thread.pointee.ones.of(Scalar.self), one.version == 0, one.accumulator == nil { return one }
        let one = full(1, shape)
        thread.pointee.ones.keep(one)
        return one
    }
}

/// The gradient 1 that nearly every backward pass starts with, for both number types.
struct ScalarOnes {
    private var float: Tensor<Float>?
    private var double: Tensor<Double>?

    @inline(__always)
    func of<Scalar: TensorScalar>(_: Scalar.Type) -> Tensor<Scalar>? {
        if Scalar.self == Double.self { return double as? Tensor<Scalar> }
        return float as? Tensor<Scalar>
    }

    mutating func keep<Scalar: TensorScalar>(_ one: Tensor<Scalar>) {
        if let one = one as? Tensor<Double> { double = one }
        if let one = one as? Tensor<Float> { float = one }
    }
}

/// One walk from a result back to the leaves.
///
/// The node with the highest sequence number goes next: all its consumers have run by then, so its gradient is
/// complete. Gradients of leaves are added up during the walk and moved to the leaves at its end.
struct BackwardPass<Scalar: TensorScalar> {
    private var waiting = NodeQueue<Scalar>()
    /// The accumulator reached last; the others follow as its predecessors.
    private var lastLeaf: GradientAccumulator<Scalar>?
    let retainGraph: Bool
    let createGraph: Bool
    /// The inputs whose gradients are asked for; nil if leaves accumulate them.
    private let request: GradientRequest<Scalar>?

    init(retainGraph: Bool, createGraph: Bool, request: GradientRequest<Scalar>? = nil) {
        self.retainGraph = retainGraph
        self.createGraph = createGraph
        self.request = request
    }

    /// Whether a gradient for the input at the end of `edge` is of any use.
    @inline(__always)
    func wants(_ edge: GraphEdge<Scalar>) -> Bool {
        if edge.isConstant { return false }
        if let request { return request.needs(edge) }
        return true
    }

    /// Walks until no node waits; when it throws, no leaf has changed and no gradient stays behind.
    @inline(__always)
    mutating func run() throws(AutogradError) {
        while let node = waiting.popHighest() {
            if let refusal = node._withUnsafeGuaranteedRef({ visit($0) }) {
                abandon()
                throw refusal
            }
        }
        while let leaf = lastLeaf {
            lastLeaf = leaf.previousInPass.take()
            if let request {
                request.take(from: leaf)
            } else {
                leaf.accumulate(recorded: createGraph)
            }
        }
    }

    /// Sends the gradient that has arrived at `node` on to its inputs; returns why not if its values are gone.
    @inline(__always)
    private mutating func visit(_ node: GraphNode<Scalar>) -> AutogradError? {
        guard let pending = node.pendingGrad.take() else { return nil }
        let gradient = node.afterHooks(pending)
        if let request, !request.continues(after: node, with: gradient) { return nil }
        if let refusal = node.refusal() { return refusal }
        withUnsafeMutablePointer(to: &self) { pass in
            node.derivative(Pullback(node: node, gradient: gradient, pass: pass))
        }
        if !retainGraph { node.free() }
        return nil
    }

    /// Adds `gradient`, summed over broadcast dimensions, to what has arrived at the end of `edge`.
    @inline(never)
    mutating func send(_ gradient: consuming Tensor<Scalar>, to edge: GraphEdge<Scalar>) {
        switch edge {
        case .constant: break
        case .node(let node):
            if gradient.dimensions != node.shape { gradient = gradient.sum(to: node.shape) }
            if let pending = node.pendingGrad {
                node.pendingGrad = pending + gradient
            } else {
                waiting.insert(node)
                node.pendingGrad = gradient
            }
        case .leaf(let leaf):
            if gradient.dimensions != leaf.shape { gradient = gradient.sum(to: leaf.shape) }
            if let pending = leaf.pending {
                leaf.pending = pending + gradient
            } else {
                leaf.previousInPass = lastLeaf
                lastLeaf = leaf
                leaf.pending = gradient
            }
        }
    }

    private mutating func abandon() {
        while let node = waiting.popHighest() { node._withUnsafeGuaranteedRef { $0.pendingGrad = nil } }
        while let leaf = lastLeaf {
            lastLeaf = leaf.previousInPass.take()
            leaf.pending = nil
        }
    }
}

/// The nodes that wait for their turn, highest sequence number first.
///
/// Holds no references: the pass keeps the result's node alive, and that keeps every other one, since edges never change.
///
/// One node waits outside of the heap, so that a chain of operations needs no heap at all.
struct NodeQueue<Scalar: TensorScalar> {
    private var highest: Entry?
    /// A binary heap of the others, none of them above ``highest``.
    private var heap: [Entry] = []

    private struct Entry {
        let sequence: UInt64
        let node: Unmanaged<GraphNode<Scalar>>
    }

    @inline(__always)
    mutating func insert(_ node: GraphNode<Scalar>) {
        let entry = Entry(sequence: node.sequence, node: .passUnretained(node))
        guard let highest else {
            self.highest = entry
            return
        }
        if entry.sequence > highest.sequence {
            self.highest = entry
            push(highest)
        } else {
            push(entry)
        }
    }

    @inline(__always)
    mutating func popHighest() -> Unmanaged<GraphNode<Scalar>>? {
        let node = highest?.node
        highest = heap.isEmpty ? nil : popHeap()
        return node
    }

    @inline(never)
    private mutating func push(_ entry: Entry) {
        var child = heap.count
        heap.append(entry)
        while child > 0 {
            let parent = (child - 1) / 2
            if heap[parent].sequence > heap[child].sequence { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    @inline(never)
    private mutating func popHeap() -> Entry {
        heap.swapAt(0, heap.count - 1)
        let entry = heap.removeLast()
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return entry }
            if child + 1 < heap.count, heap[child + 1].sequence > heap[child].sequence { child += 1 }
            if heap[parent].sequence > heap[child].sequence { return entry }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
