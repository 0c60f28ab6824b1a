/// Records what is computed in its scope and differentiates it afterwards: the TensorFlow way, on the same engine.
///
/// Leaves that require a gradient are watched by themselves, other tensors after ``watch(_:)``. What was computed
/// outside of the scope is constant to the tape. Sums inside of the scope and in the gradients run in the tape's
/// ``SummationOrder``. A tape is used on one thread.
package final class GradientTape<Scalar: TensorScalar> {
    private let isPersistent: Bool
    private let summation: SummationOrder
    private var watched: [Tensor<Scalar>] = []
    /// The sequence numbers of the operations recorded in each scope.
    private var recorded: [ClosedRange<UInt64>] = []
    private var wasUsed = false

    /// A tape that gives one set of gradients, or any number if `persistent`.
    package init(persistent: Bool = false, summation: SummationOrder = .tensorFlow) {
        isPersistent = persistent
        self.summation = summation
    }

    /// Treats a tensor as a variable in the scopes that follow.
    package func watch(_ tensor: Tensor<Scalar>) {
        watched.append(tensor)
    }

    /// Runs `body` and records its operations; may be called again to record more.
    package func record<R, Failure: Error>(_ body: () throws(Failure) -> R) throws(Failure) -> R {
        let constants = watched.filter { !$0.requiresGrad }
        for tensor in constants { tensor.requiresGrad = true }
        let thread = ThreadState.current
        let first = thread.pointee.lastSequence + 1
        thread.pointee.openTapes += 1
        defer {
            thread.pointee.openTapes -= 1
            if thread.pointee.lastSequence >= first { recorded.append(first...thread.pointee.lastSequence) }
            for tensor in constants { tensor.requiresGrad = false }
        }
        return try recording(true) { () throws(Failure) in try summation.use(in: body) }
    }

    /// The gradients of `target` (summed over its elements, or weighted by `upstream`) with respect to `sources`.
    ///
    /// nil for a source that the target does not depend on within the tape's scopes. Inside of the scope of another
    /// tape the gradients are recorded there, which gives second derivatives. Throws if a tape that is not persistent
    /// was asked before.
    package func gradient(
        of target: Tensor<Scalar>, withRespectTo sources: [Tensor<Scalar>], upstream: Tensor<Scalar>? = nil
    ) throws(AutogradError) -> [Tensor<Scalar>?] {
        guard isPersistent || !wasUsed else {
            throw AutogradError(
                .tapeUsedTwice,
                "A non-persistent GradientTape can only be used to compute one set of gradients (or jacobians)")
        }
        wasUsed = true
        guard target.requiresGrad else { return sources.map { _ in nil } }
        let isNested = ThreadState.current.pointee.openTapes > 0
        return try summation.use { () throws(AutogradError) in
            try Autograd.gradient(
                of: target, at: sources, upstream: upstream ?? .full(1, target.dimensions), retainGraph: isPersistent,
                createGraph: isNested, includes: isRecorded)
        }
    }

    private func isRecorded(_ node: GraphNode<Scalar>) -> Bool {
        recorded.contains { $0.contains(node.sequence) }
    }
}
