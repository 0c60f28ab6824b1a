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

/// What ``gradient(of:withRespectTo:upstream:retainGraph:createGraph:allowUnused:)`` asks of a backward pass: the
/// gradients of some inputs, and only the part of the graph that leads to them.
final class GradientRequest<Scalar: TensorScalar> {
    private let inputs: [GraphEdge<Scalar>]
    /// The nodes and leaves from which an input can be reached, the inputs themselves included.
    private var needed: Set<ObjectIdentifier> = []
    /// The nodes whose derivatives must run.
    private var passable: Set<ObjectIdentifier> = []
    private var found: [ObjectIdentifier: Tensor<Scalar>] = [:]

    /// Finds what leads from `root` to `inputs` through nodes that `includes` accepts.
    init(root: GraphEdge<Scalar>, inputs: [GraphEdge<Scalar>], includes: (GraphNode<Scalar>) -> Bool) {
        self.inputs = inputs
        needed = Set(inputs.compactMap { $0.identity })
        // Inputs of a node have lower numbers, so in this order they are all judged before it.
        for node in Self.nodes(reachableFrom: root).sorted(by: { $0.sequence < $1.sequence }) where includes(node) {
            let leads = node.edges.contains { edge in edge.identity.map { needed.contains($0) } ?? false }
            guard leads else { continue }
            needed.insert(ObjectIdentifier(node))
            passable.insert(ObjectIdentifier(node))
        }
    }

    /// All nodes of the graph, each once, in no particular order.
    static func nodes(reachableFrom root: GraphEdge<Scalar>) -> [GraphNode<Scalar>] {
        var nodes: [GraphNode<Scalar>] = []
        var seen: Set<ObjectIdentifier> = []
        var open = [root]
        while let edge = open.popLast() {
            guard case .node(let node) = edge, seen.insert(ObjectIdentifier(node)).inserted else { continue }
            nodes.append(node)
            open.append(contentsOf: node.edges)
        }
        return nodes
    }

    func needs(_ edge: GraphEdge<Scalar>) -> Bool {
        edge.identity.map { needed.contains($0) } ?? false
    }

    /// Keeps the gradient of a node if it is an input; says whether the walk continues behind it.
    func continues(after node: GraphNode<Scalar>, with gradient: Tensor<Scalar>) -> Bool {
        keep(gradient, for: ObjectIdentifier(node))
        return passable.contains(ObjectIdentifier(node))
    }

    /// Keeps what arrived at a leaf, instead of accumulating it there.
    func take(from leaf: GradientAccumulator<Scalar>) {
        if let gradient = leaf.takePending() { keep(gradient, for: ObjectIdentifier(leaf)) }
    }

    private func keep(_ gradient: Tensor<Scalar>, for identity: ObjectIdentifier) {
        if inputs.contains(where: { $0.identity == identity }) { found[identity] = gradient }
    }

    /// The gradient of each input, nil where no gradient arrived.
    var gradients: [Tensor<Scalar>?] {
        inputs.map { input in input.identity.flatMap { found[$0] } }
    }
}

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
