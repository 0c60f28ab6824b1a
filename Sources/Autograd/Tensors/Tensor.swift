/// An array of numbers with a shape that can remember how it was computed.
///
/// A tensor is a *leaf* when the user made it, and the result of an operation otherwise. Operations on tensors that
/// require a gradient record themselves; ``backward(gradient:retainGraph:createGraph:)`` walks that record and adds to
/// the ``grad`` of every leaf. Identity matters (a gradient accumulates *on* a leaf), so this is a class; the numbers
/// may be shared with views and detached aliases. Not thread-safe: use a tensor and its graph on one thread at a time.
package final class Tensor<Scalar: TensorScalar> {
    /// The size of each dimension; empty for a scalar.
    package let shape: [Int]

    /// The number of scalars, the product of ``shape``.
    package let count: Int

    /// Where the next element of each dimension lies; nil when elements lie row by row without gaps.
    let strides: [Int]?
    let offset: Int
    let storage: TensorStorage<Scalar>

    var leafRequiresGrad: Bool
    var recordedGradFn: GraphNode<Scalar>?
    var accumulatedGrad: Tensor?
    /// What a running backward pass has summed for this leaf so far.
    var pendingGrad: Tensor?

    init(storage: TensorStorage<Scalar>, offset: Int = 0, shape: [Int], strides: [Int]? = nil, count: Int) {
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.strides = strides
        self.count = count
        leafRequiresGrad = false
    }

    // MARK: - Making tensors

    /// A leaf that holds `values` row by row.
    ///
    /// `values.count` must be the product of `shape`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package convenience init(_ values: [Scalar], shape: [Int], requiresGrad: Bool = false) {
        let count = shape.elementCount
        precondition(values.count == count, "shape '\(shape)' is invalid for input of size \(values.count)")
        let storage = TensorStorage<Scalar>.uninitialized(count: count)
        values.withUnsafeBufferPointer { values in
            if let first = values.baseAddress { storage.base.initialize(from: first, count: count) }
        }
        self.init(storage: storage, shape: shape, count: count)
        leafRequiresGrad = requiresGrad
    }

    /// A leaf without dimensions that holds one number.
    package convenience init(_ value: Scalar, requiresGrad: Bool = false) {
        self.init([value], shape: [], requiresGrad: requiresGrad)
    }

    /// A tensor of `shape` that holds `value` everywhere.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func full(_ value: Scalar, shape: [Int], requiresGrad: Bool = false) -> Tensor {
        let count = shape.elementCount
        let storage = TensorStorage<Scalar>.uninitialized(count: count)
        storage.base.initialize(repeating: value, count: count)
        let result = Tensor(storage: storage, shape: shape, count: count)
        result.leafRequiresGrad = requiresGrad
        return result
    }

    /// A tensor of `shape` that holds 0 everywhere.
    package static func zeros(shape: [Int], requiresGrad: Bool = false) -> Tensor {
        full(0, shape: shape, requiresGrad: requiresGrad)
    }

    /// A tensor of `shape` that holds 1 everywhere.
    package static func ones(shape: [Int], requiresGrad: Bool = false) -> Tensor {
        full(1, shape: shape, requiresGrad: requiresGrad)
    }

    // MARK: - Reading

    /// A copy of the numbers, row by row.
    package var scalars: [Scalar] {
        withElements { Array($0) }
    }

    /// The only number of a tensor with one element; throws for any other count.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func item() throws(AutogradError) -> Scalar {
        guard count == 1 else {
            throw AutogradError(
                .itemOfManyElements, "a Tensor with \(count) elements cannot be converted to Scalar")
        }
        return withExtendedLifetime(storage) { storage.base[offset] }
    }
}

extension [Int] {
    /// The number of elements of a tensor of this shape.
    @inline(__always)
    var elementCount: Int {
        var product = 1
        for size in self { product *= size }
        return product
    }
}
