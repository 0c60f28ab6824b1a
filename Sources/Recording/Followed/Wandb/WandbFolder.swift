import Foundation
import TextFormats

/// The log of one run of W&B, followed as it grows: `--wandb`.
///
/// The path is a `.wandb` file, or a folder below which the package puts one, such as `wandb`. Of a folder the log is followed that
/// appears first; where one must be there and several are, none is.
package final class WandbFolder: FollowedLog {
    package let source = "wandb"
    package static let largestFileCount = 10_000

    package let path: String
    /// The log that is followed, once it is there.
    package private(set) var file: String?

    private let isNew: Bool
    private var ignored: Set<String>?
    private var followed: FollowedFile?
    private var reader = WandbReader()
    private var before = FollowedCounts()
    private var isStopped = false

    /// With `isNew` logs that are there at the first poll are those of other runs.
    package init(path: String, isNew: Bool) {
        (self.path, self.isNew) = (path, isNew)
    }

    package var counts: FollowedCounts {
        var counts = before
        counts.add(reader.counts)
        return counts
    }

    /// Gives what is new to `body`, at most `limit` bytes and one piece of it; whether there may be more.
    package func poll(limit: Int = 16 << 20, _ body: (FollowedItem) -> Void) -> Bool {
        find(body)
        guard let followed else { return false }
        var count = 0
        while count < limit, !isStopped {
            do throws(FollowError) {
                guard let piece = try followed.next() else { return false }
                switch piece {
                case .bytes(let bytes):
                    count += bytes.count
                    bytes.withUnsafeBytes { bytes in reader.read(bytes) { give($0, body) } }
                case .restarted, .replaced:
                    body(.notice("\(followed.path.visible) was written again and is read from its start"))
                    before.add(reader.counts)
                    reader = WandbReader()
                }
            } catch {
                stop(error.description, body)
            }
        }
        return !isStopped
    }

    /// The program has ended: gives what is left.
    ///
    /// The package ends its log a little later than its program.
    package func finish(_ body: (FollowedItem) -> Void) {
        // Whoever still writes does not keep this waiting.
        for _ in 0..<65_536 where !poll(body) { break }
        if reader.hasRest, !isStopped, let file {
            before.damaged += 1
            body(.notice("\(file.visible) ends in the middle of a record"))
        }
        reader.finish { give($0, body) }
    }

    // MARK: - Internals

    private func give(_ item: WandbReader.Item, _ body: (FollowedItem) -> Void) {
        switch item {
        case .item(let item): body(item)
        case .stopped(let reason): stop("\((file ?? path).visible): \(reason)", body)
        }
    }

    private func stop(_ reason: String, _ body: (FollowedItem) -> Void) {
        isStopped = true
        body(.stopped(reason))
    }

    private func find(_ body: (FollowedItem) -> Void) {
        guard followed == nil, !isStopped else { return }
        guard let status = FileStatus(path: path) else {
            ignored = ignored ?? []
            return
        }
        guard case .folder = status.kind else { return follow(path) }
        guard let listing = FolderListing(path, largestCount: Self.largestFileCount, { $0.hasSuffix(".wandb") }) else {
            return stop(FollowError(path, errorNumber: errno).description, body)
        }
        let paths = listing.files.map(\.path)
        if ignored == nil { ignored = isNew ? Set(paths) : [] }
        let candidates = paths.filter { ignored?.contains($0) == false }
        guard let first = candidates.first else { return }
        if !isNew, candidates.count > 1 {
            return stop("\(path.visible) holds \(candidates.count) logs of W&B; name one of them", body)
        }
        if candidates.count > 1 {
            body(.notice("of \(candidates.count) new logs of W&B only \(first.visible) is followed"))
        }
        follow(first)
    }

    private func follow(_ path: String) {
        file = path
        followed = FollowedFile(path: path)
    }
}
