import Foundation

/// The commit that is checked out where a command was started, so that a run can be traced to its scripts.
enum GitCommit {
    /// Reads the repository's files without starting git; nil outside a repository or before its first commit.
    static func checkedOut(in directory: String = FileManager.default.currentDirectoryPath) -> String? {
        var folder = URL(filePath: directory, directoryHint: .isDirectory).standardizedFileURL
        while true {
            if let head = text(of: folder.appending(path: ".git/HEAD")) {
                return commit(head: head, in: folder.appending(path: ".git"))
            }
            let parent = folder.deletingLastPathComponent().standardizedFileURL
            guard parent.path != folder.path else { return nil }
            folder = parent
        }
    }

    private static func commit(head: String, in git: URL) -> String? {
        guard head.hasPrefix("ref: ") else { return head }
        let name = String(head.dropFirst("ref: ".count))
        if let commit = text(of: git.appending(path: name)) { return commit }
        let packed = text(of: git.appending(path: "packed-refs")) ?? ""
        let line = packed.split(separator: "\n").first { $0.hasSuffix(" \(name)") }
        return line.map { String($0.prefix { $0 != " " }) }
    }

    private static func text(of file: URL) -> String? {
        (try? String(contentsOf: file, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
