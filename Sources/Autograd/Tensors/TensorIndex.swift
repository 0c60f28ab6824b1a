/// What a subscript takes along one dimension: one element, or evenly spaced ones.
package enum TensorIndex: Sendable, ExpressibleByIntegerLiteral {
    /// The element at a place; -1 is the last. The dimension disappears.
    case at(Int)

    /// The elements from `from` (the first if nil) up to but not including `to` (the end if nil), every `by`th.
    ///
    /// Bounds may count from the end as -1, -2, ... and are cut to the size of the dimension. `by` is at least 1.
    case slice(from: Int? = nil, to: Int? = nil, by: Int = 1)

    /// All elements.
    package static let all = TensorIndex.slice()

    package init(integerLiteral value: Int) {
        self = .at(value)
    }
}

extension Tensor {
    /// The slice that `indices` name, one per dimension from the first on, as a view; assigning changes it in place.
    ///
    /// Gradients flow through both: `y[0, 1] = x[1] * 2` connects y with x. What is assigned is expanded to the slice;
    /// dimensions of size 1 too many in front are dropped.
    package subscript(_ indices: TensorIndex...) -> Tensor {
        get { slice(indices) }
        set {
            let slice = slice(indices)
            let excess = Swift.max(0, newValue.dimensions.rank - slice.dimensions.rank)
            let fits = newValue.shape.prefix(excess).allSatisfy { $0 == 1 }
            let value = excess > 0 && fits ? newValue.reshape(Array(newValue.shape.dropFirst(excess))) : newValue
            slice.copy(from: value.expand(to: slice.shape))
        }
    }

    private func slice(_ indices: [TensorIndex]) -> Tensor {
        precondition(
            indices.count <= dimensions.rank, "too many indices for tensor of dimension \(dimensions.rank)")
        var result = self
        var dimension = 0
        for index in indices {
            switch index {
            case .at(let place):
                result = result.select(dimension, place)
            case .slice(let from, let to, let by):
                precondition(by > 0, "slice step must be positive, got \(by)")
                let size = result.dimensions[dimension]
                let start = Self.bound(from ?? 0, size)
                let end = Swift.max(start, Self.bound(to ?? size, size))
                let slice = TensorSlice(
                    dimension: dimension, start: start, step: by, count: (end - start + by - 1) / by,
                    dropsDimension: false)
                result = UnaryOperation.slice("SliceBackward", slice)(result)
                dimension += 1
            }
        }
        return result
    }

    private static func bound(_ place: Int, _ size: Int) -> Int {
        Swift.max(0, Swift.min(size, place < 0 ? place + size : place))
    }

    /// The elements at `index` of `dimension`, which disappears; -1 is the last, for both.
    package func select(_ dimension: Int, _ index: Int) -> Tensor {
        let dimension = dimensions.dimension(dimension)
        let size = dimensions[dimension]
        precondition(
            (-size..<size).contains(index),
            "index \(index) is out of bounds for dimension \(dimension) with size \(size)")
        let slice = TensorSlice(
            dimension: dimension, start: index < 0 ? index + size : index, step: 1, count: 1, dropsDimension: true)
        return UnaryOperation.slice("SelectBackward", slice)(self)
    }

    /// `count` elements of `dimension` from `start` on.
    package func narrow(_ dimension: Int, from start: Int, count: Int) -> Tensor {
        let dimension = dimensions.dimension(dimension)
        let size = dimensions[dimension]
        precondition(
            start >= 0 && count >= 0 && start + count <= size,
            "start (\(start)) + length (\(count)) exceeds dimension size (\(size)).")
        let slice = TensorSlice(dimension: dimension, start: start, step: 1, count: count, dropsDimension: false)
        return UnaryOperation.slice("SliceBackward", slice)(self)
    }
}
