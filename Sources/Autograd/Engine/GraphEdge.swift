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
