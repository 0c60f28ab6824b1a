/// Takes the bytes of a growing file of JSON lines, and gives each object as a line.
///
/// As ``LineReader`` reads them. Where a line has no `step`, another name of one is taken: `global_step`, `iteration`, `epoch`.
struct JSONLogReader: Sendable {
    var counts = FollowedCounts()

    private var stream = StreamReader()

    init() {}

    /// Calls `body` with each item that the piece completes.
    mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (FollowedItem) -> Void) {
        var stream = StreamReader()
        swap(&stream, &self.stream)
        stream.read(piece) { take($0, body) }
        swap(&stream, &self.stream)
    }

    /// The file has ended: gives a last line without a line feed.
    mutating func finish(_ body: (FollowedItem) -> Void) {
        var stream = StreamReader()
        swap(&stream, &self.stream)
        stream.finish { take($0, body) }
        swap(&stream, &self.stream)
    }

    // MARK: - Internals

    private mutating func take(_ item: StreamItem, _ body: (FollowedItem) -> Void) {
        switch item {
        case .unreadable(let bytes):
            counts.damaged += 1
            body(.unreadable(bytes))
        case .line(var line):
            if line.step == nil, line.refusals.isEmpty { takeStep(of: &line) }
            counts.lines += 1
            counts.refused += line.refusals.count
            body(.line(line))
        }
    }

    /// A value of this name that is no step, such as an epoch of 0.5, stays a value.
    private func takeStep(of line: inout LoggedLine) {
        let names = line.values.map { FollowedStep.step($0.value) == nil ? "" : $0.key.name }
        guard let index = FollowedStep.best(names) else { return }
        line.step = FollowedStep.step(line.values.remove(at: index).value)
    }
}
