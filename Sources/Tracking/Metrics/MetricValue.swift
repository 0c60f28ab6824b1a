/// A number that a program logged, as it came: an integer of 64 bits stays one, a double keeps its bits.
package enum MetricValue: Sendable {
    case real(Double)
    case integer(Int64)
}

/// Whether both are the same number in the same type, bit for bit: a NaN is equal to itself, and 0.0 is not -0.0.
extension MetricValue: Equatable {
    package static func == (left: MetricValue, right: MetricValue) -> Bool {
        switch (left, right) {
        case (.real(let left), .real(let right)): left.bitPattern == right.bitPattern
        case (.integer(let left), .integer(let right)): left == right
        default: false
        }
    }
}

/// Rows of numbers that wait to be stored: for each a step, and a number under each key of its shape.
///
/// Programs log the same keys again and again, so a row names its keys by the place of their list.
package struct MetricBatch: Sendable {
    package struct Row: Sendable {
        /// Which of ``MetricBatch/shapes``.
        package let shape: Int
        package let step: Int64
        /// Since the start of the attempt; nil where nobody knows.
        package let elapsedNanoseconds: Int64?
        /// Where its numbers begin in ``MetricBatch/values``.
        package let start: Int
    }

    /// Lists of keys; no list holds a key twice.
    package private(set) var shapes: [[String]] = []
    package private(set) var rows: [Row] = []
    /// Those of all rows, in the order of rows and keys.
    package private(set) var values: [MetricValue] = []

    package init() {}

    /// Adds a list of keys and returns its place.
    package mutating func addShape(_ keys: [String]) -> Int {
        precondition(Set(keys).count == keys.count, "a row holds each key once, not \(keys)")
        shapes.append(keys)
        return shapes.count - 1
    }

    /// Adds a row of as many numbers as the shape has keys.
    package mutating func add(
        _ numbers: some Collection<MetricValue>, shape: Int, step: Int64, elapsedNanoseconds: Int64? = nil
    ) {
        precondition(
            numbers.count == shapes[shape].count, "\(shapes[shape].count) keys and \(numbers.count) numbers")
        rows.append(Row(shape: shape, step: step, elapsedNanoseconds: elapsedNanoseconds, start: values.count))
        values.append(contentsOf: numbers)
    }

    /// Empties the batch and keeps its shapes.
    package mutating func removeRows() {
        rows.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
    }
}

extension MetricBatch {
    /// The same without the numbers whose keys are not wanted, and how many these are.
    func keepingKeys(_ isWanted: (String) -> Bool) -> (batch: MetricBatch, refusedCount: Int) {
        var kept = MetricBatch()
        var refusedCount = 0
        // The places in a list of keys that are wanted, and the list of these.
        var lists: [Int: (places: [Int], shape: Int?)] = [:]
        for row in rows {
            if lists[row.shape] == nil {
                let keys = shapes[row.shape]
                let places = keys.indices.filter { isWanted(keys[$0]) }
                lists[row.shape] = (places, places.isEmpty ? nil : kept.addShape(places.map { keys[$0] }))
            }
            guard let list = lists[row.shape] else { continue }
            refusedCount += shapes[row.shape].count - list.places.count
            guard let shape = list.shape else { continue }
            kept.add(
                list.places.map { values[row.start + $0] }, shape: shape, step: row.step,
                elapsedNanoseconds: row.elapsedNanoseconds)
        }
        return (kept, refusedCount)
    }
}

/// How the numbers of a key came, and what they were before, such as `float32`.
package struct MetricOrigin: Sendable, Hashable {
    package var source: String?
    package var precision: String?

    package init(source: String?, precision: String? = nil) {
        (self.source, self.precision) = (source, precision)
    }
}
