extension Tensor {
    /// A view of `slice`, unrecorded.
    func view(of slice: TensorSlice) -> Tensor {
        let own = explicitStrides
        return view(
            slice.shape(of: dimensions), strides: slice.strides(own, rank: dimensions.rank),
            offset: slice.start * own[slice.dimension])
    }

    /// The elements at `flatIndices`, counted row by row, unrecorded.
    func gathered(_ flatIndices: [Int], shape: Shape) -> Tensor {
        withElements { source in
            Tensor(shape: shape) { target in
                for (index, place) in flatIndices.enumerated() { target[index] = source[place] }
            }
        }
    }

    /// 0 but at `flatIndices`, where the elements of this tensor are added in order; unrecorded.
    func scattered(to flatIndices: [Int], in shape: Shape) -> Tensor {
        withElements { source in
            Tensor(shape: shape) { target in
                target.initialize(repeating: 0, count: shape.elementCount)
                for (index, place) in flatIndices.enumerated() { target[place] += source[index] }
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
            let slice = TensorSlice(dimension: dimension, start: start, step: 1, count: length, dropsDimension: false)
            let target = result.view(of: slice)
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
