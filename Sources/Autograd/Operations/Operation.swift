/// One entry of the table of operations: its kind, PyTorch's name, what the derivative needs, the forward computation,
/// and the derivative.
///
/// An entry cannot be made without a kind, which asks for a test, nor without a derivative. `Forward` is the type of the forward computation and so says how
/// many inputs there are: one, two, or a list. Forward computations are unrecorded; derivatives are written with
/// recorded tensor operations, so that they have derivatives themselves.
struct Operation<Scalar: TensorScalar, Forward> {
    let kind: OperationKind
    let name: StaticString
    /// What is saved when the first input requires a gradient.
    let savingForFirst: Saving
    /// What is saved when the second input requires a gradient.
    let savingForSecond: Saving
    let forward: Forward
    let derivative: (Pullback<Scalar>) -> Void

    @inline(__always)
    init(
        _ kind: OperationKind, _ name: StaticString, saving: Saving = [], savingForSecond: Saving? = nil,
        forward: Forward,
        derivative: @escaping (Pullback<Scalar>) -> Void
    ) {
        self.kind = kind
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
        if input.requiresGrad {
            output.record(name, derivative, saving: savingForFirst, first: input)
        }
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
        if firstRequires || secondRequires {
            let saving = (firstRequires ? savingForFirst : []).union(secondRequires ? savingForSecond : [])
            output.record(name, derivative, saving: saving, first: a, second: b)
        }
        return output
    }
}

extension Operation where Forward == ([Tensor<Scalar>]) -> Tensor<Scalar> {
    /// Computes the result and records the operation if an input requires a gradient.
    func callAsFunction(_ inputs: [Tensor<Scalar>]) -> Tensor<Scalar> {
        let output = forward(inputs)
        let thread = ThreadState.current
        if thread.pointee.isRecording, inputs.contains(where: { $0.requiresGrad }) {
            output.recordedGradFn = GraphNode.make(
                name: name, derivative: derivative, shape: output.dimensions, saving: [], first: .constant,
                second: .constant, others: inputs.map { GraphEdge(to: $0) }, thread: thread)
        }
        return output
    }
}

extension Tensor {
    /// Remembers that this tensor is the result of an operation on one input, unless recording is off.
    @inline(never)
    fileprivate func record(
        _ name: StaticString, _ derivative: @escaping (Pullback<Scalar>) -> Void, saving: Saving, first: Tensor
    ) {
        let thread = ThreadState.current
        guard thread.pointee.isRecording else { return }
        let node = GraphNode.make(
            name: name, derivative: derivative, shape: dimensions, saving: saving, first: GraphEdge(to: first),
            second: .constant, thread: thread)
        node.save(first: first, second: first, output: self)
        recordedGradFn = node
    }

    /// Remembers that this tensor is the result of an operation on two inputs, unless recording is off.
    @inline(never)
    fileprivate func record(
        _ name: StaticString, _ derivative: @escaping (Pullback<Scalar>) -> Void, saving: Saving, first: Tensor,
        second: Tensor
    ) {
        let thread = ThreadState.current
        guard thread.pointee.isRecording else { return }
        let node = GraphNode.make(
            name: name, derivative: derivative, shape: dimensions, saving: saving, first: GraphEdge(to: first),
            second: GraphEdge(to: second), thread: thread)
        node.save(first: first, second: second, output: self)
        recordedGradFn = node
    }
}
