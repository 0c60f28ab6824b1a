/// A recorded operation: how its result was computed, and how a gradient travels back through it.
///
/// Holds its inputs (never its result, so graphs have no reference cycles) and is held by its result and by the
/// operations computed from that. Nodes are numbered as they are made; every consumer has a higher number than what
/// it consumes, which is all the ordering that the engine needs.
package final class GraphNode<Scalar: TensorScalar> {
    // Unchecked for the reason given at ``Tensor``.
    @exclusivity(unchecked) private(set) var operationName: StaticString
    @exclusivity(unchecked) private(set) var derivative: (Pullback<Scalar>) -> Void
    /// Higher than that of every input, and of every node that the thread made before.
    @exclusivity(unchecked) private(set) var sequence: UInt64
    /// The shape of the result, hence of the gradient that arrives here.
    @exclusivity(unchecked) private(set) var shape: Shape

    @exclusivity(unchecked) var first: GraphEdge<Scalar>
    @exclusivity(unchecked) var second: GraphEdge<Scalar>
    @exclusivity(unchecked) var others: [GraphEdge<Scalar>]?

    @exclusivity(unchecked) var savedFirst: Tensor<Scalar>?
    @exclusivity(unchecked) var savedSecond: Tensor<Scalar>?
    @exclusivity(unchecked) var savedOutput: Tensor<Scalar>?
    @exclusivity(unchecked) var savedFirstVersion = 0
    @exclusivity(unchecked) var savedSecondVersion = 0
    @exclusivity(unchecked) var savedOutputVersion = 0
    /// What was saved when the operation was recorded; empty from the start if its derivative needs nothing.
    @exclusivity(unchecked) private(set) var saving: Saving
    @exclusivity(unchecked) var wasFreed = false

    /// What the running pass has added up for the result so far.
    @exclusivity(unchecked) var pendingGrad: Tensor<Scalar>?

    /// What the user wants to see or change when the gradient is complete; nil for most nodes.
    @exclusivity(unchecked) private var observers: GradientObservers<Scalar>?

    var hooks: [(Tensor<Scalar>) -> Tensor<Scalar>?] {
        get { observers?.hooks ?? [] }
        set { observers = GradientObservers(hooks: newValue, retained: retained) }
    }

    /// Where the gradient is kept for a result that was asked to keep it.
    var retained: GradientAccumulator<Scalar>? {
        get { observers?.retained }
        set { observers = GradientObservers(hooks: hooks, retained: newValue) }
    }

    /// The gradient after the hooks; kept on the way if the result was asked to.
    @inline(__always)
    func observed(_ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        if let observers { observers.observe(gradient) } else { gradient }
    }

    /// PyTorch's name of the operation without its trailing number, such as `MulBackward`.
    package var name: String { operationName.description }

    /// A node of the thread's pool, or a new one, numbered after all its inputs.
    ///
    /// For an operation on a list, `first` and `second` are constant and `others` are the edges to all inputs.
    @inline(__always)
    static func make(
        name: StaticString, derivative: @escaping (Pullback<Scalar>) -> Void, shape: Shape, saving: Saving,
        first: GraphEdge<Scalar>, second: GraphEdge<Scalar>, others: [GraphEdge<Scalar>]? = nil,
        thread: UnsafeMutablePointer<ThreadState>
    ) -> GraphNode {
        var highest = max(thread.pointee.lastSequence, first.sequence, second.sequence)
        if let others {
            for edge in others { highest = max(highest, edge.sequence) }
        }
        let sequence = highest + 1
        thread.pointee.lastSequence = sequence
        thread.pointee.liveNodes += 1
        if let node = thread.pointee.nodes.take(as: GraphNode.self, from: Scalar.poolIndex) {
            node.operationName = name
            node.derivative = derivative
            node.sequence = sequence
            node.shape = shape
            node.saving = saving
            node.first = first
            node.second = second
            node.others = others
            return node
        }
        thread.pointee.allocations += 1
        return GraphNode(name, derivative, sequence, shape, saving, first, second, others)
    }

    private init(
        _ name: StaticString, _ derivative: @escaping (Pullback<Scalar>) -> Void, _ sequence: UInt64, _ shape: Shape,
        _ saving: Saving, _ first: GraphEdge<Scalar>, _ second: GraphEdge<Scalar>, _ others: [GraphEdge<Scalar>]?
    ) {
        operationName = name
        self.derivative = derivative
        self.sequence = sequence
        self.shape = shape
        self.saving = saving
        self.first = first
        self.second = second
        self.others = others
    }

    /// Only a node whose last reference was not given up through ``giveUp(_:)`` still holds anything here.
    deinit {
        if sequence != 0 { releaseParts(in: ThreadState.current) }
    }

    /// Gives up one reference to a node; if it was the last, the node releases what it holds and joins the pool.
    @inline(__always)
    static func giveUp(_ node: consuming GraphNode, in thread: UnsafeMutablePointer<ThreadState>) {
        guard isKnownUniquelyReferenced(&node) else { return }
        node.releaseParts(in: thread)
        node.reset()
        thread.pointee.nodes.give(node, to: Scalar.poolIndex)
    }

    @inline(__always)
    private func reset() {
        sequence = 0
        derivative = Self.nothing
        wasFreed = false
        if observers != nil { observers = nil }
    }

    private static var nothing: (Pullback<Scalar>) -> Void { { _ in } }

    /// Releases everything this node holds without recursing through a deep graph.
    ///
    /// Below 64 levels the release goes on in a list of the thread, which the outermost node empties.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func releaseParts(in thread: UnsafeMutablePointer<ThreadState>) {
        thread.pointee.liveNodes -= 1
        guard thread.pointee.teardownDepth < 64 else { return postponeRelease(in: thread) }
        thread.pointee.teardownDepth += 1
        if savedFirst != nil { savedFirst = nil }
        if savedSecond != nil { savedSecond = nil }
        if savedOutput != nil { savedOutput = nil }
        if pendingGrad != nil { pendingGrad = nil }
        giveUp(&first, in: thread)
        giveUp(&second, in: thread)
        if var others = others.take() {
            for index in others.indices { giveUp(&others[index], in: thread) }
        }
        if thread.pointee.teardownDepth == 1 {
            while let part = thread.pointee.postponed.popLast() { withExtendedLifetime(part) {} }
        }
        thread.pointee.teardownDepth -= 1
    }

    @inline(__always)
    private func giveUp(_ edge: inout GraphEdge<Scalar>, in thread: UnsafeMutablePointer<ThreadState>) {
        let target = edge
        edge = .constant
        if case .node(let node) = consume target { GraphNode.giveUp(node, in: thread) }
    }

    /// The edges to all inputs, in order.
    var edges: [GraphEdge<Scalar>] {
        others ?? [first, second]
    }

    private func postponeRelease(in thread: UnsafeMutablePointer<ThreadState>) {
        for edge in [first, second] + (others ?? []) {
            if case .node(let node) = edge { thread.pointee.postponed.append(node) }
        }
        if let savedFirst { thread.pointee.postponed.append(savedFirst) }
        if let savedSecond { thread.pointee.postponed.append(savedSecond) }
        savedFirst = nil
        savedSecond = nil
        first = .constant
        second = .constant
        others = nil
    }
}

/// Where the gradient of one input goes.
enum GraphEdge<Scalar: TensorScalar> {
    /// Nowhere: the input requires no gradient.
    case constant
    case node(GraphNode<Scalar>)
    case leaf(GradientAccumulator<Scalar>)

    @inline(__always)
    init(to input: Tensor<Scalar>) {
        if let node = input.gradFn {
            self = .node(node)
        } else if let accumulator = input.accumulator, accumulator.requiresGrad {
            self = .leaf(accumulator)
        } else {
            self = .constant
        }
    }

    /// The edge that an input of an earlier operation had, also if it has stopped requiring a gradient since.
    init(source: Tensor<Scalar>) {
        if source.gradFn == nil, let accumulator = source.accumulator {
            self = .leaf(accumulator)
        } else {
            self.init(to: source)
        }
    }

    @inline(__always)
    var sequence: UInt64 {
        if case .node(let node) = self { node.sequence } else { 0 }
    }

    @inline(__always)
    var isConstant: Bool {
        if case .constant = self { true } else { false }
    }
}

extension GraphEdge {
    /// The shape of the input.
    var shape: Shape {
        switch self {
        case .constant: .scalar
        case .node(let node): node.shape
        case .leaf(let leaf): leaf.shape
        }
    }
}
