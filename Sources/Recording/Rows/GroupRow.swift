/// The values of one group of keys at one step.
///
/// Most rows have the keys of the row before. So a row names the list of its keys by a small number, and whoever stores rows looks
/// the keys up once for each list.
package struct GroupRow: Sendable, Equatable {
    package let group: String
    package let step: Int64
    /// The first that came.
    package let time: Double?
    /// Which of ``OpenRows/shapes`` its ``keys`` are.
    package let shape: Int
    /// Another one says that shapes are numbered from 0 again; see ``OpenRows/shapes``.
    package let shapesVersion: Int
    /// Those of the numbers, each once, in the order in which they came.
    package let keys: [LoggedKey]
    /// One for each key.
    package fileprivate(set) var numbers: [LoggedNumber]
    /// What is no number, under keys that are not among ``keys``.
    package fileprivate(set) var texts: [LoggedText]
}

/// A text that was recorded under a key; equal to another if key and bytes are.
package struct LoggedText: Sendable, Equatable {
    package let key: LoggedKey
    package let text: String

    var value: LoggedValue { .text(text) }

    package static func == (first: Self, second: Self) -> Bool {
        first.key == second.key && first.value == second.value
    }
}

/// A row that may still grow.
///
/// When it is closed, its place and the memory of its arrays serve another row.
struct OpenRow: Sendable {
    /// Up to here comparing is faster than hashing.
    private static let smallCount = 32

    let group: Int
    let step: Int64
    var time: Double?
    /// The keys of the numbers, as a node of ``RowShapes``.
    var shape: Int
    private(set) var numbers: [LoggedNumber] = []
    private(set) var texts: [LoggedText] = []
    /// Where many keys are found: numbers, and behind all numbers texts from the end.
    private var places: [LoggedKey: Int] = [:]

    var count: Int { numbers.count + texts.count }

    /// With the memory of a row that is closed.
    init(group: Int, step: Int64, shape: Int, numbers: [LoggedNumber] = []) {
        (self.group, self.step, self.shape, self.numbers) = (group, step, shape, numbers)
    }

    /// Takes the memory of a row that is closed.
    mutating func takeMemory() -> [LoggedNumber] {
        var taken: [LoggedNumber] = []
        swap(&taken, &numbers)
        return taken
    }

    /// What is kept under a key.
    mutating func value(of key: LoggedKey, _ shapes: RowShapes) -> LoggedValue? {
        if places.isEmpty, count <= Self.smallCount {
            if let text = texts.first(where: { $0.key == key }) { return text.value }
            return shapes.place(of: key, in: shape, count: numbers.count).map { numbers[$0].value }
        }
        if places.isEmpty {
            for (place, key) in shapes.keys(of: shape).enumerated() { places[key] = place }
            for (place, text) in texts.enumerated() { places[text.key] = ~place }
        }
        return places[key].map { $0 < 0 ? texts[~$0].value : numbers[$0].value }
    }

    /// Whether a key may be among the texts, which ``shape`` does not tell.
    @inline(__always)
    var hasTexts: Bool { !texts.isEmpty }

    /// Adds a number whose key makes `shape` of the shape.
    @inline(__always)
    mutating func append(_ number: LoggedNumber, under key: LoggedKey, shape: Int) {
        if !places.isEmpty { places[key] = numbers.count }
        numbers.append(number)
        self.shape = shape
    }

    mutating func append(_ text: String, under key: LoggedKey) {
        if !places.isEmpty { places[key] = ~texts.count }
        texts.append(LoggedText(key: key, text: text))
    }

    mutating func reserve(_ count: Int) { numbers.reserveCapacity(count) }

    /// Gives the row to `body`, and empties it.
    mutating func close(
        group: String, list: Int, _ keys: [LoggedKey], version: Int, keepingCapacity capacity: Int,
        _ body: (GroupRow) -> Void
    ) {
        var row = GroupRow(
            group: group, step: step, time: time, shape: list, shapesVersion: version, keys: keys,
            numbers: takeMemory(), texts: texts)
        body(row)
        // Copies nothing unless the row was kept.
        row.numbers.removeAll(keepingCapacity: row.numbers.capacity <= capacity)
        swap(&numbers, &row.numbers)
        if !texts.isEmpty { texts = [] }
        if !places.isEmpty { places = [:] }
    }
}
