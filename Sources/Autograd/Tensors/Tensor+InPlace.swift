extension Tensor {
    // MARK: - Recorded changes

    /// Adds `b` to the numbers of `a` in place.
    package static func += (a: Tensor, b: Tensor) { a.change { $0 + b } }

    /// Subtracts `b` from the numbers of `a` in place.
    package static func -= (a: Tensor, b: Tensor) { a.change { $0 - b } }

    /// Multiplies the numbers of `a` by `b` in place.
    package static func *= (a: Tensor, b: Tensor) { a.change { $0 * b } }

    /// Divides the numbers of `a` by `b` in place.
    package static func /= (a: Tensor, b: Tensor) { a.change { $0 / b } }

    /// Adds a number to every number of `a` in place.
    package static func += (a: Tensor, c: Scalar) { a.change { $0 + c } }

    /// Subtracts a number from every number of `a` in place.
    package static func -= (a: Tensor, c: Scalar) { a.change { $0 - c } }

    /// Multiplies every number of `a` by a number in place.
    package static func *= (a: Tensor, c: Scalar) { a.change { $0 * c } }

    /// Divides every number of `a` by a number in place.
    package static func /= (a: Tensor, c: Scalar) { a.change { $0 / c } }

    /// Replaces the numbers in place by those of `source`, broadcast to this shape.
    package func copy(from source: Tensor) {
        change { before in
            let shape = before.dimensions.broadcast(with: source.dimensions)
            // `replace` has the shape of its first input, so a larger one would not be noticed afterwards.
            precondition(
                shape == before.dimensions,
                "output with shape \(before.shape) doesn't match the broadcast shape \(shape.sizes)")
            return BinaryOperation.replace(before, source)
        }
    }

    /// Replaces the numbers in place by `function` of what they were, and this tensor's place in the graph with them.
    ///
    /// For a view, the tensor it is a view of gets a new place in the graph as well. A leaf that requires a gradient
    /// can be changed only inside ``noGrad(_:)``.
    private func change(_ function: (Tensor) -> Tensor) {
        let isRecording = ThreadState.current.pointee.isRecording
        if isRecording { checkLeaves() }
        checkOverlap()
        let before = contiguousCopy()
        before.recordedGradFn = gradFn
        let after = function(before)
        precondition(
            after.dimensions == dimensions,
            "output with shape \(shape) doesn't match the broadcast shape \(after.shape)")
        if isRecording { checkOrigin(of: after) }
        write(after)
        guard isRecording, after.requiresGrad || origin?.base.requiresGrad == true else { return }
        if let base = origin?.base {
            base.recordCopy(of: after, at: flatIndices(in: base))
        } else {
            replaceGradFn(with: after.gradFn)
        }
    }

    /// Gives this tensor another place in the graph; a gradient it was asked to keep is from now on that of the new one.
    func replaceGradFn(with node: GraphNode<Scalar>?) {
        if let retained = recordedGradFn?.retained {
            node?.retained = retained
            recordedGradFn?.retained = nil
        }
        recordedGradFn = node
    }

    private func checkLeaves() {
        precondition(
            !(isLeaf && requiresGrad), "a leaf Variable that requires grad is being used in an in-place operation.")
        if let base = origin?.base {
            precondition(
                !(base.isLeaf && base.requiresGrad),
                "a view of a leaf Variable that requires grad is being used in an in-place operation.")
        }
    }

    private func checkOrigin(of after: Tensor) {
        precondition(
            unrecordedOrigin == .nothing || unrecordedOrigin == .constant && !after.requiresGrad,
            """
            A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this \
            use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view \
            and the inplace either both inside the no_grad block (if you don't want the inplace to be tracked) or \
            both outside (if you want the inplace to be tracked).
            """)
    }

    /// Overwrites the numbers with those of a tensor of the same shape and counts one change.
    private func write(_ source: Tensor) {
        version += 1
        source.withElements { source in
            var index = 0
            dimensions.forEachPosition(strides: explicitStrides) { position in
                elements[position] = source[index]
                index += 1
            }
        }
    }

    /// Records that the elements at `flatIndices` were replaced by `source`: their gradient goes there, the rest here.
    private func recordCopy(of source: Tensor, at flatIndices: [Int]) {
        let sourceShape = source.dimensions
        let node = GraphNode.make(
            name: "CopySlices",
            derivative: { pullback in
                pullback.toFirst(
                    pullback.gradient.maskedFill(pullback.gradient.dimensions.mask(at: flatIndices), with: 0))
                pullback.toSecond(pullback.gradient.gather(flatIndices, shape: sourceShape))
            },
            shape: dimensions, saving: [], first: GraphEdge(to: self), second: GraphEdge(to: source),
            thread: ThreadState.current)
        replaceGradFn(with: node)
    }

    // MARK: - Unrecorded changes

    /// Overwrites the numbers in place, row by row, unrecorded.
    ///
    /// A tensor that requires a gradient must be inside ``noGrad(_:)``.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func assign(_ values: [Scalar]) {
        precondition(values.count == count, "shape '\(shape)' is invalid for input of size \(values.count)")
        withUnsafeMutableScalars { target in
            for index in values.indices { target[index] = values[index] }
        }
    }

    /// Overwrites every number with `value` in place, unrecorded, under the conditions of ``assign(_:)``.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func fill(_ value: Scalar) {
        mutableScalars().update(repeating: value)
    }

    /// Calls `body` with the numbers of a contiguous tensor for reading and writing, and counts one change in place.
    ///
    /// A tensor that requires a gradient must be inside ``noGrad(_:)``: the change is not recorded. The buffer must
    /// not leave `body`.
    @inline(__always)
    package func withUnsafeMutableScalars<R, Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws(Failure) -> R
    ) throws(Failure) -> R {
        defer { withExtendedLifetime(self) {} }
        return try body(mutableScalars())
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func mutableScalars() -> UnsafeMutableBufferPointer<Scalar> {
        precondition(
            !requiresGrad || !ThreadState.current.pointee.isRecording,
            "a leaf Variable that requires grad is being used in an in-place operation.")
        precondition(strides == nil, "only a contiguous tensor can be written in place")
        version += 1
        return UnsafeMutableBufferPointer(start: elements, count: count)
    }
}

/// What a view looks at, and the version at which its place in the graph was known.
final class ViewOrigin<Scalar: TensorScalar> {
    /// The tensor that the numbers belong to; never a view itself.
    let base: Tensor<Scalar>
    var version: Int

    init(base: Tensor<Scalar>, version: Int) {
        self.base = base
        self.version = version
    }
}

/// What a view shows that was made inside ``noGrad(_:)``, or a view of such a one.
///
/// A recorded change of it would be missing in the graph of the tensor it shows, so it is refused.
enum UnrecordedOrigin: UInt8 {
    case nothing, constant, variable
}

extension Tensor {
    /// Remembers that this tensor shows numbers of `source`, so that changes in place reach the graph of both.
    @inline(__always)
    func isView(of source: Tensor) {
        unrecordedOrigin = source.unrecordedOrigin
        if ThreadState.current.pointee.isRecording {
            origin = ViewOrigin(base: source.origin?.base ?? source, version: version)
        } else if unrecordedOrigin == .nothing {
            unrecordedOrigin = source.requiresGrad || source.origin?.base.requiresGrad == true ? .variable : .constant
        }
    }

    /// After a change in place of the base or of another view of it: this view follows from the base as it is now.
    @inline(never)
    func refreshView() {
        guard let origin, origin.version != version else { return }
        origin.version = version
        guard let node = origin.base.recordedGradFn else { return }
        let flatIndices = flatIndices(in: origin.base)
        let own = GraphNode.make(
            name: "AsStridedBackward",
            derivative: { $0.toFirst($0.gradient.scatter(to: flatIndices, in: $0.firstShape)) },
            shape: dimensions, saving: [], first: .node(node), second: .constant, thread: ThreadState.current)
        replaceGradFn(with: own)
    }

    /// Where each element of this tensor lies in `base`, counted row by row through `base`.
    func flatIndices(in base: Tensor) -> [Int] {
        let distance = elements - base.elements
        var flatIndices: [Int] = []
        flatIndices.reserveCapacity(count)
        dimensions.forEachPosition(strides: explicitStrides) { flatIndices.append($0 + distance) }
        guard let baseStrides = base.strides else { return flatIndices }
        var rowMajor: [Int: Int] = [:]
        var next = 0
        base.dimensions.forEachPosition(strides: baseStrides) { position in
            rowMajor[position] = next
            next += 1
        }
        return flatIndices.map { place in
            guard let index = rowMajor[place] else {
                preconditionFailure("a view reaches element \(place), which its base does not show")
            }
            return index
        }
    }
}
