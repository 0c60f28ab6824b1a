/// The steps of one group that have an open row, in rising order, and the numbers of these rows.
///
/// Adding behind the last step and removing the first cost nothing; anything else is a search and moves what is behind.
struct OpenSteps: Sendable {
    private var entries: [(step: Int64, row: Int)] = []
    /// Entries before this one are removed.
    private var first = 0

    /// The row of a step.
    @inline(__always)
    func row(of step: Int64) -> Int? {
        guard let last = entries.last, first < entries.count, step <= last.step else { return nil }
        return search(step)
    }

    /// Adds a step that is not there.
    @inline(__always)
    mutating func insert(_ step: Int64, row: Int) {
        if first == entries.count || entries[entries.count - 1].step < step {
            entries.append((step, row))
        } else {
            entries.insert((step, row), at: place(of: step))
        }
    }

    @inline(__always)
    mutating func remove(_ step: Int64) {
        guard first < entries.count, entries[first].step == step else { return removeElsewhere(step) }
        first += 1
        // Half of the array is removed: the others move to its front.
        if first >= 32, first * 2 >= entries.count {
            entries.removeFirst(first)
            first = 0
        }
    }

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        first = 0
    }

    // MARK: - Internals

    private func search(_ step: Int64) -> Int? {
        let place = place(of: step)
        return place < entries.count && entries[place].step == step ? entries[place].row : nil
    }

    /// Of the first step that is not smaller.
    private func place(of step: Int64) -> Int {
        var (low, high) = (first, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].step < step { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func removeElsewhere(_ step: Int64) {
        let place = place(of: step)
        if place < entries.count, entries[place].step == step { entries.remove(at: place) }
    }
}
