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
