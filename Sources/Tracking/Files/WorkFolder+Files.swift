package import Foundation
import TextFormats

extension WorkFolder {
    /// Writes a file at `target` in one moment: a reader sees all of it or what was there before.
    ///
    /// A SQLite database that is there is never replaced.
    package static func write(_ bytes: [UInt8], to target: URL) throws(FileError) {
        do {
            try write(to: target) { write in try write(bytes) }
        } catch let error as FileError {
            throw error
        } catch {
            throw FileError("'\(target.relativePath)' cannot be written: \(error)")
        }
    }

    /// The same with what `body` hands out piece by piece; what it throws is rethrown, and then nothing is written.
    package static func write(
        to target: URL, _ body: (@escaping ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        try place(at: target, rights: .usual, replacesDatabases: false, body)
    }

    /// Copies a finished notebook to `target` in one moment, across file systems.
    ///
    /// Whatever file has the name is replaced, also a notebook: the caller makes sure that it may go.
    package static func copy(_ source: URL, to target: URL, rights: AccessRights) throws(FileError) {
        let input = try FileDescriptor(
            open(source.path, O_RDONLY | O_CLOEXEC), orThrow: .cannotRead(source.relativePath))
        do {
            try place(at: target, rights: rights, replacesDatabases: true) { write in
                var piece = [UInt8](repeating: 0, count: 1 << 20)
                while true {
                    let count = read(input.number, &piece, piece.count)
                    if count == 0 { return }
                    guard count > 0 || errno == EINTR else { throw FileError.cannotRead(source.relativePath) }
                    try write(Array(piece.prefix(max(0, count))))
                }
            }
        } catch let error as FileError {
            throw error
        } catch {
            throw FileError("'\(target.relativePath)' cannot be written: \(error)")
        }
    }

    private static func place(
        at target: URL, rights: AccessRights, replacesDatabases: Bool,
        _ body: (@escaping ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let shown = target.relativePath
        let work = try WorkFolder(
            in: target.deletingLastPathComponent(), for: shown, replacesDatabases: replacesDatabases)
        defer { work.remove() }
        try work.check(target.lastPathComponent)
        try work.write("file", rights: rights, for: shown, body)
        try work.sync("file", for: shown)
        try work.publish("file", as: target.lastPathComponent, replaces: true)
    }
}
