/// The gradients of `output` (weighted by `upstream`) with respect to `inputs`, without touching any ``Tensor/grad``.
///
/// Only the part of the graph that leads to an input is visited and freed. An input that `output` does not depend on
/// is an error, or nil if `allowUnused`. Inputs may be leaves or results of operations.
package func gradient<Scalar: TensorScalar>(
    of output: Tensor<Scalar>, withRespectTo inputs: [Tensor<Scalar>], upstream: Tensor<Scalar>? = nil,
    retainGraph: Bool = false, createGraph: Bool = false, allowUnused: Bool = false
) throws(AutogradError) -> [Tensor<Scalar>?] {
    guard inputs.allSatisfy({ $0.requiresGrad }) else {
        throw AutogradError(.gradientNotRequired, "One of the differentiated Tensors does not require grad")
    }
    let gradients = try gradient(
        of: output, at: inputs, upstream: upstream, retainGraph: retainGraph, createGraph: createGraph,
        includes: { _ in true })
    if !allowUnused, let unused = gradients.firstIndex(where: { $0 == nil }) {
        throw AutogradError(
            .notUsedInGraph,
            """
            The differentiated Tensor at index \(unused) appears to not have been used in the graph. Set \
            allow_unused=True if this is the desired behavior.
            """)
    }
    return gradients
}

/// The gradient of `output` with respect to one input that it depends on; see the other form.
package func gradient<Scalar: TensorScalar>(
    of output: Tensor<Scalar>, withRespectTo input: Tensor<Scalar>, upstream: Tensor<Scalar>? = nil,
    retainGraph: Bool = false, createGraph: Bool = false
) throws(AutogradError) -> Tensor<Scalar> {
    let gradients = try gradient(
        of: output, withRespectTo: [input], upstream: upstream, retainGraph: retainGraph, createGraph: createGraph)
    guard case .some(.some(let gradient)) = gradients.first else {
        preconditionFailure("asked for one gradient and got \(gradients.count)")
    }
    return gradient
}

/// The gradients at `inputs` through the nodes that `includes` accepts; nil where none arrives.
func gradient<Scalar: TensorScalar>(
    of output: Tensor<Scalar>, at inputs: [Tensor<Scalar>], upstream: Tensor<Scalar>?, retainGraph: Bool,
    createGraph: Bool, includes: (GraphNode<Scalar>) -> Bool
) throws(AutogradError) -> [Tensor<Scalar>?] {
    guard output.requiresGrad else {
        throw AutogradError(
            .gradientNotRequired, "element 0 of tensors does not require grad and does not have a grad_fn")
    }
    let seed = try output.seed(from: upstream)
    return try recording(createGraph) { () throws(AutogradError) in
        let root = GraphEdge(to: output)
        defer { withExtendedLifetime(root) {} }
        let request = GradientRequest(root: root, inputs: inputs.map { GraphEdge(source: $0) }, includes: includes)
        var pass = BackwardPass(retainGraph: retainGraph || createGraph, createGraph: createGraph, request: request)
        if pass.wants(root) { pass.send(seed, to: root) }
        try pass.run()
        return request.gradients
    }
}
