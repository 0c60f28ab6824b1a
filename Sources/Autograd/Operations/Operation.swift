/// One entry of the table of operations: PyTorch's name, what the derivative needs, the forward computation, and the
/// derivative.
///
/// An entry cannot be made without a derivative. `Forward` is the type of the forward computation and so says how
/// many inputs there are: one, two, or a list. Forward computations are unrecorded; derivatives are written with
/// recorded tensor operations, so that they have derivatives themselves.
struct Operation<Scalar: TensorScalar, Forward> {
    let name: StaticString
    /// What is saved when the first input requires a gradient.
    let savingForFirst: Saving
    /// What is saved when the second input requires a gradient.
    let savingForSecond: Saving
    let forward: Forward
    let derivative: (Pullback<Scalar>) -> Void

    @inline(__always)
    init(
        _ name: StaticString, saving: Saving = [], savingForSecond: Saving? = nil, forward: Forward,
        derivative: @escaping (Pullback<Scalar>) -> Void
    ) {
        self.name = name
        savingForFirst = saving
        self.savingForSecond = savingForSecond ?? saving
        self.forward = forward
        self.derivative = derivative
    }
}

typealias UnaryOperation<Scalar: TensorScalar> = Operation<Scalar, (Tensor<Scalar>) -> Tensor<Scalar>>
typealias BinaryOperation<Scalar: TensorScalar> =
    Operation<Scalar, (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>>
typealias ListOperation<Scalar: TensorScalar> = Operation<Scalar, ([Tensor<Scalar>]) -> Tensor<Scalar>>

extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// Computes the result and records the operation if the input requires a gradient.
    @inline(__always)
    func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        let output = forward(input)
        guard input.requiresGrad else { return output }
        let thread = ThreadState.current
        guard thread.pointee.isRecording else { return output }
        let node = GraphNode(
            name: name, derivative: derivative, shape: output.dimensions, saving: savingForFirst,
            first: GraphEdge(to: input), thread: thread)
        node.save(first: input, second: input, output: output)
        output.recordedGradFn = node
        return output
    }
}

extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// Computes the result and records the operation if an input requires a gradient.
    @inline(__always)
    func callAsFunction(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
        let output = forward(a, b)
        let firstRequires = a.requiresGrad
        let secondRequires = b.requiresGrad
        guard firstRequires || secondRequires else { return output }
        let thread = ThreadState.current
        guard thread.pointee.isRecording else { return output }
        var saving: Saving = []
        if firstRequires { saving.formUnion(savingForFirst) }
        if secondRequires { saving.formUnion(savingForSecond) }
        let node = GraphNode(
            name: name, derivative: derivative, shape: output.dimensions, saving: saving,
            first: GraphEdge(to: a), second: GraphEdge(to: b), thread: thread)
        node.save(first: a, second: b, output: output)
        output.recordedGradFn = node
        return output
    }
}
