import Tracking

/// Rows of metrics that may still grow: one for each step of a group of keys.
///
/// A line without a step gets the last step of each of its groups plus one, 0 at the start. The same step again adds its other
/// keys to the row; of two values for one key the first is kept and the second counted, unless their bits are equal.
///
/// At most ``largestCount`` rows with ``largestValueCount`` values are open. The one that is open the longest is closed for another,
/// and what comes for it later is a row again, which whoever stores rows merges.
///
/// A value with the same key as in the row before, at a step behind all others, costs neither hashing nor memory. A step between
/// others moves those behind it, of ``largestCount`` at most.
package struct OpenRows: Sendable {
    package static let usualCount = 4096
    /// More groups are refused: a group is a table.
    package static let largestGroupCount = 256
    package static let largestValueCount = 200_000
    /// Of one row; more are refused.
    package static let largestRow = 10_000

    package let largestCount: Int
    /// Values that came second and differ, and what was refused.
    package private(set) var counts = RowCounts()

    private var groups = RowGroups()
    /// Row n is at place n modulo ``largestCount``.
    private var rows: [OpenRow] = []
    /// Of each row; closed ones give their memory to others.
    private var numbers: [[MetricValue]] = []
    /// Of few rows, by their numbers' places.
    private var supplements: [Int: RowSupplement] = [:]
    /// The numbers of the oldest row and of the next one.
    private var (first, next) = (0, 0)
    private var valueCount = 0
    private var tree: RowShapes

    /// `lastSteps` holds the steps from which groups go on, such as those of an attempt before.
    package init(largestCount: Int = OpenRows.usualCount, lastSteps: [String: Int64] = [:]) {
        self.init(largestCount: largestCount, lastSteps: lastSteps, shapesLimit: RowShapes.usualLimit)
    }

    init(largestCount: Int, lastSteps: [String: Int64] = [:], shapesLimit: Int) {
        precondition(largestCount > 0, "\(largestCount) rows are too few to be open")
        self.largestCount = largestCount
        tree = RowShapes(limit: shapesLimit)
        for (name, step) in lastSteps.sorted(by: { $0.key < $1.key }) {
            groups.add(name, lastStep: step, root: tree.makeRoot())
        }
    }

    package var count: Int { next - first }

    /// The lists of keys of closed rows, which name them by their place.
    ///
    /// Lists are added behind the others. When programs have made up hundreds of thousands of keys, all lists are forgotten, and a
    /// list gets a place when a row with it is closed; each row says by its ``GroupRow/shapesVersion`` whether that happened.
    package var shapes: [[LoggedKey]] { tree.lists }
    package var shapesVersion: Int { tree.version }

    /// Adds a line's values; calls `close` with each row that has to make room.
    package mutating func add(_ line: LoggedLine, close: (GroupRow) -> Void) {
        groups.beginLine()
        if tree.isLarge { forgetShapes() }
        // Where the value before went, which the next one most often follows.
        var (group, place) = (-1, 0)
        for entry in line.values {
            if group >= 0, addUsual(entry, at: place, close) { continue }
            guard let index = self.group(of: entry.key), let step = groups.step(of: index, line) else {
                counts.refusedValues += 1
                continue
            }
            if index != group {
                let row = row(of: index, at: step, close)
                (group, place) = (index, row % largestCount)
                if rows[place].time == nil { rows[place].time = line.time }
                if addUsual(entry, at: place, close) { continue }
            }
            add(entry, at: place, close)
        }
    }

    /// Gives all rows, in the order in which they were opened, and keeps the steps of their groups.
    package mutating func closeAll(_ close: (GroupRow) -> Void) {
        while first < next { closeOldest(close) }
        (first, next) = (0, 0)
        groups.forgetRows()
    }

    // MARK: - Rows

    /// Nil where it is one too many.
    private mutating func group(of key: LoggedKey) -> Int? {
        if let known = groups.index(of: key) { return known }
        guard groups.count < Self.largestGroupCount else { return nil }
        return groups.add(key.group, root: tree.makeRoot())
    }

    /// The number of a row.
    @inline(__always)
    private mutating func row(of group: Int, at step: Int64, _ close: (GroupRow) -> Void) -> Int {
        let latest = groups[group].latest
        if latest.step == step, latest.row >= first { return latest.row }
        let row = groups[group].steps.row(of: step) ?? open(group, step, close)
        groups[group].latest = (step, row)
        return row
    }

    private mutating func open(_ group: Int, _ step: Int64, _ close: (GroupRow) -> Void) -> Int {
        if count == largestCount { closeOldest(close) }
        let (row, place) = (next, next % largestCount)
        next += 1
        let new = OpenRow(group: group, step: step, shape: groups[group].root)
        if place == rows.count {
            rows.append(new)
            numbers.append([])
            numbers[place].reserveCapacity(Self.usualRow)
        } else {
            rows[place] = new
        }
        groups[group].steps.insert(step, row: row)
        return row
    }

    private mutating func closeOldest(_ close: (GroupRow) -> Void) {
        let place = first % largestCount
        let row = rows[place]
        first += 1
        valueCount -= row.count
        groups[row.group].steps.remove(row.step)
        let list = tree.list(of: row.shape)
        var memory: [MetricValue] = []
        swap(&memory, &numbers[place])
        var closed = GroupRow(
            step: row.step, time: row.time, shape: list, shapesVersion: tree.version, keys: tree.lists[list],
            numbers: memory, texts: row.hasSupplement ? supplements.removeValue(forKey: place)?.texts ?? [] : [])
        memory = []
        close(closed)
        // Copies nothing unless the row was kept.
        closed.numbers.removeAll(keepingCapacity: closed.numbers.capacity <= keptCapacity)
        swap(&numbers[place], &closed.numbers)
    }

    /// Rows are made for as many numbers.
    private static let usualRow = 8
    private var keptCapacity: Int { max(Self.usualRow, Self.largestValueCount / largestCount) }

    // MARK: - Values

    /// Adds a number whose key is that of the row before at this place; false where it is not.
    @inline(__always)
    private mutating func addUsual(_ entry: LoggedEntry, at place: Int, _ close: (GroupRow) -> Void) -> Bool {
        guard let shape = tree.usualChild(of: rows[place].shape, entry.key), !rows[place].hasSupplement,
            rows[place].count < Self.largestRow
        else { return false }
        switch entry.value {
        case .real(let number): numbers[place].append(.real(number))
        case .integer(let number): numbers[place].append(.integer(number))
        case .text: return false
        }
        rows[place].shape = shape
        countValue(at: place, close)
        return true
    }

    private mutating func add(_ entry: LoggedEntry, at place: Int, _ close: (GroupRow) -> Void) {
        let shape = tree.knownChild(of: rows[place].shape, entry.key)
        // A known child says that no number has the key.
        if shape == nil || rows[place].hasSupplement, let kept = value(of: entry.key, at: place) {
            if kept == entry.value {
                counts.repetitions += 1
            } else {
                counts.addConflict(rows[place].step, entry.key, kept, entry.value)
            }
            return
        }
        guard rows[place].count < Self.largestRow else {
            counts.refusedValues += 1
            return
        }
        switch entry.value {
        case .text(let text):
            supplements[place, default: RowSupplement()].addText(text, under: entry.key)
            rows[place].hasSupplement = true
        case .real(let number): append(.real(number), under: entry.key, shape, at: place)
        case .integer(let number): append(.integer(number), under: entry.key, shape, at: place)
        }
        countValue(at: place, close)
    }

    /// What a row has under a key.
    private mutating func value(of key: LoggedKey, at place: Int) -> LoggedValue? {
        let row = rows[place]
        guard row.hasSupplement || row.count > RowSupplement.smallCount else {
            return tree.place(of: key, in: row.shape, count: row.count).map { numbers[place][$0].value }
        }
        rows[place].hasSupplement = true
        guard let found = supplements[place, default: RowSupplement()].place(of: key, in: row, tree) else { return nil }
        return found < 0 ? supplements[place]?.texts[~found].value : numbers[place][found].value
    }

    private mutating func append(_ number: MetricValue, under key: LoggedKey, _ shape: Int?, at place: Int) {
        if rows[place].hasSupplement { supplements[place]?.addNumber(key, at: numbers[place].count) }
        numbers[place].append(number)
        rows[place].shape = shape ?? tree.addChild(of: rows[place].shape, key)
    }

    @inline(__always)
    private mutating func countValue(at place: Int, _ close: (GroupRow) -> Void) {
        rows[place].count += 1
        valueCount += 1
        while valueCount > Self.largestValueCount, first % largestCount != place { closeOldest(close) }
    }

    private mutating func forgetShapes() {
        var kept = groups.roots.map { (root: $0, node: $0) }
        for row in first..<next {
            let row = rows[row % largestCount]
            kept.append((groups[row.group].root, row.shape))
        }
        tree.forget(keeping: &kept)
        groups.roots = kept.prefix(groups.count).map(\.root)
        for row in first..<next { rows[row % largestCount].shape = kept[groups.count + row - first].node }
    }
}
