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
