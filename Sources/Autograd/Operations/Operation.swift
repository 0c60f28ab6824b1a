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

/// Which entry of the table of operations an ``Operation`` is; `allCases` is the whole table.
///
/// Every entry has a case of its own, and every case a sample in the tests, which compare its derivatives with finite
/// differences. PyTorch's names do not serve for this: `AddBackward` is the name of three entries.
enum OperationKind: CaseIterable, Sendable {
    // Arithmetic
    case add, addScaled, addConstant, subtract, subtractConstant, subtractFromConstant
    case multiply, multiplyConstant, divide, divideConstant, negate, power, powerConstant, powerOfConstant

    // Functions of one number
    case exp, expMinusOne, log, logOnePlus, squareRoot, sin, cos, tanh, sigmoid, softplus, reciprocal

    // Functions whose formula changes from piece to piece
    case relu, magnitude, sign, clamp, extreme, maximum, minimum, thresholdBackward, `where`, maskedFill

    // Reductions
    case total, mean, sum, meanOver, variance, standardDeviation, norm, product, cumulativeSum
    case softmax, logSoftmax, logSumExp

    // Products of vectors and matrices
    case matrixProduct, productTransposingFirst, productTransposingSecond
    case dotProduct, matrixVectorProduct, batchedProduct

    // Shapes and selections
    case clone, copy, replace, expand, `repeat`, reshape, rearrange, permute
    case slice, gather, scatter, concatenate, stack

    // Losses
    case meanSquaredError, sumOfSquaredErrors, squaredErrors, huber, smoothL1
}

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
