/// An array of numbers with a shape that can remember how it was computed.
///
/// A tensor is a *leaf* when the user made it, and the result of an operation otherwise. Operations on tensors that
/// require a gradient record themselves; ``backward(gradient:retainGraph:createGraph:)`` walks that record and adds to
/// the ``grad`` of every leaf. Identity matters (a gradient accumulates *on* a leaf), so this is a class; the numbers
/// may be shared with views and detached aliases. Not thread-safe: use a tensor and its graph on one thread at a time.
package final class Tensor<Scalar: TensorScalar> {
    /// Owns one reference, given up in `deinit`.
    private let unmanagedStorage: Unmanaged<TensorStorage>
    /// The first of this tensor's numbers, inside of the storage.
    let elements: UnsafeMutablePointer<Scalar>
    let dimensions: Shape
    /// Where the next element of each dimension lies; nil when elements lie row by row without gaps.
    let strides: Strides?

    // The compiler cannot see that no access to these overlaps another one, and checking costs as much as an addition
    // of two tensors. They are only read and replaced as a whole, never passed `inout` across a call.
    /// What recorded this tensor; stale for a view of a tensor that was changed in place since, see ``gradFn``.
    @exclusivity(unchecked) var recordedGradFn: GraphNode<Scalar>?
    @exclusivity(unchecked) var accumulator: GradientAccumulator<Scalar>?
    /// What this tensor is a view of; nil for most.
    @exclusivity(unchecked) var origin: ViewOrigin<Scalar>?
    /// What this tensor is an unrecorded view of; `.nothing` for most.
    @exclusivity(unchecked) var unrecordedOrigin = UnrecordedOrigin.nothing

    /// A new contiguous tensor, filled by `body`, which must write every number.
    @inline(__always)
    init(shape: Shape, filledBy body: (UnsafeMutablePointer<Scalar>) -> Void) {
        let byteCount = shape.elementCount * MemoryLayout<Scalar>.stride
        let thread = ThreadState.current
        thread.pointee.allocations += 1
        unmanagedStorage = thread.pointee.storages.take(byteCount: byteCount, counting: &thread.pointee.allocations)
        elements = unmanagedStorage._withUnsafeGuaranteedRef { $0.base(as: Scalar.self) }
        body(elements)
        dimensions = shape
        strides = nil
    }

    /// A tensor that shares the storage of `base`.
    @inline(__always)
    init(sharing base: Tensor, offset: Int = 0, shape: Shape, strides: Strides? = nil) {
        ThreadState.current.pointee.allocations += 1
        unmanagedStorage = base.unmanagedStorage.retain()
        elements = base.elements + offset
        dimensions = shape
        self.strides = strides
    }

    deinit {
        recycle()
    }

    /// What `deinit` does: in a method, since deinitializers of generic classes are not specialized.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func recycle() {
        let thread = ThreadState.current
        if let node = recordedGradFn {
            recordedGradFn = nil
            GraphNode.release(node, in: thread)
        }
        thread.pointee.storages.recycle(unmanagedStorage)
    }

    /// How often the numbers were changed in place, through this tensor or another one that shares them.
    var version: Int {
        @inline(__always) get { unmanagedStorage._withUnsafeGuaranteedRef { $0.version } }
        @inline(__always) set { unmanagedStorage._withUnsafeGuaranteedRef { $0.version = newValue } }
    }

    /// Whether this is the only tensor that uses its storage, and uses it from the start.
    var ownsStorage: Bool {
        unmanagedStorage.isLastReference
            && elements == unmanagedStorage._withUnsafeGuaranteedRef { $0.base(as: Scalar.self) }
    }
}

// MARK: - Making tensors

extension Tensor {
    /// A leaf that holds `values` row by row; `values.count` must be the product of `shape`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package convenience init(_ values: [Scalar], shape: [Int], requiresGrad: Bool = false) {
        let shape = Shape(shape)
        precondition(
            values.count == shape.elementCount,
            "shape '\(shape.sizes)' is invalid for input of size \(values.count)")
        self.init(shape: shape) { target in
            for index in values.indices { target[index] = values[index] }
        }
        if requiresGrad { self.requiresGrad = true }
    }

    /// A leaf without dimensions that holds one number.
    package convenience init(_ value: Scalar, requiresGrad: Bool = false) {
        self.init([value], shape: [], requiresGrad: requiresGrad)
    }

    /// A tensor of `shape` that holds `value` everywhere.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func full(_ value: Scalar, shape: [Int], requiresGrad: Bool = false) -> Tensor {
        let result = full(value, Shape(shape))
        if requiresGrad { result.requiresGrad = true }
        return result
    }

    /// A leaf of shape [indices.count, 1] that holds the values at `indices`: a batch of samples.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func column(of values: [Scalar], at indices: ArraySlice<Int>) -> Tensor {
        Tensor(shape: Shape(rows: indices.count, columns: 1)) { target in
            values.withUnsafeBufferPointer { values in
                indices.withUnsafeBufferPointer { indices in
                    for position in indices.indices {
                        precondition(values.indices.contains(indices[position]), "there is no such value")
                        target[position] = values[indices[position]]
                    }
                }
            }
        }
    }

    /// A tensor of `shape` that holds 0 everywhere.
    package static func zeros(shape: [Int], requiresGrad: Bool = false) -> Tensor {
        full(0, shape: shape, requiresGrad: requiresGrad)
    }

    /// A tensor of `shape` that holds 1 everywhere.
    package static func ones(shape: [Int], requiresGrad: Bool = false) -> Tensor {
        full(1, shape: shape, requiresGrad: requiresGrad)
    }

    static func full(_ value: Scalar, _ shape: Shape) -> Tensor {
        Tensor(shape: shape) { $0.initialize(repeating: value, count: shape.elementCount) }
    }
}

// MARK: - Reading

extension Tensor {
    /// The size of each dimension; empty for a scalar.
    package var shape: [Int] { dimensions.sizes }

    /// The number of elements, the product of the sizes.
    package var count: Int {
        @inline(__always) get { dimensions.elementCount }
    }

    /// Whether both have the same sizes in the same order.
    package func hasShape(of other: Tensor) -> Bool {
        dimensions == other.dimensions
    }

    /// A copy of the numbers, row by row.
    package var scalars: [Scalar] {
        withElements { Array(UnsafeBufferPointer(start: $0, count: count)) }
    }

    /// The only number of a tensor with one element; throws for any other count.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func item() throws(AutogradError) -> Scalar {
        guard count == 1 else {
            throw AutogradError(
                .itemOfManyElements, "a Tensor with \(count) elements cannot be converted to Scalar")
        }
        return withExtendedLifetime(self) { elements.pointee }
    }
}
