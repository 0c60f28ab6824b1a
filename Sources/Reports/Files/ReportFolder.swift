import Crypto
import Foundation
import TextFormats
import Tracking

/// The folder a report is written into: its files appear together at the end, or the folder stays as it was.
///
/// Until then they stand there with `.partial` after their names.
struct ReportFolder {
    private let folder: URL
    private var names: [String] = []
    /// Of the report that this one replaces; what is not written again goes.
    private let former: Set<String>
    private var byteCount = 0
    /// The SHA-256 of each file so far, by its name.
    private(set) var sums: [String: String] = [:]
    /// The folders that were made for this report, each before those in it.
    private var made: [URL] = []

    /// Lets `body` add files, then shows them all under their names, in place of the `former` ones, and returns how many
    /// bytes they have.
    @discardableResult
    static func write(
        to folder: URL, replacing former: Set<String> = [], _ body: (inout ReportFolder) throws -> Void
    ) throws -> Int {
        var files = try ReportFolder(folder, replacing: former)
        do {
            try body(&files)
            try files.publish()
            return files.byteCount
        } catch {
            files.discard()
            throw error
        }
    }

    mutating func add(_ name: String, _ bytes: [UInt8]) throws {
        try add(name) { write in try write(bytes) }
    }

    /// Adds a file whose bytes `body` hands out piece by piece.
    mutating func add<Result>(_ name: String, _ body: (@escaping ([UInt8]) throws -> Void) throws -> Result) throws
        -> Result
    {
        let target = folder.appending(path: name)
        try makeFolder(target.deletingLastPathComponent())
        try Self.check(target)
        names.append(name)
        let file = open(partial(name).path, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        guard file >= 0 else { throw Self.cannotWrite(target) }
        defer { close(file) }
        let hash = FileHash()
        defer {
            sums[name] = hash.text
            byteCount += hash.byteCount
        }
        return try body { bytes in
            hash.update(bytes)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
                guard count >= 0 || errno == EINTR else { throw Self.cannotWrite(target) }
                rest = rest.dropFirst(max(0, count))
            }
        }
    }

    // MARK: - Internals

    private init(_ folder: URL, replacing former: Set<String>) throws {
        (self.folder, self.former) = (folder, former)
        do {
            try makeFolder(folder)
        } catch {
            discard()
            throw error
        }
    }

    /// Makes `folder` and those above it, unless they are there.
    private mutating func makeFolder(_ folder: URL) throws {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw ReportError(
                    .cannotWrite,
                    "'\(folder.relativePath)' is a file, but a report is a folder",
                    advice: "name another with \(option: "out")")
            }
            return
        }
        let parent = folder.absoluteURL.standardizedFileURL.deletingLastPathComponent()
        if parent.path != folder.path { try makeFolder(parent) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        } catch {
            throw ReportError(
                .cannotWrite, "the folder '\(folder.relativePath)' cannot be made",
                advice: "name another with \(option: "out")", underlying: error)
        }
        made.append(folder)
    }

    /// What can be known before a name is taken: a folder cannot be replaced by a file.
    private static func check(_ target: URL) throws {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: target.path, isDirectory: &isDirectory), isDirectory.boolValue {
            throw ReportError(
                .cannotWrite,
                "'\(target.relativePath)' is a folder, but the report has a file of that name",
                advice: "name another with \(option: "out")")
        }
    }

    private func publish() throws {
        let targets = names.map { folder.appending(path: $0) }
        // All are looked at before the first is replaced.
        for target in targets { try Self.check(target) }
        for (name, target) in zip(names, targets) {
            guard rename(partial(name).path, target.path) == 0 else { throw Self.cannotWrite(target) }
        }
        let stale = former.subtracting(names)
        for name in stale { try? FileManager.default.removeItem(at: folder.appending(path: name)) }
        // Those that are not empty stay.
        for name in Set(stale.map { folder.appending(path: $0).deletingLastPathComponent().path }) { rmdir(name) }
    }

    private func discard() {
        for name in names { try? FileManager.default.removeItem(at: partial(name)) }
        // One that is not empty holds other files by now, and stays.
        for folder in made.reversed() { rmdir(folder.path) }
    }

    private func partial(_ name: String) -> URL {
        folder.appending(path: name + ".partial")
    }

    /// With the system's reason, right after the call that failed.
    private static func cannotWrite(_ target: URL) -> ReportError {
        let code = errno
        return ReportError(
            .cannotWrite, "'\(target.relativePath)' cannot be written: \(String(cString: strerror(code)))",
            advice: "name another folder with \(option: "out")",
            underlying: POSIXErrorCode(rawValue: code).map { POSIXError($0) })
    }
}

/// The sum of what was written so far, shared with the closure that writes.
private final class FileHash {
    private var hash = SHA256()
    private(set) var byteCount = 0

    func update(_ bytes: [UInt8]) {
        byteCount += bytes.count
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    var text: String { Hexadecimal.text(hash.finalize()) }
}
