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
