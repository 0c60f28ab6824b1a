@testable import Recording

/// Open rows as their documentation says, without a thought of time; ``OpenRows`` must give the same.
struct ReferenceRows {
    struct Row: Equatable {
        let group: String
        let step: Int64
        var time: Double?
        var entries: [LoggedEntry] = []
    }

    let largestCount: Int
    var lastSteps: [String: Int64?] = [:]
    private(set) var counts = RowCounts()
    private var rows: [Row] = []

    init(largestCount: Int, lastSteps: [String: Int64]) {
        self.largestCount = largestCount
        for (name, step) in lastSteps { self.lastSteps[name] = step }
    }

    mutating func add(_ line: LoggedLine, close: (Row) -> Void) {
        let before = lastSteps
        for entry in line.values {
            let group = entry.key.group
            if lastSteps[group] == nil {
                guard lastSteps.count < OpenRows.largestGroupCount else {
                    counts.refusedValues += 1
                    continue
                }
                lastSteps[group] = .some(nil)
            }
            let last = before[group] ?? nil
            guard let step = line.step ?? last.map({ $0 < .max ? $0 + 1 : nil }) ?? (last == nil ? 0 : nil) else {
                counts.refusedValues += 1
                continue
            }
            lastSteps[group] = step
            add(entry, group, step, line.time, close)
        }
    }

    mutating func closeAll(_ close: (Row) -> Void) {
        rows.forEach(close)
        rows = []
    }

    private mutating func add(
        _ entry: LoggedEntry, _ group: String, _ step: Int64, _ time: Double?, _ close: (Row) -> Void
    ) {
        var index = rows.firstIndex { $0.group == group && $0.step == step } ?? rows.count
        if index == rows.count {
            if rows.count == largestCount {
                close(rows.removeFirst())
                index -= 1
            }
            rows.append(Row(group: group, step: step))
        }
        rows[index].time = rows[index].time ?? time
        if let kept = rows[index].entries.first(where: { $0.key == entry.key }) {
            if kept.value == entry.value {
                counts.repetitions += 1
            } else {
                counts.addConflict(step, entry.key, kept.value, entry.value)
            }
        } else if rows[index].entries.count == OpenRows.largestRow {
            counts.refusedValues += 1
        } else {
            rows[index].entries.append(entry)
            while index > 0, rows.reduce(0, { $0 + $1.entries.count }) > OpenRows.largestValueCount {
                close(rows.removeFirst())
                index -= 1
            }
        }
    }
}

extension ReferenceRows.Row {
    /// Numbers in their order, then texts in theirs.
    init(_ row: GroupRow) {
        self.init(
            group: row.group, step: row.step, time: row.time,
            entries: zip(row.keys, row.numbers).map { LoggedEntry($0, $1.value) }
                + row.texts.map { LoggedEntry($0.key, $0.value) })
    }

    var withTextsLast: Self {
        var row = self
        let isText = { (entry: LoggedEntry) in entry.value.double == nil }
        row.entries = entries.filter { !isText($0) } + entries.filter(isText)
        return row
    }
}
