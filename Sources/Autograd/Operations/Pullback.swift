/// What a derivative works with: the gradient of the result, the saved values, and the way to the inputs.
struct Pullback<Scalar: TensorScalar> {
    let node: GraphNode<Scalar>
    /// The gradient of the loss with respect to the operation's result.
    let gradient: Tensor<Scalar>
    let pass: UnsafeMutablePointer<BackwardPass<Scalar>>

    /// The saved first input.
    var first: Tensor<Scalar> { saved(node.savedFirst) }

    /// The saved second input.
    var second: Tensor<Scalar> { saved(node.savedSecond) }

    /// The saved result, attached to the graph again so that the derivative can be differentiated.
    var output: Tensor<Scalar> {
        let output = saved(node.savedOutput).detach()
        output.recordedGradFn = node
        return output
    }

    /// The shape of the first input.
    var firstShape: Shape { node.first.shape }

    /// The shape of the second input.
    var secondShape: Shape { node.second.shape }

    /// Whether the derivative itself must be recorded.
    var isRecorded: Bool { pass.pointee.createGraph }

    /// Adds a gradient for the first input; it is computed only if that input wants it.
    @inline(__always)
    func toFirst(_ gradient: @autoclosure () -> Tensor<Scalar>) {
        if pass.pointee.wants(node.first) { pass.pointee.send(gradient(), to: node.first) }
    }

    /// Adds a gradient for the second input; it is computed only if that input wants it.
    @inline(__always)
    func toSecond(_ gradient: @autoclosure () -> Tensor<Scalar>) {
        if pass.pointee.wants(node.second) { pass.pointee.send(gradient(), to: node.second) }
    }

    /// Adds a gradient for every input of an operation on a list, given its number.
    func toEach(_ gradient: (Int) -> Tensor<Scalar>) {
        for (index, edge) in node.edges.enumerated() where pass.pointee.wants(edge) {
            pass.pointee.send(gradient(index), to: edge)
        }
    }

    @inline(__always)
    private func saved(_ value: Tensor<Scalar>?) -> Tensor<Scalar> {
        guard let value else {
            preconditionFailure("the derivative of \(node.name) reads a value that its table entry does not save")
        }
        return value
    }
}
