/// The value of `function` and its gradient at `input`; nothing is accumulated anywhere.
package func valueWithGradient<Scalar: TensorScalar>(
    at input: Tensor<Scalar>, of function: (Tensor<Scalar>) -> Tensor<Scalar>
) throws(AutogradError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    let leaf = input.detach()
    leaf.requiresGrad = true
    let value = function(leaf)
    return (value.detach(), try gradient(of: value, withRespectTo: leaf))
}

/// The derivative of every element of `output` with respect to every element of `input`.
///
/// The shape is that of `output` followed by that of `input`. One backward pass per element of `output`. With
/// `createGraph` the result can be differentiated.
package func jacobian<Scalar: TensorScalar>(
    of output: Tensor<Scalar>, withRespectTo input: Tensor<Scalar>, createGraph: Bool = false
) throws(AutogradError) -> Tensor<Scalar> {
    var rows: [Tensor<Scalar>] = []
    for element in 0..<output.count {
        let upstream = Tensor<Scalar>.full(0, output.dimensions)
        upstream.elements[element] = 1
        let row = try gradient(
            of: output, withRespectTo: [input], upstream: upstream, retainGraph: true, createGraph: createGraph,
            allowUnused: true)
        rows.append((row.first ?? nil) ?? .full(0, input.dimensions))
    }
    let shape = output.shape + input.shape
    guard !rows.isEmpty else { return .zeros(shape: shape) }
    return Tensor.stack(rows).reshape(shape)
}

/// The second derivatives of `function`, which returns one number, at `input`: its shape twice.
package func hessian<Scalar: TensorScalar>(
    at input: Tensor<Scalar>, of function: (Tensor<Scalar>) -> Tensor<Scalar>
) throws(AutogradError) -> Tensor<Scalar> {
    let leaf = input.detach()
    leaf.requiresGrad = true
    let first = try gradient(of: function(leaf), withRespectTo: leaf, createGraph: true)
    guard first.requiresGrad else { return .zeros(shape: input.shape + input.shape) }
    return try jacobian(of: first, withRespectTo: leaf).detach()
}
