import Autograd

/// A model's parameters as leaf tensors of the layout's shapes, where a scalar has the shape [1, 1].
struct ParameterLeaves<Scalar: TrainingScalar> {
    let tensors: [Tensor<Scalar>]
    private let ranges: [Range<Int>]

    init(_ layout: ParameterLayout) {
        tensors = layout.parameters.map { parameter in
            .zeros(shape: parameter.shape.isEmpty ? [1, 1] : parameter.shape, requiresGrad: true)
        }
        ranges = layout.parameters.map(\.range)
    }

    /// Takes over the values of the flat list.
    @inline(__always)
    func assign(_ values: [Scalar]) {
        noGrad {
            for (tensor, range) in zip(tensors, ranges) {
                if range.count == 1 {
                    tensor.fill(values[range.lowerBound])
                } else {
                    tensor.assign(Array(values[range]))
                }
            }
        }
    }

    @inline(__always)
    func zeroGrad() {
        for tensor in tensors { tensor.zeroGrad() }
    }

    /// Writes the leaves' gradients to the flat list; those of a leaf that the loss does not depend on are 0.
    @inline(__always)
    func readGradients(into gradients: inout [Scalar]) throws {
        for index in tensors.indices { try read(tensors[index].grad, of: index, into: &gradients) }
    }

    /// Writes a gradient of the leaf at `index` to its place in the flat list.
    @inline(__always)
    func read(_ gradient: Tensor<Scalar>?, of index: Int, into gradients: inout [Scalar]) throws {
        let range = ranges[index]
        if range.count == 1 {
            gradients[range.lowerBound] = try gradient?.item() ?? 0
        } else if let gradient {
            gradients.replaceSubrange(range, with: gradient.scalars)
        } else {
            for position in range { gradients[position] = 0 }
        }
    }
}
