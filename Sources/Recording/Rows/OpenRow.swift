/// A row that may still grow, but for its numbers and what few rows have.
///
/// It holds no references, so that reading it costs nothing.
struct OpenRow: Sendable {
    let group: Int
    let step: Int64
    var time: Double?
    /// The keys of the numbers, as a node of ``RowShapes``.
    var shape: Int
    /// Numbers and texts.
    var count = 0
    /// Whether it has a ``RowSupplement``.
    var hasSupplement = false

    init(group: Int, step: Int64, shape: Int) {
        (self.group, self.step, self.shape) = (group, step, shape)
    }
}

/// What few rows have: texts, and places where many keys are looked up.
struct RowSupplement: Sendable {
    /// Up to here comparing is faster than hashing.
    static let smallCount = 32

    private(set) var texts: [LoggedText] = []
    /// Of numbers, and of texts from -1 downwards; complete unless it is empty.
    private var places: [LoggedKey: Int] = [:]

    /// The place of a number, or that of a text counted from -1 downwards.
    mutating func place(of key: LoggedKey, in row: OpenRow, _ shapes: RowShapes) -> Int? {
        if places.isEmpty, row.count <= Self.smallCount {
            if let text = texts.firstIndex(where: { $0.key == key }) { return ~text }
            return shapes.place(of: key, in: row.shape, count: row.count - texts.count)
        }
        if places.isEmpty {
            for (place, key) in shapes.keys(of: row.shape).enumerated() { places[key] = place }
            for (place, text) in texts.enumerated() { places[text.key] = ~place }
        }
        return places[key]
    }

    mutating func addNumber(_ key: LoggedKey, at place: Int) {
        if !places.isEmpty { places[key] = place }
    }

    mutating func addText(_ text: String, under key: LoggedKey) {
        if !places.isEmpty { places[key] = ~texts.count }
        texts.append(LoggedText(key: key, text: text))
    }
}
