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
