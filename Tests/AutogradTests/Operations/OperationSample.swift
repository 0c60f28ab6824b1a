import Randomness

@testable import Autograd

/// One entry of the table of operations at work: inputs to draw, and what to compute from them.
struct OperationSample: Sendable {
    typealias T = Tensor<Double>

    let kind: OperationKind
    /// Where the inputs lie: away from kinks and poles, so that a difference quotient means something.
    let domain: Domain
    let compute: @Sendable ([T]) -> T
    /// The shapes of the inputs, drawn again for every seed.
    let shapes: @Sendable (inout CounterStream) -> [[Int]]

    enum Domain: Sendable {
        case real
        case positive
        /// Magnitudes from 0.5 to 2 with either sign, all different by at least 1/100.
        case apart
    }

    init(
        _ kind: OperationKind, _ domain: Domain = .real,
        shapes: @escaping @Sendable (inout CounterStream) -> [[Int]] = Self.one,
        compute: @escaping @Sendable ([T]) -> T
    ) {
        self.kind = kind
        self.domain = domain
        self.compute = compute
        self.shapes = shapes
    }

    func inputs(_ stream: inout CounterStream) -> [T] {
        shapes(&stream).map { shape in
            let count = shape.reduce(1, *)
            var numbers = (0..<count).map { index in
                switch domain {
                case .real: return 4 * stream.unitDouble() - 2
                case .positive: return 0.2 + 2 * stream.unitDouble()
                case .apart:
                    let magnitude = 0.5 + (Double(index) + 0.8 * stream.unitDouble()) * 1.5 / Double(count)
                    return stream.unitDouble() < 0.5 ? magnitude : -magnitude
                }
            }
            numbers.shuffle(using: &stream)
            return T(numbers, shape: shape)
        }
    }

    // MARK: - Shapes

    /// Zero to three dimensions of one to four elements.
    static func shape(_ stream: inout CounterStream) -> [Int] {
        (0..<Int.random(in: 0...3, using: &stream)).map { _ in Int.random(in: 1...4, using: &stream) }
    }

    static let one: @Sendable (inout CounterStream) -> [[Int]] = { [shape(&$0)] }

    /// Two shapes that broadcast to one: sizes of 1 on both sides, and missing leading dimensions on either.
    static let broadcast: @Sendable (inout CounterStream) -> [[Int]] = { stream in
        let full = shape(&stream)
        func partner(_ stream: inout CounterStream) -> [Int] {
            full.map { Int.random(in: 0...2, using: &stream) > 0 ? $0 : 1 }
        }
        let (whole, shortened) = (partner(&stream), partner(&stream))
        let short = Array(shortened.dropFirst(Int.random(in: 0...full.count, using: &stream)))
        return Bool.random(using: &stream) ? [whole, short] : [short, whole]
    }

    /// Two tensors of one shape.
    static let twins: @Sendable (inout CounterStream) -> [[Int]] = { stream in
        let one = shape(&stream)
        return [one, one]
    }

    /// One to four elements along each of two dimensions.
    static let matrix: @Sendable (inout CounterStream) -> [[Int]] = { stream in
        [[Int.random(in: 1...4, using: &stream), Int.random(in: 1...4, using: &stream)]]
    }

    /// Two to four elements along each of three dimensions.
    static let block: @Sendable (inout CounterStream) -> [[Int]] = { stream in
        [(0..<3).map { _ in Int.random(in: 2...4, using: &stream) }]
    }

    /// Matrices whose product exists after the given transpositions.
    static func factors(
        transposingFirst: Bool = false, transposingSecond: Bool = false
    ) -> @Sendable (inout CounterStream) -> [[Int]] {
        { stream in
            let (m, k, n) = (size(&stream), size(&stream), size(&stream))
            return [transposingFirst ? [k, m] : [m, k], transposingSecond ? [n, k] : [k, n]]
        }
    }

    private static func size(_ stream: inout CounterStream) -> Int { Int.random(in: 1...4, using: &stream) }

    static let vectors: @Sendable (inout CounterStream) -> [[Int]] = { stream in
        let count = size(&stream)
        return [[count], [count]]
    }

    static let matrixAndVector: @Sendable (inout CounterStream) -> [[Int]] = { stream in
        let (rows, columns) = (size(&stream), size(&stream))
        return [[rows, columns], [columns]]
    }

    static let batches: @Sendable (inout CounterStream) -> [[Int]] = { stream in
        let (batch, m, k, n) = (size(&stream), size(&stream), size(&stream), size(&stream))
        return [[batch, m, k], [batch, k, n]]
    }

    /// Two matrices with as many columns.
    static let stackable: @Sendable (inout CounterStream) -> [[Int]] = { stream in
        let columns = size(&stream)
        return [[size(&stream), columns], [size(&stream), columns]]
    }
}
