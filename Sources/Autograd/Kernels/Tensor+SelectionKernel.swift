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

/// Evenly spaced indices along one dimension of a tensor.
struct TensorSlice {
    let dimension: Int
    let start: Int
    let step: Int
    let count: Int
    /// Whether the dimension disappears; then `count` is 1.
    let dropsDimension: Bool

    /// The shape of this slice of a tensor of `shape`.
    func shape(of shape: Shape) -> Shape {
        var sizes = shape.sizes
        if dropsDimension { sizes.remove(at: dimension) } else { sizes[dimension] = count }
        return Shape(sizes)
    }

    /// The strides of this slice of a tensor with the given strides.
    func strides(_ strides: Strides, rank: Int) -> Strides {
        var result = Strides()
        var next = 0
        for index in 0..<rank where !(dropsDimension && index == dimension) {
            result[next] = index == dimension ? strides[index] * step : strides[index]
            next += 1
        }
        return result
    }

    /// Where the elements of this slice lie in a tensor of `shape`, both row by row.
    func flatIndices(in shape: Shape) -> [Int] {
        let own = shape.rowMajorStrides
        var flatIndices: [Int] = []
        let offset = start * own[dimension]
        self.shape(of: shape).forEachPosition(strides: strides(own, rank: shape.rank)) {
            flatIndices.append($0 + offset)
        }
        return flatIndices
    }
}
