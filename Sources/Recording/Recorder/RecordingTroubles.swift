import TextFormats

/// What of a run was not stored as it came, counted.
package struct RecordingTroubles: Sendable {
    package var rows = RowCounts()
    package var stream = StreamCounts()
    /// Values that came second, of those that were in the notebook already.
    package var conflicts = 0
    /// Lines of the descriptor that are none of the protocol.
    package internal(set) var lines = 0
    package private(set) var firstLine: String?
    /// Values and declarations that were left out of lines.
    package private(set) var refusals = 0
    package private(set) var firstRefusal: String?
    /// Numbers under keys that the notebook does not take.
    package var refusedNumbers = 0
    package var files = 0
    /// Values that a restart wrote again: the newest are kept.
    package var superseded = 0
    /// Logs that are not read to their end.
    package var stoppedLogs = 0
    private var followed = FollowedCounts()
    package var settings = 0

    package init() {}

    mutating func add(_ line: LoggedLine) {
        refusals += line.refusals.count
        firstRefusal = firstRefusal ?? line.refusals.sentences.first
    }

    mutating func add(_ counts: FollowedCounts) {
        followed.add(counts)
        superseded += counts.superseded
    }

    mutating func addLine(_ bytes: UnreadableBytes) {
        lines += 1
        firstLine = firstLine ?? "'\(bytes.text.prefix(60).description.visible)': \(bytes.reason)"
    }

    /// A sentence for each kind of trouble that there was.
    package var sentences: [String] {
        var sentences: [String] = []
        func add(_ count: Int, _ what: String, _ rest: String) {
            if count > 0 { sentences.append("\(count.counted(what)) \(rest)") }
        }
        add(
            rows.conflicts + conflicts, "value",
            "came second for a key that had another one at that step; the first is kept")
        add(rows.refusedValues, "value", "belonged to too many groups of keys, or came after the largest step")
        add(refusedNumbers, "number", "came under keys that are too many for the notebook")
        add(refusals, "part", "of lines was left out\(firstRefusal.map { ", such as: \($0)" } ?? "")")
        add(lines, "line", "was no line of the protocol\(firstLine.map { ", such as \($0)" } ?? "")")
        add(stream.cutLines, "line", "was longer than \(StreamReader.usualLimit) bytes")
        add(
            stream.undeclaredFrames + stream.refusedFrames + stream.incompleteFrames, "frame",
            "could not be read")
        add(files, "file", "could not be read")
        add(settings, "set of settings", "was too large")
        add(superseded, "value", "was written again after a restart; the newest is kept")
        add(followed.media, "image, histogram or the like", "of a log was left out")
        add(followed.damaged, "record", "of a log was damaged")
        add(
            followed.refused, "value",
            "of a log was left out\(followed.refusals.sentences.first.map { ", such as: \($0)" } ?? "")")
        add(stoppedLogs, "log", "was not read to its end")
        return sentences
    }

    /// Whether everything was stored as it came.
    package var isEmpty: Bool { sentences.isEmpty }
}
