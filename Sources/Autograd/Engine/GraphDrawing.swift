/// How a graph is drawn as text.
package enum GraphFormat: String, CaseIterable, Sendable {
    /// The language of Graphviz.
    case dot
    /// The language of Mermaid, which many Markdown viewers draw.
    case mermaid
    /// An indented tree.
    case text
}

extension Tensor {
    /// The recorded graph behind this tensor, drawn from the result back to the leaves.
    ///
    /// Operations are boxes with PyTorch's names, leaves that require a gradient are circles with the given `names`,
    /// constants do not appear. Two calls on one graph give the same text.
    package func graphDescription(
        format: GraphFormat, names: [String: Tensor] = [:]
    ) -> String {
        var leafNames: [ObjectIdentifier: String] = [:]
        for (name, tensor) in names {
            if let accumulator = tensor.accumulator { leafNames[ObjectIdentifier(accumulator)] = name }
        }
        let drawing = GraphDrawing(root: GraphEdge(to: self), rootShape: dimensions, leafNames: leafNames)
        switch format {
        case .dot: return drawing.dot
        case .mermaid: return drawing.mermaid
        case .text: return drawing.text
        }
    }
}

/// The boxes, circles and arrows of a graph, in an order that depends on the graph alone.
struct GraphDrawing {
    private struct Vertex {
        let label: String
        let shape: Shape
        let isLeaf: Bool
        var inputs: [Int] = []
    }

    /// The result first; an operation stands before what it was computed from.
    private var vertices: [Vertex] = []

    init<Scalar: TensorScalar>(
        root: GraphEdge<Scalar>, rootShape: Shape, leafNames: [ObjectIdentifier: String]
    ) {
        guard let rootIdentity = root.identity else {
            vertices = [Vertex(label: "constant", shape: rootShape, isLeaf: true)]
            return
        }
        var numbers: [ObjectIdentifier: Int] = [rootIdentity: 0]
        var open = [root]
        var next = 0
        while next < open.count {
            let edge = open[next]
            next += 1
            switch edge {
            case .constant: break
            case .leaf(let leaf):
                let name = leafNames[ObjectIdentifier(leaf)] ?? "leaf"
                vertices.append(Vertex(label: name, shape: leaf.shape, isLeaf: true))
            case .node(let node):
                var vertex = Vertex(label: node.name, shape: node.shape, isLeaf: false)
                for input in node.edges {
                    guard let identity = input.identity else { continue }
                    if numbers[identity] == nil {
                        numbers[identity] = open.count
                        open.append(input)
                    }
                    if let number = numbers[identity] { vertex.inputs.append(number) }
                }
                vertices.append(vertex)
            }
        }
    }

    private func caption(_ vertex: Vertex) -> String { "\(vertex.label) \(vertex.shape.sizes)" }

    /// For `dot -Tsvg`.
    var dot: String {
        var lines = ["digraph gradients {", "    rankdir = BT"]
        for (number, vertex) in vertices.enumerated() {
            lines.append("    n\(number) [label=\"\(caption(vertex))\", shape=\(vertex.isLeaf ? "circle" : "box")]")
        }
        for (number, vertex) in vertices.enumerated() {
            for input in vertex.inputs { lines.append("    n\(input) -> n\(number)") }
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    /// For a Markdown block marked `mermaid`.
    var mermaid: String {
        var lines = ["flowchart BT"]
        for (number, vertex) in vertices.enumerated() {
            let caption = caption(vertex)
            lines.append(vertex.isLeaf ? "    n\(number)((\"\(caption)\"))" : "    n\(number)[\"\(caption)\"]")
        }
        for (number, vertex) in vertices.enumerated() {
            for input in vertex.inputs { lines.append("    n\(input) --> n\(number)") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// An indented tree; what was shown before is only named again.
    ///
    /// Deep graphs do not deepen the call stack.
    var text: String {
        var lines: [String] = []
        var shown: Set<Int> = []
        var open: [(number: Int, lead: String, branch: String, tail: String)] = [(0, "", "", "")]
        while let (number, lead, branch, tail) = open.popLast() {
            let vertex = vertices[number]
            let isNew = shown.insert(number).inserted
            lines.append(lead + branch + caption(vertex) + (isNew || vertex.isLeaf ? "" : " (see above)"))
            guard isNew else { continue }
            for (position, input) in vertex.inputs.enumerated().reversed() {
                let isLast = position == vertex.inputs.count - 1
                open.append((input, lead + tail, isLast ? "└─ " : "├─ ", isLast ? "   " : "│  "))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
