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
        let before = setRecording(createGraph)
        defer { _ = setRecording(before) }

        var pass = BackwardPass<Scalar>(retainGraph: retainGraph || createGraph, createGraph: createGraph)
        pass.send(seed, to: GraphEdge(to: self))
        try pass.run()
    }

    /// The gradient that a pass starts with: `gradient`, or 1 for a tensor with one element.
    @inline(__always)
    func seed(from gradient: Tensor?) throws(AutogradError) -> Tensor {
        guard let gradient else {
            guard count == 1 else {
                throw AutogradError(
                    .gradientShapeMismatch, "grad can be implicitly created only for scalar outputs")
            }
            return .full(1, dimensions)
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
}
