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
