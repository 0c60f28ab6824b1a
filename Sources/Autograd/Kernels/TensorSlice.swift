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
