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

/// Which values an operation keeps for its derivative.
struct Saving: OptionSet {
    let rawValue: UInt8

    static let first = Saving(rawValue: 1)
    static let second = Saving(rawValue: 2)
    static let output = Saving(rawValue: 4)
    /// A constant (a number, a mask, indices) that the derivative holds itself; PyTorch frees it like a tensor.
    static let constant = Saving(rawValue: 8)
}

extension GraphNode {
    /// Keeps the values that ``saving`` names, each with the version it has now.
    @inline(__always)
    func save(first: Tensor<Scalar>, second: Tensor<Scalar>, output: Tensor<Scalar>) {
        if saving.contains(.first) {
            savedFirst = first
            savedFirstVersion = first.version
        }
        if saving.contains(.second) {
            savedSecond = second
            savedSecondVersion = second.version
        }
        if saving.contains(.output) {
            // An alias that does not hold this node: the node must not hold itself.
            savedOutput = output.detach()
            savedOutputVersion = output.version
        }
    }

    /// Forgets the saved values; a later use is an error if there were any.
    @inline(__always)
    func free() {
        guard !saving.isEmpty else { return }
        savedFirst = nil
        savedSecond = nil
        savedOutput = nil
        wasFreed = true
    }

    /// Why the derivative cannot run: the saved values were freed, or changed in place since they were saved.
    @inline(__always)
    func refusal() -> AutogradError? {
        if saving.isEmpty { return nil }
        if wasFreed { return .graphFreed }
        if let savedFirst, savedFirst.version != savedFirstVersion {
            return .modified(savedFirst, savedFirstVersion, computedBy: savedFirst.gradFn)
        }
        if let savedSecond, savedSecond.version != savedSecondVersion {
            return .modified(savedSecond, savedSecondVersion, computedBy: savedSecond.gradFn)
        }
        if let savedOutput, savedOutput.version != savedOutputVersion {
            return .modified(savedOutput, savedOutputVersion, computedBy: self)
        }
        return nil
    }
}

extension AutogradError {
    fileprivate static let graphFreed = AutogradError(
        .graphFreed,
        """
        Trying to backward through the graph a second time (or directly access saved tensors after they have already \
        been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). \
        Specify retain_graph=True if you need to backward through the graph a second time or if you need to access \
        saved tensors after calling backward.
        """)

    @inline(never)
    fileprivate static func modified<Scalar>(
        _ value: Tensor<Scalar>, _ expected: Int, computedBy source: GraphNode<Scalar>?
    ) -> AutogradError {
        let origin = source.map { source in
            let name = source.name
            return ", which is output 0 of \(name.hasSuffix("Backward") ? name.dropLast(8) : name[...]),"
        }
        return AutogradError(
            .savedValueModified,
            """
            one of the variables needed for gradient computation has been modified by an inplace operation: \
            [\(Scalar.tensorTypeName) \(value.shape)]\(origin ?? "") is at version \(value.version); expected \
            version \(expected) instead. Hint: enable anomaly detection to find the operation that failed to compute \
            its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).
            """)
    }
}

extension GraphNode {
    /// Releases one reference to a node; if it was the last, the node releases what it holds and joins the pool.
    @inline(__always)
    static func release(_ node: consuming GraphNode, in thread: UnsafeMutablePointer<ThreadState>) {
        guard isKnownUniquelyReferenced(&node) else { return }
        node.releaseParts(in: thread)
        node.reset()
        thread.pointee.nodes.recycle(node, to: Scalar.poolIndex)
    }

    @inline(__always)
    private func reset() {
        sequence = 0
        derivative = Self.nothing
        wasFreed = false
    }

    private static var nothing: (Pullback<Scalar>) -> Void { { _ in } }

    /// Releases everything this node holds without recursing through a deep graph.
    ///
    /// Below 64 levels the release continues from a list of the thread, which the outermost node empties.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func releaseParts(in thread: UnsafeMutablePointer<ThreadState>) {
        thread.pointee.liveNodes -= 1
        guard thread.pointee.teardownDepth < 64 else { return postponeRelease(in: thread) }
        thread.pointee.teardownDepth += 1
        if savedFirst != nil { savedFirst = nil }
        if savedSecond != nil { savedSecond = nil }
        if savedOutput != nil { savedOutput = nil }
        if pendingGrad != nil { pendingGrad = nil }
        // Hooks may hold tensors of further graphs.
        if gradientHooks != nil { gradientHooks = nil }
        release(&first, in: thread)
        release(&second, in: thread)
        if var others = others.take() {
            for index in others.indices { release(&others[index], in: thread) }
        }
        if thread.pointee.teardownDepth == 1 {
            while let part = thread.pointee.postponed.popLast() { withExtendedLifetime(part) {} }
        }
        thread.pointee.teardownDepth -= 1
    }

    @inline(__always)
    private func release(_ edge: inout GraphEdge<Scalar>, in thread: UnsafeMutablePointer<ThreadState>) {
        let target = edge
        edge = .constant
        if case .node(let node) = consume target { GraphNode.release(node, in: thread) }
    }

    private func postponeRelease(in thread: UnsafeMutablePointer<ThreadState>) {
        for edge in [first, second] + (others ?? []) {
            switch edge {
            case .constant: break
            case .node(let node): thread.pointee.postponed.append(node)
            // Its gradient may have a graph of its own.
            case .leaf(let leaf): thread.pointee.postponed.append(leaf)
            }
        }
        if let savedFirst { thread.pointee.postponed.append(savedFirst) }
        if let savedSecond { thread.pointee.postponed.append(savedSecond) }
        if let gradientHooks { thread.pointee.postponed.append(gradientHooks) }
        gradientHooks = nil
        savedFirst = nil
        savedSecond = nil
        savedOutput = nil
        pendingGrad = nil
        first = .constant
        second = .constant
        others = nil
    }
}
