/// What an epoch has printed so far under each key, last.
struct EpochValues {
    private var line: LoggedLine?
    private var time = 0.0
    private(set) var replacedCount = 0

    var step: Int64? { line?.step }
    /// An epoch that prints ever new keys is given in parts.
    var isFull: Bool { line?.values.count ?? 0 >= 1000 }

    mutating func add(_ added: LoggedLine, at time: Double) {
        self.time = time
        guard var line else { return line = added }
        for entry in added.values {
            if let place = line.values.firstIndex(where: { $0.key == entry.key }) {
                line.values[place] = entry
                replacedCount += 1
            } else {
                line.values.append(entry)
            }
        }
        self.line = line
    }

    /// All of it; afterwards nothing is printed yet.
    mutating func take() -> (LoggedLine, Double)? {
        defer { (line, replacedCount) = (nil, 0) }
        return line.map { ($0, time) }
    }
}
