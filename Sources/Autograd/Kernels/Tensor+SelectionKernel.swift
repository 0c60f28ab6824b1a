extension Tensor {
    /// A view of `part`, unrecorded.
    func view(of part: TensorPart) -> Tensor {
        let own = explicitStrides
        return view(
            part.shape(of: dimensions), strides: part.strides(own, rank: dimensions.rank),
            offset: part.start * own[part.dimension])
    }

    /// The elements at `places`, counted row by row, unrecorded.
    func taken(_ places: [Int], shape: Shape) -> Tensor {
        withElements { source in
            Tensor(shape: shape) { target in
                for (index, place) in places.enumerated() { target[index] = source[place] }
            }
        }
    }

    /// 0 but at `places`, where the elements of this tensor are added in order; unrecorded.
    func added(at places: [Int], in shape: Shape) -> Tensor {
        withElements { source in
            Tensor(shape: shape) { target in
                target.initialize(repeating: 0, count: shape.elementCount)
                for (index, place) in places.enumerated() { target[place] += source[index] }
            }
        }
    }

    /// The tensors one after another along `dimension`, unrecorded.
    static func concatenated(_ tensors: [Tensor], along dimension: Int) -> Tensor {
        guard let first = tensors.first else { preconditionFailure("expected a non-empty list of Tensors") }
        var sizes = first.shape
        sizes[dimension] = tensors.reduce(0) { $0 + $1.dimensions[dimension] }
        let result = Tensor(shape: Shape(sizes)) { $0.initialize(repeating: 0, count: sizes.reduce(1, *)) }
        var start = 0
        for tensor in tensors {
            let length = tensor.dimensions[dimension]
            let part = TensorPart(dimension: dimension, start: start, step: 1, count: length, dropsDimension: false)
            let target = result.view(of: part)
            tensor.withElements { source in
                var index = 0
                target.dimensions.forEachPosition(strides: target.explicitStrides) { position in
                    target.elements[position] = source[index]
                    index += 1
                }
            }
            start += length
        }
        return result
    }
}
