/// Where the gradient of one input goes.
enum GraphEdge<Scalar: TensorScalar> {
    /// Nowhere: the input requires no gradient.
    case constant
    case node(GraphNode<Scalar>)
    case leaf(GradientAccumulator<Scalar>)

    @inline(__always)
    init(to input: Tensor<Scalar>) {
        if let node = input.gradFn {
            self = .node(node)
        } else if let accumulator = input.accumulator, accumulator.requiresGrad {
            self = .leaf(accumulator)
        } else {
            self = .constant
        }
    }

    /// The edge that an input of an earlier operation had, also if it has stopped requiring a gradient since.
    init(source: Tensor<Scalar>) {
        if source.gradFn == nil, let accumulator = source.accumulator {
            self = .leaf(accumulator)
        } else {
            self.init(to: source)
        }
    }

    @inline(__always)
    var sequence: UInt64 {
        if case .node(let node) = self { node.sequence } else { 0 }
    }

    @inline(__always)
    var isConstant: Bool {
        if case .constant = self { true } else { false }
    }
}

extension GraphEdge {
    /// The shape of the input.
    var shape: Shape {
        switch self {
        case .constant: .scalar
        case .node(let node): node.shape
        case .leaf(let leaf): leaf.shape
        }
    }

    /// What the edge leads to, for sets of nodes and leaves; nil for a constant.
    var identity: ObjectIdentifier? {
        switch self {
        case .constant: nil
        case .node(let node): ObjectIdentifier(node)
        case .leaf(let leaf): ObjectIdentifier(leaf)
        }
    }
}

/// The end of the graph at a leaf, where gradients are added up: PyTorch's `AccumulateGrad`.
///
/// Shared by the leaf and by the graphs computed from it, so that a graph does not need the leaf itself.
final class GradientAccumulator<Scalar: TensorScalar> {
    let shape: Shape
    @exclusivity(unchecked) var requiresGrad = false
    /// What all passes have added up.
    @exclusivity(unchecked) var grad: Tensor<Scalar>?
    /// What the running pass has added up so far.
    @exclusivity(unchecked) var pending: Tensor<Scalar>?
    /// The accumulator that the running pass reached before this one.
    @exclusivity(unchecked) var previousInPass: GradientAccumulator?
    @exclusivity(unchecked) var hooks: [(Tensor<Scalar>) -> Tensor<Scalar>?] = []

    init(shape: Shape) {
        self.shape = shape
    }

    /// Takes what the pass has added up, after the hooks.
    @inline(__always)
    func takePending() -> Tensor<Scalar>? {
        guard let gradient = pending.take() else { return nil }
        return hooks.isEmpty ? gradient : gradient.passed(through: hooks)
    }

    /// Adds what the pass has added up to ``grad``; with `recorded`, as recorded operations.
    @inline(__always)
    func accumulate(recorded: Bool) {
        guard var gradient = takePending() else { return }
        if recorded {
            grad = grad.map { $0 + gradient } ?? UnaryOperation.copy(gradient)
        } else if let grad {
            grad.addUnrecorded(gradient)
        } else {
            // A gradient that something else can see must not change when later passes add to it.
            let isOurs = isKnownUniquelyReferenced(&gradient) && gradient.ownsStorage && gradient.strides == nil
            if isOurs { gradient.unrecordedOrigin = .nothing }
            grad = isOurs ? gradient : gradient.contiguousCopy()
        }
    }
}

/// The hooks on a result, and where its gradient is retained if that was asked for.
final class GradientHooks<Scalar: TensorScalar> {
    let hooks: [(Tensor<Scalar>) -> Tensor<Scalar>?]
    let retained: GradientAccumulator<Scalar>?

    init(hooks: [(Tensor<Scalar>) -> Tensor<Scalar>?], retained: GradientAccumulator<Scalar>?) {
        self.hooks = hooks
        self.retained = retained
    }

    /// The gradient after all hooks, which is also the one that is retained.
    func apply(to gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        let result = gradient.passed(through: hooks)
        if let retained { retained.grad = retained.grad.map { $0 + result } ?? result.clone() }
        return result
    }
}

extension Tensor {
    /// What this gradient is after `hooks`, one after another.
    func passed(through hooks: [(Tensor) -> Tensor?]) -> Tensor {
        hooks.reduce(self) { gradient, hook in
            let result = hook(gradient) ?? gradient
            precondition(
                result.dimensions == gradient.dimensions,
                "a hook has changed the size of value: got \(result.shape), expected \(gradient.shape)")
            return result
        }
    }
}
