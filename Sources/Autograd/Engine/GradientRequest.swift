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
