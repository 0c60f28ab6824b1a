import TextFormats
import Tracking

/// The last lines of what a program printed, for a person.
struct OutputTail {
    /// So many bytes are looked at, and so many characters of a line are shown.
    private static let mostBytes = 64 << 10
    private static let longestLine = 400

    /// Each line as it stood there in the end, every character visible.
    static func lines(of stream: StreamExcerpt, count: Int) -> [String] {
        // Between beginning and end something may be missing; the end is what counts.
        let isWhole = Int64(stream.head.count) + Int64(stream.tail.count) >= stream.byteCount
        let bytes = isWhole ? (stream.head.suffix(mostBytes) + stream.tail.suffix(mostBytes)) : stream.tail[...]
        var lines = bytes.suffix(mostBytes).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.suffix(count).map { line in
            // A progress bar goes back to the line's beginning again and again; what it said last is what was seen.
            let parts = line.split(separator: UInt8(ascii: "\r"))
            let text = String(decoding: parts.last ?? [], as: UTF8.self)
            let isLong = text.utf8.count > longestLine && text.count > longestLine
            return (isLong ? text.prefix(longestLine) + "…" : text[...]).description.visible
        }
    }
}
