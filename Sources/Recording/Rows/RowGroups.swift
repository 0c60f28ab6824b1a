/// The groups of keys, each with the steps of its rows.
struct RowGroups: Sendable {
    struct Group {
        /// The empty list of keys of its rows, as a node of ``RowShapes``.
        fileprivate(set) var root: Int
        fileprivate var lastStep: Int64?
        /// Where a line has no step, the one that it got; nil behind the largest.
        fileprivate var lineStep: Int64?
        /// The last line that got a step.
        fileprivate var line = 0
        /// The row to which the line before added, which most often grows again.
        var latest = (step: Int64(0), row: -1)
        /// Of open rows.
        var steps = OpenSteps()
    }

    private var groups: [Group] = []
    private var indices: [String: Int] = [:]
    private var cache = GroupCache()
    private var lineCount = 0

    var count: Int { groups.count }

    subscript(index: Int) -> Group {
        @inline(__always) _read { yield groups[index] }
        @inline(__always) _modify { yield &groups[index] }
    }

    var roots: [Int] {
        get { groups.map(\.root) }
        set { for (index, root) in newValue.enumerated() { groups[index].root = root } }
    }

    /// Adds a group that is not there.
    @discardableResult
    mutating func add(_ name: String, lastStep: Int64? = nil, root: Int) -> Int {
        indices[name] = groups.count
        groups.append(Group(root: root, lastStep: lastStep))
        return groups.count - 1
    }

    /// Nil where a key's group is not there.
    mutating func index(of key: LoggedKey) -> Int? {
        if let known = cache[key] { return known }
        guard let index = indices[key.group] else { return nil }
        cache[key] = index
        return index
    }

    mutating func beginLine() { lineCount += 1 }

    /// The step of a group's values in this line, all of which have the same; nil behind the largest.
    @inline(__always)
    mutating func step(of index: Int, _ line: LoggedLine) -> Int64? {
        if let given = line.step {
            groups[index].lastStep = given
            return given
        }
        return nextStep(of: index)
    }

    /// All rows are closed.
    mutating func forgetRows() {
        for index in groups.indices { groups[index].latest.row = -1 }
    }

    private mutating func nextStep(of index: Int) -> Int64? {
        if groups[index].line == lineCount { return groups[index].lineStep }
        groups[index].line = lineCount
        let last = groups[index].lastStep
        let next = last == nil ? 0 : last.flatMap { $0 < .max ? $0 + 1 : nil }
        groups[index].lineStep = next
        if let next { groups[index].lastStep = next }
        return next
    }
}
