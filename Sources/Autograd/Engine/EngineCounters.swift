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
