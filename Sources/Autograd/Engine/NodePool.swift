/// Graph nodes of one thread that nothing refers to any more, ready to record the next operation.
///
/// One list per number type, since a node belongs to one; what is put into a list comes out of the same list.
struct NodePool {
    /// At most this many nodes of a type wait; the rest are freed.
    private static let depth = 64
    private static let types = 2

    private let waiting: UnsafeMutablePointer<Unmanaged<AnyObject>>
    private let counts: UnsafeMutablePointer<Int>

    init() {
        waiting = .allocate(capacity: Self.types * Self.depth)
        counts = .allocate(capacity: Self.types)
        counts.initialize(repeating: 0, count: Self.types)
    }

    /// Frees everything; the pool must not be used again.
    func destroy() {
        for type in 0..<Self.types {
            for index in 0..<counts[type] { waiting[type * Self.depth + index].release() }
        }
        waiting.deallocate()
        counts.deallocate()
    }

    @inline(__always)
    func take<Node: AnyObject>(as type: Node.Type, from list: Int) -> Node? {
        guard counts[list] > 0 else { return nil }
        counts[list] -= 1
        return unsafeDowncast(waiting[list * Self.depth + counts[list]].takeRetainedValue(), to: type)
    }

    @inline(__always)
    func recycle(_ node: consuming AnyObject, to list: Int) {
        guard counts[list] < Self.depth else { return }
        (waiting + (list * Self.depth + counts[list])).initialize(to: .passRetained(node))
        counts[list] += 1
    }
}
