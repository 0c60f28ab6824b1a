import Foundation
import TextFormats

/// The event files of TensorBoard below a folder, followed as they grow: `--tensorboard DIR`.
///
/// A key is the tag, behind the path of the file's folder below the one that is followed: `validation/epoch_loss`.
///
/// **Restarts.** A program that starts again writes another file, and steps that stand in an older one already. From the first
/// step that a newer file holds of a key, values of that key in older files of the same folder are void. Where the writer says from
/// which step it goes on (`purge_step`), those of all keys of the folder are, as TensorBoard has it. TensorBoard
/// voids nothing without such a word; and one step for all keys would take too much, since programs write
/// some keys at step 0 each time they start, and several writers may share a folder.
/// Older values that are void are left out and counted where both files are there when reading begins. Where the older ones
/// were given already, ``FollowedItem/superseded(key:from:)`` says so before the first of the new ones.
///
/// Bounded: ``largestFileCount`` files, ``largestKeyCount`` keys of all files together, a megabyte of each that is read.
package final class TensorBoardFolder: FollowedLog {
    package let source = "tensorboard"
    package static let largestFileCount = 1000
    package static let largestKeyCount = 50_000

    package let path: String

    private var known: Set<FolderListing.File> = []
    /// Files that have no byte yet.
    private var waiting: [EventFile] = []
    /// By folder, the oldest first.
    private var files: [String: [EventFile]] = [:]
    private var keyCount = 0
    private var isCut = false
    private var isRefused = false
    private let isNew: Bool
    private var isListed = false
    private var own = FollowedCounts()

    /// With `isNew` what is there at the first poll belongs to other runs, or to an attempt before: it is read, so that
    /// restarts are seen, and not given.
    package init(path: String, isNew: Bool) {
        (self.path, self.isNew) = (path, isNew)
    }

    package var counts: FollowedCounts {
        var counts = own
        for file in files.values.joined() { counts.add(file.reader.counts) }
        return counts
    }

    /// Gives what is new to `body`, at most `limit` bytes and one piece of it; whether there may be more.
    package func poll(limit: Int = 16 << 20, _ body: (FollowedItem) -> Void) -> Bool {
        list(body)
        isListed = true
        admit(body)
        var rest = limit
        for folder in files.keys.sorted() {
            for file in files[folder] ?? [] where !read(file, &rest, body) { return true }
        }
        return false
    }

    /// The program has ended: gives what is left.
    package func finish(_ body: (FollowedItem) -> Void) {
        // Whoever still writes does not keep this waiting.
        for _ in 0..<65_536 where !poll(body) { break }
        for file in files.values.joined().sorted(by: { $0.path < $1.path }) where file.reader.hasRest {
            own.damaged += 1
            body(.notice("\(file.path.visible) ends in the middle of a record"))
        }
    }

    // MARK: - Files

    private func list(_ body: (FollowedItem) -> Void) {
        guard let listing = FolderListing(path, largestCount: Self.largestFileCount, { $0.contains("tfevents") }) else {
            // It may not be there yet; files that are open are read on.
            let errorNumber = errno
            if errorNumber != ENOENT, !isRefused {
                isRefused = true
                body(.stopped(FollowError(path, errorNumber: errorNumber).description))
            }
            return
        }
        if listing.isCut, !isCut {
            isCut = true
            body(
                .notice(
                    "\(path.visible) holds more than is followed: \(Self.largestFileCount) event files in folders \(FolderListing.largestDepth) deep are the most"
                ))
        }
        for listed in listing.files where known.count < Self.largestFileCount && known.insert(listed).inserted {
            let file = EventFile(listed)
            if isNew, !isListed { file.oldSize = FileStatus(path: file.path)?.size ?? 0 }
            waiting.append(file)
        }
    }

    /// Takes up the files that have something, and where a folder has several, an event that says which is newer.
    private func admit(_ body: (FollowedItem) -> Void) {
        let candidates = waiting.filter { (FileStatus(path: $0.path)?.size ?? 0) > 0 }
        let counts = candidates.reduce(into: files.mapValues(\.count)) { $0[$1.folder, default: 0] += 1 }
        var looked: [EventFile] = []
        for file in candidates {
            if counts[file.folder] ?? 0 > 1 {
                guard look(into: file) else { continue }
                looked.append(file)
            }
            files[file.folder, default: []].append(file)
            waiting.removeAll { $0 === file }
        }
        for folder in Set(looked.map(\.folder)) { files[folder]?.sort { $0.isOlder(than: $1) } }
        for file in looked {
            if let start = file.start { announce(start, of: file, body) }
            for tag in file.claims.keys.sorted() { announce(tag, of: file, body) }
        }
    }

    /// Sees which steps a file holds before any is given; false where it has no event yet.
    private func look(into file: EventFile) -> Bool {
        var rest = FileStatus(path: file.path)?.size ?? 0
        let bytes = FollowedFile(path: file.path)
        var reader = EventFileReader()
        while rest > 0, let piece = try? bytes.next(), case .bytes(let piece) = piece {
            rest -= piece.count
            piece.withUnsafeBytes { piece in
                reader.read(piece) { item in
                    switch item {
                    case .value(let value): _ = claim(value, of: file)
                    case .start(let step): file.start = min(file.start ?? .max, step)
                    case .stopped: break
                    }
                }
            }
        }
        file.began = reader.began
        return reader.hasBegun
    }

    /// Whether there is nothing more for now.
    private func read(_ file: EventFile, _ rest: inout Int, _ body: (FollowedItem) -> Void) -> Bool {
        while !file.isStopped {
            if rest <= 0 { return false }
            do throws(FollowError) {
                guard let piece = try file.file.next() else { return true }
                switch piece {
                case .bytes(let bytes):
                    rest -= bytes.count
                    read(bytes, of: file, body)
                case .restarted, .replaced: restart(file, body)
                }
            } catch {
                stop(file, error.description, body)
            }
        }
        return true
    }

    private func read(_ bytes: [UInt8], of file: EventFile, _ body: (FollowedItem) -> Void) {
        let old = min(bytes.count, max(0, file.oldSize - (file.file.offset - bytes.count)))
        bytes.withUnsafeBytes { bytes in
            if old > 0 {
                let counts = own
                file.reader.read(UnsafeRawBufferPointer(rebasing: bytes[..<old])) { give($0, of: file) { _ in } }
                (own, file.reader.counts) = (counts, FollowedCounts())
            }
            file.reader.read(UnsafeRawBufferPointer(rebasing: bytes[old...])) { give($0, of: file, body) }
        }
        file.began = file.reader.began
    }

    private func restart(_ file: EventFile, _ body: (FollowedItem) -> Void) {
        body(.notice("\(file.path.visible) was written again and is read from its start"))
        for (_, claim) in file.claims.sorted(by: { $0.key < $1.key }) where claim.largest != nil {
            body(.superseded(key: claim.template.key.name, from: claim.first))
        }
        own.add(file.reader.counts)
        keyCount -= file.claims.count
        (file.reader, file.claims, file.start, file.largest) = (EventFileReader(), [:], nil, nil)
        file.oldSize = 0
    }

    private func stop(_ file: EventFile, _ reason: String, _ body: (FollowedItem) -> Void) {
        file.isStopped = true
        body(.stopped(reason))
    }

    // MARK: - Values

    private func give(_ item: EventFileReader.Item, of file: EventFile, _ body: (FollowedItem) -> Void) {
        switch item {
        case .stopped(let reason): stop(file, "\(file.path.visible): \(reason)", body)
        case .start(let step):
            file.start = min(file.start ?? .max, step)
            announce(step, of: file, body)
        case .value(let value):
            let isNew = file.claims[value.name] == nil
            guard claim(value, of: file) else { return }
            if isNew { announce(value.name, of: file, body) }
            give(value, of: file, body)
        }
    }

    private func give(_ value: EventFileReader.Value, of file: EventFile, _ body: (FollowedItem) -> Void) {
        if newer(than: file).contains(where: { $0.supersedes(value.name, value.step) }) {
            own.superseded += 1
            return
        }
        guard let claim = file.claims[value.name] else { return }
        if let precision = value.precision, precision != claim.precision {
            file.claims[value.name]?.precision = precision
            body(.precision(key: claim.template.key.name, precision))
        }
        file.claims[value.name]?.largest = max(claim.largest ?? .min, value.step)
        file.largest = max(file.largest ?? .min, value.step)
        var line = LoggedLine(step: value.step, values: [LoggedEntry(claim.template.key, value.value)])
        line.time = value.time
        own.lines += 1
        body(.line(line))
    }

    /// Notes that a file has a key; false where the key is none.
    private func claim(_ value: EventFileReader.Value, of file: EventFile) -> Bool {
        if file.claims[value.name] != nil { return true }
        guard keyCount < Self.largestKeyCount else {
            own.refuse("event files have \(Self.largestKeyCount) keys at most; the others are left out")
            return false
        }
        switch FollowedKey.entry(file.key(value.name), .integer(0)) {
        case .failure(let error):
            own.refuse(error.description)
            return false
        case .success(let template):
            keyCount += 1
            file.claims[value.name] = EventFile.Claim(template: template, first: value.step)
            return true
        }
    }

    // MARK: - Restarts

    private func newer(than file: EventFile) -> ArraySlice<EventFile> {
        let all = files[file.folder] ?? []
        // Most folders have one.
        guard all.count > 1, let index = all.firstIndex(where: { $0 === file }) else { return [] }
        return all[(index + 1)...]
    }

    private func older(than file: EventFile) -> ArraySlice<EventFile> {
        files[file.folder]?.prefix { $0 !== file } ?? []
    }

    /// Says that values of a key that older files gave are void.
    private func announce(_ tag: String, of file: EventFile, _ body: (FollowedItem) -> Void) {
        let older = older(than: file)
        guard let claim = file.claims[tag], !older.isEmpty else { return }
        let isGiven = older.contains { $0.claims[tag]?.largest.map { $0 >= claim.first } ?? false }
        // What a newer file gave would be void, too.
        let isNewest = newer(than: file).allSatisfy { $0.claims[tag]?.largest == nil }
        guard isGiven, isNewest else { return }
        for other in older { other.clamp(tag, below: claim.first) }
        body(.superseded(key: claim.template.key.name, from: claim.first))
    }

    /// Says that what any file of the folder gave is void from this step on.
    private func announce(_ start: Int64, of file: EventFile, _ body: (FollowedItem) -> Void) {
        let all = files[file.folder] ?? []
        guard all.contains(where: { $0.largest.map { $0 >= start } ?? false }),
            newer(than: file).allSatisfy({ $0.largest == nil })
        else { return }
        var void: Set<String> = []
        for other in all {
            for claim in other.claims.values where claim.largest.map({ $0 >= start }) ?? false {
                void.insert(claim.template.key.name)
            }
            other.clamp(below: start)
        }
        for key in void.sorted() { body(.superseded(key: key, from: start)) }
    }
}

extension EventFile {
    /// What it gave of a key from this step on is void.
    fileprivate func clamp(_ tag: String, below step: Int64) {
        if let largest = claims[tag]?.largest, largest >= step { claims[tag]?.largest = step > 0 ? step - 1 : nil }
    }

    fileprivate func clamp(below step: Int64) {
        for tag in claims.keys { clamp(tag, below: step) }
        if let known = largest, known >= step { largest = step > 0 ? step - 1 : nil }
    }
}
