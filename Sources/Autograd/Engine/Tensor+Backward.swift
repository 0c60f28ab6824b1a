extension Tensor {
    /// Adds the gradient of this tensor (weighted by `gradient`) to the ``grad`` of every leaf it was computed from.
    ///
    /// A tensor with more than one element needs a `gradient` of its own shape: the vector v of the product v^T J.
    /// The values saved in the graph are freed unless `retainGraph` (or `createGraph`) is set, so a second pass throws.
    /// With `createGraph` the gradients are recorded tensors themselves and can be differentiated. When it throws,
    /// no leaf has changed.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func backward(
        gradient: Tensor? = nil, retainGraph: Bool = false, createGraph: Bool = false
    ) throws(AutogradError) {
        guard requiresGrad else {
            throw AutogradError(
                .gradientNotRequired, "element 0 of tensors does not require grad and does not have a grad_fn")
        }
        let seed = try seed(from: gradient)
        try recording(createGraph) { () throws(AutogradError) in
            var pass = BackwardPass<Scalar>(retainGraph: retainGraph || createGraph, createGraph: createGraph)
            let root = GraphEdge(to: self)
            // The pass itself holds no nodes.
            defer { withExtendedLifetime(root) {} }
            pass.send(seed, to: root)
            try pass.run()
        }
    }

    /// The gradient that a pass starts with: `gradient`, or 1 for a tensor with one element.
    @inline(__always)
    func seed(from gradient: Tensor?) throws(AutogradError) -> Tensor {
        guard let gradient else {
            guard count == 1 else {
                throw AutogradError(
                    .gradientShapeMismatch, "grad can be implicitly created only for scalar outputs")
            }
            return .one(dimensions)
        }
        guard gradient.dimensions == dimensions else {
            throw AutogradError(
                .gradientShapeMismatch,
                """
                Mismatch in shape: grad_output[0] has a shape of torch.Size(\(gradient.shape)) and output[0] has a \
                shape of torch.Size(\(shape)).
                """)
        }
        return gradient
    }

    /// 1, as the gradient of a tensor of `shape`; for scalars always the same tensor of the thread.
    @inline(__always)
    private static func one(_ shape: Shape) -> Tensor {
        guard shape.rank == 0 else { return full(1, shape) }
        let thread = ThreadState.current
        // A hook may have seen it, and changed it or made it a leaf of its own.
        if let one = thread.pointee.ones.of(Scalar.self), one.version == 0, one.accumulator == nil { return one }
        let one = full(1, shape)
        thread.pointee.ones.keep(one)
        return one
    }
}

/// The gradient 1 that nearly every backward pass starts with, for both number types.
struct ScalarOnes {
    private var float: Tensor<Float>?
    private var double: Tensor<Double>?

    @inline(__always)
    func of<Scalar: TensorScalar>(_: Scalar.Type) -> Tensor<Scalar>? {
        if Scalar.self == Double.self { return double as? Tensor<Scalar> }
        return float as? Tensor<Scalar>
    }

    mutating func keep<Scalar: TensorScalar>(_ one: Tensor<Scalar>) {
        if let one = one as? Tensor<Double> { double = one }
        if let one = one as? Tensor<Float> { float = one }
    }
}
