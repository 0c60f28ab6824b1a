import Foundation

/// Finds the databases whose place a file would take: no notebook is lost because somebody gave its name to a file to be
/// written.
enum DatabaseInTheWay {
    /// Whether a file at `path` would replace a SQLite database, or stand where SQLite keeps a part of one.
    ///
    /// Symbolic links are followed. A database that this process has open is known without a look into it.
    static func stands(at path: String) -> Bool {
        isPart(path, of: isDatabase)
    }

    /// Whether `path` is that of a database, or one where SQLite keeps a part of it.
    static func isPart(_ path: String, of isDatabase: (_ path: String) -> Bool) -> Bool {
        ["", "-wal", "-shm", "-journal"].contains { suffix in
            path.hasSuffix(suffix) && isDatabase(String(path.dropLast(suffix.count)))
        }
    }

    /// The first bytes of every SQLite database, <https://www.sqlite.org/fileformat.html>, section 1.3.1.
    private static let magic = Array("SQLite format 3\0".utf8)

    private static func isDatabase(_ path: String) -> Bool {
        guard let identity = FileIdentity(atPath: path) else { return false }
        if OpenFiles.holds(identity) { return true }
        let number = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard let file = try? FileDescriptor(number, orThrow: .cannotRead(path)), file.status?.isRegular == true
        else { return false }
        var start = [UInt8](repeating: 0, count: magic.count)
        return read(file.number, &start, start.count) == magic.count && start == magic
    }
}

extension OpenFiles {
    /// Whether a connection of this process has the file open.
    static func holds(_ file: FileIdentity) -> Bool {
        add(file)
        return !remove(file)
    }
}
