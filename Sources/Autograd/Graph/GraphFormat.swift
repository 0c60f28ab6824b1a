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
        format: GraphFormat, names: KeyValuePairs<String, Tensor> = [:]
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
