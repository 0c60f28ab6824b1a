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
    /// Values that an epoch printed again: the last ones are kept.
    package var reprinted = 0
    /// Texts in which one was made visible.
    package var zeroBytes = 0
    /// Values that a restart wrote again: the newest are kept.
    package var superseded = 0
    /// Logs that are not read to their end.
    package var stoppedLogs = 0
    private var followed = FollowedCounts()
    package var settings = 0

    package init() {}

    mutating func add(_ line: LoggedLine) {
        refusals += line.refusals.count
        conflicts += line.duplicates
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
        // The verb is that of one thing, and of several.
        func add(_ count: Int, _ what: String, _ verbs: (String, String), _ rest: String, _ example: String? = nil) {
            guard count > 0 else { return }
            let verb = count == 1 ? verbs.0 : verbs.1
            sentences.append("\(count.counted(what)) \(verb) \(rest)" + (example.map { ", such as \($0)" } ?? ""))
        }
        let (was, had) = (("was", "were"), ("had", "had"))
        add(
            rows.conflicts + conflicts, "value", ("came", "came"),
            "second for a key that had another one at that step; the first is kept")
        add(rows.refusedValues, "value", was, "of too many groups of keys, or behind the largest step")
        add(refusedNumbers, "number", had, "a key that is one too many for the notebook")
        add(refusals, "part", was, "left out of lines", firstRefusal)
        add(lines, "line", was, "none of the protocol", firstLine)
        add(stream.cutLines, "line", was, "longer than \(StreamReader.usualLimit) bytes")
        add(
            stream.undeclaredFrames + stream.refusedFrames + stream.incompleteFrames, "frame", ("cannot", "cannot"),
            "be read")
        add(reprinted, "value", was, "printed again within an epoch; the last of each epoch is kept")
        add(zeroBytes, "text", had, "a zero byte, which is stored as \u{2400}")
        add(files, "file", ("could", "could"), "not be read")
        add(settings, "set of settings", was, "too large")
        add(superseded, "value", was, "written again after a restart; the newest is kept")
        add(followed.media, "value", was, "no number or text, but an image, a histogram or the like")
        add(followed.damaged, "record", was, "damaged in a log")
        add(followed.refused, "value", was, "left out of a log", followed.refusals.sentences.first)
        add(stoppedLogs, "log", was, "not read to its end")
        return sentences
    }

    /// Whether everything was stored as it came.
    package var isEmpty: Bool { sentences.isEmpty }
}
