/// The nodes that wait for their turn, highest sequence number first.
///
/// One node waits outside of the heap, so that a chain of operations needs no heap at all.
struct NodeQueue<Scalar: TensorScalar> {
    private var highest: GraphNode<Scalar>?
    /// A binary heap of the others, none of them above ``highest``.
    private var heap: [GraphNode<Scalar>] = []

    @inline(__always)
    mutating func insert(_ node: GraphNode<Scalar>) {
        guard let highest else {
            self.highest = node
            return
        }
        if node.sequence > highest.sequence {
            self.highest = node
            push(highest)
        } else {
            push(node)
        }
    }

    @inline(__always)
    mutating func popHighest() -> GraphNode<Scalar>? {
        let node = highest
        highest = heap.isEmpty ? nil : popHeap()
        return node
    }

    private mutating func push(_ node: GraphNode<Scalar>) {
        var child = heap.count
        heap.append(node)
        while child > 0 {
            let parent = (child - 1) / 2
            if heap[parent].sequence > heap[child].sequence { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func popHeap() -> GraphNode<Scalar> {
        heap.swapAt(0, heap.count - 1)
        let node = heap.removeLast()
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return node }
            if child + 1 < heap.count, heap[child + 1].sequence > heap[child].sequence { child += 1 }
            if heap[parent].sequence > heap[child].sequence { return node }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
