import TextFormats

/// A growing file of CSV or of JSON lines: `--follow FILE`.
package final class FollowedTextFile: FollowedLog {
    package let source = "file"
    package var path: String { file.path }
    private let file: FollowedFile
    private var reader = TextLogReader()
    private let isNew: Bool
    /// The first bytes belong to other runs; nil before it is known.
    private var oldSize: Int?
    private var isStopped = false

    /// With `isNew` what is there at the first poll belongs to other runs: it is read, for the names of columns, and not given.
    package init(path: String, isNew: Bool) {
        file = FollowedFile(path: path)
        self.isNew = isNew
    }

    package var counts: FollowedCounts { reader.counts }

    /// Gives what is new to `body`, at most `limit` bytes and one piece of it; whether there may be more.
    package func poll(limit: Int = 16 << 20, _ body: (FollowedItem) -> Void) -> Bool {
        if oldSize == nil { oldSize = isNew ? FileStatus(path: file.path)?.size ?? 0 : 0 }
        var count = 0
        while count < limit, !isStopped {
            do throws(FollowError) {
                guard let piece = try file.next() else { return false }
                switch piece {
                case .bytes(let bytes):
                    count += bytes.count
                    read(bytes, body)
                case .restarted:
                    oldSize = 0
                    reader.restart()
                    body(.notice("\(file.path.visible) was written again and is read from its start"))
                case .replaced:
                    // The old one is complete.
                    if oldSize == 0 { reader.finish(body) } else { reader.finish { _ in } }
                    oldSize = 0
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

    // MARK: - Internals

    private func read(_ bytes: [UInt8], _ body: (FollowedItem) -> Void) {
        let old = min(bytes.count, max(0, (oldSize ?? 0) - (file.offset - bytes.count)))
        bytes.withUnsafeBytes { bytes in
            if old > 0 {
                reader.read(UnsafeRawBufferPointer(rebasing: bytes[..<old])) { _ in }
                reader.resetCounts()
            }
            reader.read(UnsafeRawBufferPointer(rebasing: bytes[old...]), body)
        }
    }
}
