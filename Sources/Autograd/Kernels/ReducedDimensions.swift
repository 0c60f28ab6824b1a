/// The dimensions that a reduction runs over, and whether they stay with size 1.
struct ReducedDimensions: Equatable, Sendable {
    /// Sorted, each once, none negative.
    let dimensions: [Int]
    let keepsDimensions: Bool

    /// The given dimensions, which may be counted from the end as -1, -2, ...; none means all.
    ///
    /// A scalar has none: naming its dimension 0 or -1, which PyTorch allows, reduces its one element.
    init(_ dimensions: [Int], keeping: Bool, of shape: Shape) {
        let resolved = Set(dimensions.map { shape.dimension($0) })
        precondition(resolved.count == dimensions.count, "a dimension appears twice in the list of dims \(dimensions)")
        self.init(resolved.isEmpty || shape.rank == 0 ? Array(shape.indices) : resolved.sorted(), keeping)
    }

    private init(_ dimensions: [Int], _ keeping: Bool) {
        self.dimensions = dimensions
        keepsDimensions = keeping
    }

    /// The same dimensions, kept with size 1.
    var keptOpen: ReducedDimensions { ReducedDimensions(dimensions, true) }

    /// How many elements of a tensor of `shape` are reduced to one.
    func terms(of shape: Shape) -> Int { dimensions.reduce(1) { $0 * shape[$1] } }

    /// The shape of a reduction of a tensor of `shape`.
    func result(of shape: Shape) -> Shape {
        if keepsDimensions { return Shape(shape.indices.map { dimensions.contains($0) ? 1 : shape[$0] }) }
        return Shape(shape.indices.filter { !dimensions.contains($0) }.map { shape[$0] })
    }
}

extension Shape {
    /// The number of a dimension counted from 0, given one that may be counted from the end as -1, -2, ...
    ///
    /// With `adding`, one place more is accepted, for operations that insert a dimension.
    func dimension(_ dimension: Int, adding: Int = 0) -> Int {
        let rank = max(1, rank + adding)
        precondition(
            (-rank..<rank).contains(dimension),
            "Dimension out of range (expected to be in range of [\(-rank), \(rank - 1)], but got \(dimension))")
        return dimension < 0 ? dimension + rank : dimension
    }
}
