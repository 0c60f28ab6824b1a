import TextFormats

/// A growing file of CSV or of JSON lines: `--follow FILE`.
package final class FollowedTextFile: FollowedLog {
    package let source = "file"
    private let file: FollowedFile
    private var reader = TextLogReader()
    /// Why it is read no more.
    private var isStopped = false

    package init(path: String) {
        file = FollowedFile(path: path)
    }

    package var counts: FollowedCounts { reader.counts }

    /// Gives what is new to `body`, at most `limit` bytes and one piece of it; whether there may be more.
    package func poll(limit: Int = 16 << 20, _ body: (FollowedItem) -> Void) -> Bool {
        var count = 0
        while count < limit, !isStopped {
            do throws(FollowError) {
                guard let piece = try file.next() else { return false }
                switch piece {
                case .bytes(let bytes):
                    count += bytes.count
                    reader.read(bytes, body)
                case .restarted:
                    reader.restart()
                    body(.notice("\(file.path.visible) was written again and is read from its start"))
                case .replaced:
                    // The old one is complete.
                    reader.finish(body)
                    body(.notice("\(file.path.visible) is another file now, which is read from its start"))
                }
            } catch {
                isStopped = true
                body(.stopped(error.description))
            }
        }
        return !isStopped
    }

    /// The program has ended: gives what is left, and a last line without a line feed.
    package func finish(_ body: (FollowedItem) -> Void) {
        // Whoever still writes does not keep this waiting.
        var polls = 16 + (FileStatus(path: file.path)?.size ?? 0) >> 24
        while polls > 0, poll(body) { polls -= 1 }
        reader.finish(body)
    }
}
