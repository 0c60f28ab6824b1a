/// A recorded operation: how its result was computed, and how a gradient travels back through it.
///
/// Holds its inputs (never its result, so graphs have no reference cycles) and is held by its result and by the
/// operations computed from that. Nodes are numbered as they are made; every consumer has a higher number than what
/// it consumes, which is all the ordering that the engine needs.
package final class GraphNode<Scalar: TensorScalar> {
    let operationName: StaticString
    let derivative: (Pullback<Scalar>) -> Void
    let sequence: UInt64
    /// The shape of the result, hence of the gradient that arrives here.
    let shape: [Int]

    var first: GraphEdge<Scalar>
    var second: GraphEdge<Scalar>
    var others: [GraphEdge<Scalar>]

    var saved: SavedValues<Scalar>
    /// What a running backward pass has summed for the result so far.
    var pendingGrad: Tensor<Scalar>?

    /// PyTorch's name of the operation without its trailing number, such as `MulBackward`.
    package var name: String { operationName.description }

    init(
        name: StaticString, derivative: @escaping (Pullback<Scalar>) -> Void, shape: [Int],
        first: GraphEdge<Scalar>, second: GraphEdge<Scalar> = .constant, others: [GraphEdge<Scalar>] = [],
        saved: SavedValues<Scalar>, thread: UnsafeMutablePointer<ThreadState>
    ) {
        operationName = name
        self.derivative = derivative
        self.shape = shape
        self.first = first
        self.second = second
        self.others = others
        self.saved = saved
        var highest = max(thread.pointee.lastSequence, first.sequence, second.sequence)
        for edge in others { highest = max(highest, edge.sequence) }
        sequence = highest + 1
        thread.pointee.lastSequence = sequence
        thread.pointee.liveNodes += 1
    }

    /// Releases what the node holds without recursing through a deep graph: below 64 levels the release goes on in a
    /// list of the thread, emptied by the outermost node.
    deinit {
        let thread = ThreadState.current
        thread.pointee.liveNodes -= 1
        guard thread.pointee.teardownDepth < 64 else {
            for edge in [first, second] + others {
                if case .node(let node) = edge { thread.pointee.postponed.append(node) }
            }
            saved.postponeRelease(in: thread)
            return
        }
        thread.pointee.teardownDepth += 1
        saved.release()
        first = .constant
        second = .constant
        others = []
        thread.pointee.teardownDepth -= 1
        if thread.pointee.teardownDepth == 0 {
            while let part = thread.pointee.postponed.popLast() { withExtendedLifetime(part) {} }
        }
    }
}

/// Where the gradient of one input goes.
enum GraphEdge<Scalar: TensorScalar> {
    /// Nowhere: the input requires no gradient.
    case constant
    case node(GraphNode<Scalar>)
    case leaf(Tensor<Scalar>)

    @inline(__always)
    init(to input: Tensor<Scalar>) {
        if let node = input.gradFn {
            self = .node(node)
        } else if input.leafRequiresGrad {
            self = .leaf(input)
        } else {
            self = .constant
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
