#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the engine keeps per thread: whether operations are recorded, the order of sums, and the node counters.
///
/// A plain thread-specific value, not a task-local: it is read by every operation, and no suspension can happen
/// inside ``noGrad(_:)`` or a derivative.
struct ThreadState {
    var isRecording = true
    var summation = SummationOrder.torch
    var lastSequence: UInt64 = 0
    /// How many gradient tapes are recording.
    var openTapes = 0
    var liveNodes = 0
    /// How many tensors, storages and nodes were allocated, not counting what came from a pool.
    var allocations = 0
    var teardownDepth = 0
    /// Parts of graphs whose release was put off because the stack had become deep.
    var postponed: [AnyObject] = []
    let storages = StoragePool()
    let nodes = NodePool()
    var ones = ScalarOnes()

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key) { release($0) }
        precondition(status == 0, "pthread_key_create failed with status \(status)")
        return key
    }()

    /// The state of the calling thread; the pointer must not leave the thread.
    static var current: UnsafeMutablePointer<ThreadState> {
        @inline(__always) get {
            if let state = pthread_getspecific(key) { return state.assumingMemoryBound(to: ThreadState.self) }
            return makeState()
        }
    }

    @inline(never)
    private static func makeState() -> UnsafeMutablePointer<ThreadState> {
        let state = UnsafeMutablePointer<ThreadState>.allocate(capacity: 1)
        state.initialize(to: ThreadState())
        let status = pthread_setspecific(key, state)
        precondition(status == 0, "pthread_setspecific failed with status \(status)")
        return state
    }

    private static func release(_ state: UnsafeMutableRawPointer?) {
        guard let state = state?.assumingMemoryBound(to: ThreadState.self) else { return }
        // What is released last may still be recycled.
        let pools = (state.pointee.storages, state.pointee.nodes)
        state.pointee.postponed = []
        state.pointee.ones = ScalarOnes()
        pools.1.destroy()
        pools.0.destroy()
        state.deinitialize(count: 1)
        state.deallocate()
    }
}

/// Runs `body` without recording: tensors computed inside require no gradient, and leaves may be changed in place.
///
/// Holds for the calling thread; nests.
@inline(__always)
package func noGrad<R, Failure: Error>(_ body: () throws(Failure) -> R) throws(Failure) -> R {
    try recording(false, body)
}

/// Runs `body` with operations recorded or not on the calling thread.
@inline(__always)
func recording<R, Failure: Error>(_ isRecording: Bool, _ body: () throws(Failure) -> R) throws(Failure) -> R {
    let thread = ThreadState.current
    let before = thread.pointee.isRecording
    thread.pointee.isRecording = isRecording
    defer { thread.pointee.isRecording = before }
    return try body()
}

/// What the engine has made on the calling thread, for tests and benchmarks.
package enum EngineCounters {
    /// How many recorded operations are alive.
    package static var liveNodes: Int { ThreadState.current.pointee.liveNodes }

    /// How many tensors, storages and graph nodes `work` allocates; those taken from a pool do not count.
    package static func allocations(in work: () -> Void) -> Int {
        let before = ThreadState.current.pointee.allocations
        work()
        return ThreadState.current.pointee.allocations - before
    }
}

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
