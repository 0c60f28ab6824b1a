extension Tensor {
    /// The slices at `indices` along `dimension`; an index may repeat.
    package func indexSelect(_ dimension: Int, _ indices: [Int]) -> Tensor {
        select(rowsAt: indices, along: dimension, "IndexSelectBackward")
    }

    /// The slices at `indices` along the first dimension; an index may repeat.
    package func rows(_ indices: [Int]) -> Tensor { select(rowsAt: indices, along: 0, "IndexBackward") }

    private func select(rowsAt indices: [Int], along dimension: Int, _ name: StaticString) -> Tensor {
        let dimension = dimensions.dimension(dimension)
        let resolved = indices.map { resolve($0, along: dimension) }
        var sizes = shape
        sizes[dimension] = indices.count
        let result = Shape(sizes)
        let own = dimensions.rowMajorStrides
        let strides = result.rowMajorStrides
        let flatIndices = (0..<result.elementCount).map { element in
            result.indices.reduce(0) { place, axis in
                let index = element / strides[axis] % result[axis]
                return place + (axis == dimension ? resolved[index] : index) * own[axis]
            }
        }
        return UnaryOperation.gather(name, flatIndices, shape: result)(self)
    }

    /// For every element of `indices` (of `shape`, row by row) the element of this tensor at the same place, but at
    /// that index along `dimension`.
    package func gather(_ dimension: Int, _ indices: [Int], shape: [Int]) -> Tensor {
        let dimension = dimensions.dimension(dimension)
        let result = Shape(shape)
        precondition(
            indices.count == result.elementCount, "shape '\(shape)' is invalid for input of size \(indices.count)")
        precondition(
            result.rank == dimensions.rank,
            "Index tensor must have the same number of dimensions as input tensor")
        precondition(
            result.indices.allSatisfy { $0 == dimension || result[$0] <= dimensions[$0] },
            """
            Size does not match at dimension \(dimension) expected index \(shape) to be no larger than self \
            \(self.shape) apart from dimension \(dimension)
            """)
        let own = dimensions.rowMajorStrides
        let strides = result.rowMajorStrides
        let flatIndices = indices.indices.map { element in
            result.indices.reduce(0) { place, axis in
                let index =
                    axis == dimension
                    ? resolve(indices[element], along: axis) : element / strides[axis] % result[axis]
                return place + index * own[axis]
            }
        }
        return UnaryOperation.gather("GatherBackward", flatIndices, shape: result)(self)
    }

    /// The elements where the mask holds, row by row, in one dimension.
    package func maskedSelect(_ mask: Mask) -> Tensor {
        precondition(
            mask.dimensions == dimensions,
            "The shape of the mask \(mask.dimensions.sizes) does not match the shape of the indexed tensor \(shape)")
        let flatIndices = mask.flags.indices.filter { mask.flags[$0] }
        return UnaryOperation.gather("IndexBackward", flatIndices, shape: Shape([flatIndices.count]))(self)
    }

    /// The tensors one after another along `dimension`.
    package static func cat(_ tensors: [Tensor], along dimension: Int = 0) -> Tensor {
        guard let first = tensors.first else { preconditionFailure("expected a non-empty list of Tensors") }
        let dimension = first.dimensions.dimension(dimension)
        for (number, tensor) in tensors.enumerated() {
            precondition(
                tensor.dimensions.rank > 0,
                "zero-dimensional tensor (at position \(number)) cannot be concatenated")
            precondition(
                tensor.dimensions.rank == first.dimensions.rank,
                "Tensors must have same number of dimensions: got \(first.dimensions.rank) and \(tensor.dimensions.rank)"
            )
            for axis in first.dimensions.indices where axis != dimension {
                precondition(
                    tensor.dimensions[axis] == first.dimensions[axis],
                    """
                    Sizes of tensors must match except in dimension \(dimension). Expected size \
                    \(first.dimensions[axis]) but got size \(tensor.dimensions[axis]) for tensor number \(number) in \
                    the list.
                    """)
            }
        }
        let sizes = tensors.map { $0.dimensions[dimension] }
        return ListOperation.concatenate(along: dimension, sizes: sizes)(tensors)
    }

    /// Tensors of one shape side by side along a new dimension.
    package static func stack(_ tensors: [Tensor], along dimension: Int = 0) -> Tensor {
        guard let first = tensors.first else { preconditionFailure("stack expects a non-empty TensorList") }
        for (number, tensor) in tensors.enumerated() {
            precondition(
                tensor.dimensions == first.dimensions,
                """
                stack expects each tensor to be equal size, but got \(first.shape) at entry 0 and \(tensor.shape) at \
                entry \(number)
                """)
        }
        return ListOperation.stack(along: first.dimensions.dimension(dimension, adding: 1))(tensors)
    }

    // MARK: - Inside of the module

    /// The elements at `flatIndices`, counted row by row, as a tensor of `shape`.
    func gather(_ flatIndices: [Int], shape: Shape) -> Tensor {
        UnaryOperation.gather("TakeBackward", flatIndices, shape: shape)(self)
    }

    /// A tensor of `shape`, 0 but at `flatIndices`, where the elements of this tensor are added.
    func scatter(to flatIndices: [Int], in shape: Shape) -> Tensor {
        UnaryOperation.scatter(to: flatIndices, in: shape)(self)
    }

    private func resolve(_ index: Int, along dimension: Int) -> Int {
        let size = dimensions[dimension]
        precondition(
            (-size..<size).contains(index),
            "index \(index) is out of bounds for dimension \(dimension) with size \(size)")
        return index < 0 ? index + size : index
    }
}

/// A yes or no for every element of a tensor.
package struct Mask: Equatable, Sendable {
    let dimensions: Shape
    /// Row by row.
    package let flags: [Bool]

    /// The mask of `shape` with the given flags, row by row; `flags.count` must be the product of `shape`.
    package init(_ flags: [Bool], shape: [Int]) {
        self.init(flags, Shape(shape))
    }

    init(_ flags: [Bool], _ dimensions: Shape) {
        precondition(
            flags.count == dimensions.elementCount,
            "shape '\(dimensions.sizes)' is invalid for input of size \(flags.count)")
        self.flags = flags
        self.dimensions = dimensions
    }

    /// The opposite of every flag.
    package static prefix func ! (mask: Mask) -> Mask { Mask(mask.flags.map { !$0 }, mask.dimensions) }

    /// The flags repeated to `shape`.
    func broadcast(to shape: Shape) -> [Bool] {
        if shape == dimensions { return flags }
        return Tensor<Float>(shape: dimensions) { target in
            for index in flags.indices { target[index] = flags[index] ? 1 : 0 }
        }.broadcastView(to: shape).scalars.map { $0 == 1 }
    }
}

extension Tensor {
    /// Where this tensor is greater than a number.
    package static func > (a: Tensor, c: Scalar) -> Mask { a.mask { $0 > c } }

    /// Where this tensor is less than a number.
    package static func < (a: Tensor, c: Scalar) -> Mask { a.mask { $0 < c } }

    /// Where `condition` holds.
    package func mask(where condition: (Scalar) -> Bool) -> Mask { Mask(scalars.map(condition), dimensions) }
}

extension Shape {
    /// True at the given flat indices.
    func mask(at flatIndices: [Int]) -> Mask {
        var flags = Array(repeating: false, count: elementCount)
        for index in flatIndices { flags[index] = true }
        return Mask(flags, self)
    }
}
