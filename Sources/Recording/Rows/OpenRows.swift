/// Rows of metrics that may still grow: one for each step of a group of keys.
///
/// A line without a step gets the last step of each of its groups plus one, 0 at the start. The same step again adds its other
/// keys to the row; of two values for one key the first is kept and the second counted, unless their bits are equal.
///
/// At most ``largestCount`` rows with ``largestValueCount`` values are open. The one that is open the longest is closed for another,
/// and what comes for it later is a row again, which whoever stores rows merges.
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

    private struct Place: Hashable {
        let group: Int
        let step: Int64
    }

    private struct OpenRow {
        /// Up to here comparing is faster than hashing.
        private static let smallCount = 32

        var row: GroupRow
        let place: Place
        private var indices: [LoggedKey: Int] = [:]

        init(row: GroupRow, place: Place) {
            (self.row, self.place) = (row, place)
        }

        func value(of key: LoggedKey) -> LoggedValue? {
            if indices.isEmpty {
                for entry in row.values where entry.key == key { return entry.value }
                return nil
            }
            return indices[key].map { row.values[$0].value }
        }

        mutating func append(_ entry: LoggedEntry) {
            row.values.append(entry)
            if !indices.isEmpty {
                indices[entry.key] = row.values.count - 1
            } else if row.values.count > Self.smallCount {
                for (index, entry) in row.values.enumerated() { indices[entry.key] = index }
            }
        }
    }

    private struct Group {
        let name: String
        var lastStep: Int64?
        /// The row to which the line before added, which most often grows again.
        var latest: (step: Int64, index: Int)?
    }

    private var groups: [Group] = []
    private var groupIndices: [String: Int] = [:]
    private var rows: [OpenRow] = []
    private var valueCount = 0
    private var places: [Place: Int] = [:]
    /// Rows before this one are closed and given away.
    private var first = 0
    /// Of the value before.
    private var latestGroup = 0

    /// `lastSteps` holds the steps from which groups go on, such as those of an attempt before.
    package init(largestCount: Int = OpenRows.usualCount, lastSteps: [String: Int64] = [:]) {
        precondition(largestCount > 0, "\(largestCount) rows are too few to be open")
        self.largestCount = largestCount
        for (name, step) in lastSteps.sorted(by: { $0.key < $1.key }) {
            groupIndices[name] = groups.count
            groups.append(Group(name: name, lastStep: step))
        }
    }

    package var count: Int { rows.count - first }

    /// Adds a line's values; calls `close` with each row that has to make room.
    package mutating func add(_ line: LoggedLine, close: (GroupRow) -> Void) {
        var steps: [(group: Int, step: Int64?)] = []
        for entry in line.values {
            guard let group = index(of: entry.key.group) else {
                counts.refusedValues += 1
                continue
            }
            // All values of a group in one line are of one step.
            let step: Int64?
            if let given = line.step {
                step = given
            } else if let known = steps.first(where: { $0.group == group }) {
                step = known.step
            } else {
                step = nextStep(of: group)
                steps.append((group, step))
            }
            guard let step else {
                counts.refusedValues += 1
                continue
            }
            groups[group].lastStep = step
            add(entry, to: Place(group: group, step: step), time: line.time, close)
        }
    }

    /// Gives all rows, in the order in which they were opened, and keeps the steps of their groups.
    package mutating func closeAll(_ close: (GroupRow) -> Void) {
        for row in rows[first...] { close(row.row) }
        rows.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        (first, valueCount) = (0, 0)
        for group in groups.indices { groups[group].latest = nil }
    }

    // MARK: - Internals

    private mutating func index(of name: String) -> Int? {
        if latestGroup < groups.count, groups[latestGroup].name == name { return latestGroup }
        if let known = groupIndices[name] {
            latestGroup = known
            return known
        }
        guard groups.count < Self.largestGroupCount else { return nil }
        groupIndices[name] = groups.count
        groups.append(Group(name: name))
        return groups.count - 1
    }

    /// Nil behind the largest step.
    private func nextStep(of group: Int) -> Int64? {
        guard let last = groups[group].lastStep else { return 0 }
        return last < .max ? last + 1 : nil
    }

    private mutating func add(_ entry: LoggedEntry, to place: Place, time: Double?, _ close: (GroupRow) -> Void) {
        let index: Int
        if let latest = groups[place.group].latest, latest.step == place.step {
            index = latest.index
        } else {
            index = places[place] ?? open(place, close)
            groups[place.group].latest = (place.step, index)
        }
        if rows[index].row.time == nil { rows[index].row.time = time }
        if let kept = rows[index].value(of: entry.key) {
            if kept == entry.value {
                counts.repetitions += 1
            } else {
                counts.addConflict(place.step, entry.key, kept, entry.value)
            }
        } else if rows[index].row.values.count == Self.largestRow {
            counts.refusedValues += 1
        } else {
            rows[index].append(entry)
            valueCount += 1
            while valueCount > Self.largestValueCount, count > 1, first < index { closeOldest(close) }
        }
    }

    private mutating func open(_ place: Place, _ close: (GroupRow) -> Void) -> Int {
        if count == largestCount { closeOldest(close) }
        // Half of the array is given away: the others move to its front.
        if first > largestCount {
            rows.removeFirst(first)
            for (key, index) in places { places[key] = index - first }
            for group in groups.indices { groups[group].latest = nil }
            first = 0
        }
        rows.append(OpenRow(row: GroupRow(group: groups[place.group].name, step: place.step), place: place))
        places[place] = rows.count - 1
        return rows.count - 1
    }

    private mutating func closeOldest(_ close: (GroupRow) -> Void) {
        close(rows[first].row)
        places[rows[first].place] = nil
        valueCount -= rows[first].row.values.count
        let group = rows[first].place.group
        if groups[group].latest?.index == first { groups[group].latest = nil }
        rows[first] = OpenRow(row: GroupRow(group: "", step: 0), place: Place(group: 0, step: 0))
        first += 1
    }
}

/// The values of one group of keys at one step.
package struct GroupRow: Sendable, Equatable {
    package let group: String
    package let step: Int64
    /// The first that came.
    package var time: Double?
    /// Each key once, in the order in which they came.
    package var values: [LoggedEntry] = []

    package init(group: String, step: Int64, time: Double? = nil, values: [LoggedEntry] = []) {
        (self.group, self.step, self.time, self.values) = (group, step, time, values)
    }
}

/// What open rows did not take.
package struct RowCounts: Sendable, Equatable {
    /// A value for a key that has another one at that step.
    package struct Conflict: Sendable, Equatable {
        package let step: Int64
        package let key: LoggedKey
        package let kept: LoggedValue
        package let second: LoggedValue
    }

    package static let keptConflicts = 8

    /// Values that came again with the same bits.
    package var repetitions = 0
    package private(set) var conflicts = 0
    /// The first few of them.
    package private(set) var firstConflicts: [Conflict] = []
    /// Values of too many groups, or behind the largest step.
    package var refusedValues = 0

    mutating func addConflict(_ step: Int64, _ key: LoggedKey, _ kept: LoggedValue, _ second: LoggedValue) {
        conflicts += 1
        if firstConflicts.count < Self.keptConflicts {
            firstConflicts.append(Conflict(step: step, key: key, kept: kept, second: second))
        }
    }
}
