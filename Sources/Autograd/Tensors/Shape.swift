/// The sizes of up to eight dimensions, held inline so that a tensor needs no array of its own for them.
struct Shape: Equatable, Sendable {
    static let maximumRank = 8

    /// No dimensions: the shape of a scalar.
    static let scalar = Shape(EmptyCollection())

    private var numbers: InlineNumbers
    /// How many dimensions there are.
    let rank: Int
    /// The product of the sizes; 1 for no dimensions.
    let elementCount: Int

    @inline(__always)
    init(rows: Int, columns: Int) {
        numbers = InlineNumbers()
        numbers[0] = rows
        numbers[1] = columns
        rank = 2
        elementCount = rows * columns
    }

    init(_ sizes: some Collection<Int>) {
        precondition(
            sizes.count <= Self.maximumRank, "a tensor has at most \(Self.maximumRank) dimensions, not \(sizes.count)")
        numbers = InlineNumbers()
        var product = 1
        for (index, size) in sizes.enumerated() {
            precondition(
                size >= 0 && size <= Int32.max, "a dimension holds 0 to \(Int32.max) elements, not \(size)")
            numbers[index] = size
            product *= size
        }
        precondition(product <= Int32.max, "a tensor holds at most \(Int32.max) elements, not \(product)")
        rank = sizes.count
        elementCount = product
    }

    @inline(__always)
    static func == (a: Shape, b: Shape) -> Bool {
        a.elementCount == b.elementCount && a.rank == b.rank && a.numbers == b.numbers
    }

    /// The size of dimension `index`, counted from 0.
    subscript(index: Int) -> Int {
        @inline(__always) get { numbers[index] }
    }

    /// The sizes as an array.
    var sizes: [Int] { indices.map { self[$0] } }

    var indices: Range<Int> { 0..<rank }

    /// How far apart the elements of each dimension lie when they are stored row by row.
    var rowMajorStrides: Strides {
        var strides = Strides()
        var next = 1
        for dimension in indices.reversed() {
            strides[dimension] = next
            next *= max(1, self[dimension])
        }
        return strides
    }
}

/// How far apart the elements of each dimension lie in the storage; 0 where a dimension repeats one element.
typealias Strides = InlineNumbers

/// Eight 32-bit numbers; plain memory, so that copying a shape counts no references.
struct InlineNumbers: Equatable, Sendable {
    private var numbers = InlineArray<8, Int32>(repeating: 0)

    subscript(index: Int) -> Int {
        @inline(__always) get { Int(numbers[index]) }
        @inline(__always) set { numbers[index] = Int32(newValue) }
    }

    @inline(__always)
    static func == (a: InlineNumbers, b: InlineNumbers) -> Bool {
        for index in 0..<8 where a.numbers[index] != b.numbers[index] { return false }
        return true
    }
}
