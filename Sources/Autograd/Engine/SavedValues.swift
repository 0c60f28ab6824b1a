/// The values an operation keeps for its derivative, each with the version it had.
struct SavedValues<Scalar: TensorScalar> {
    private(set) var first: Tensor<Scalar>?
    private(set) var second: Tensor<Scalar>?
    /// An alias of the result that does not hold the node, so that saving it makes no reference cycle.
    private(set) var output: Tensor<Scalar>?
    private var firstVersion = 0
    private var secondVersion = 0
    private var outputVersion = 0
    private(set) var wasReleased = false
    /// Whether anything was saved: what a second backward pass would miss.
    private let isEmpty: Bool

    @inline(__always)
    init(_ which: Saving, first: Tensor<Scalar>, second: Tensor<Scalar>?, output: Tensor<Scalar>) {
        isEmpty = which.isEmpty
        if which.contains(.first) {
            self.first = first
            firstVersion = first.storage.version
        }
        if which.contains(.second), let second {
            self.second = second
            secondVersion = second.storage.version
        }
        if which.contains(.output) {
            self.output = output.detach()
            outputVersion = output.storage.version
        }
    }

    /// Forgets the values; a later use is an error if there were any.
    mutating func release() {
        first = nil
        second = nil
        output = nil
        if !isEmpty { wasReleased = true }
    }

    func postponeRelease(in thread: UnsafeMutablePointer<ThreadState>) {
        if let first { thread.pointee.postponed.append(first) }
        if let second { thread.pointee.postponed.append(second) }
    }

    /// Throws if the values were released or changed in place since they were saved.
    @inline(__always)
    func check(savedBy node: GraphNode<Scalar>) throws(AutogradError) {
        if wasReleased { throw Self.freedError }
        if let first, first.storage.version != firstVersion { throw modified(first, firstVersion, first.gradFn) }
        if let second, second.storage.version != secondVersion {
            throw modified(second, secondVersion, second.gradFn)
        }
        if let output, output.storage.version != outputVersion { throw modified(output, outputVersion, node) }
    }

    private static var freedError: AutogradError {
        AutogradError(
            .graphFreed,
            """
            Trying to backward through the graph a second time (or directly access saved tensors after they have \
            already been freed). Saved intermediate values of the graph are freed when you call .backward() or \
            autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if \
            you need to access saved tensors after calling backward.
            """)
    }

    private func modified(
        _ value: Tensor<Scalar>, _ expected: Int, _ source: GraphNode<Scalar>?
    ) -> AutogradError {
        let suffix = "Backward"
        let origin = source.map { source in
            let name = source.name
            return ", which is output 0 of \(name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name),"
        }
        return AutogradError(
            .savedValueModified,
            """
            one of the variables needed for gradient computation has been modified by an inplace operation: \
            [\(Scalar.tensorTypeName) \(value.shape)]\(origin ?? "") is at version \(value.storage.version); expected \
            version \(expected) instead. Hint: enable anomaly detection to find the operation that failed to compute \
            its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).
            """)
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
