/// A recorded operation: how its result was computed, and how a gradient travels back through it.
///
/// Holds its inputs (never its result, so graphs have no reference cycles) and is held by its result and by the
/// operations computed from that. Nodes are numbered as they are made; every consumer has a higher number than what
/// it consumes, which is all the ordering that the engine needs.
package final class GraphNode<Scalar: TensorScalar> {
    // Unchecked for the reason given at ``Tensor``.
    @exclusivity(unchecked) var operationName: StaticString
    @exclusivity(unchecked) var derivative: (Pullback<Scalar>) -> Void
    /// Higher than that of every input, and of every node that the thread made before.
    @exclusivity(unchecked) var sequence: UInt64
    /// The shape of the result, hence of the gradient that arrives here.
    @exclusivity(unchecked) var shape: Shape

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
    @exclusivity(unchecked) var saving: Saving
    @exclusivity(unchecked) var wasFreed = false

    /// What the running pass has added up for the result so far.
    @exclusivity(unchecked) var pendingGrad: Tensor<Scalar>?

    /// What the user wants to see or change when the gradient is complete; nil for most nodes.
    @exclusivity(unchecked) var gradientHooks: GradientHooks<Scalar>?

    var hooks: [(Tensor<Scalar>) -> Tensor<Scalar>?] {
        get { gradientHooks?.hooks ?? [] }
        set { gradientHooks = GradientHooks(hooks: newValue, retained: retained) }
    }

    /// Where the gradient is kept for a result that was asked to keep it.
    var retained: GradientAccumulator<Scalar>? {
        get { gradientHooks?.retained }
        set { gradientHooks = GradientHooks(hooks: hooks, retained: newValue) }
    }

    /// The gradient after the hooks; kept on the way if the result was asked to.
    @inline(__always)
    func afterHooks(_ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        if let gradientHooks { gradientHooks.apply(to: gradient) } else { gradient }
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

    /// Only a node whose last reference was not released through ``release(_:in:)`` still holds anything here.
    deinit {
        if sequence != 0 { releaseParts(in: ThreadState.current) }
    }

    /// The edges to all inputs, in order.
    var edges: [GraphEdge<Scalar>] {
        others ?? [first, second]
    }
}
