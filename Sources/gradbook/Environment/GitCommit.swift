import Foundation
import Tracking

/// The commit that is checked out where a command was started, so that a run can be traced to its scripts.
///
/// The repository may be anybody's: only regular files beneath its own folder are read, so much of them as git writes,
/// and nothing is believed that is no commit.
enum GitCommit {
    /// Reads the repository's files without starting git; nil outside a repository or before its first commit.
    static func checkedOut(in directory: String = FileManager.default.currentDirectoryPath) -> String? {
        // A folder that was removed has no path, and so no parents.
        guard directory.hasPrefix("/") else { return nil }
        var folder = URL(filePath: directory, directoryHint: .isDirectory).standardizedFileURL
        while true {
            if let repository = GitFolder(at: folder.appending(path: ".git")) { return commit(in: repository) }
            // Something else of that name ends the search, as it does for git.
            if GitFolder.exists(folder.appending(path: ".git")) { return nil }
            let parent = folder.deletingLastPathComponent().standardizedFileURL
            guard parent.path != folder.path else { return nil }
            folder = parent
        }
    }

    private static func commit(in repository: GitFolder) -> String? {
        guard let head = repository.text(of: "HEAD", shared: false) else { return nil }
        guard head.hasPrefix("ref:") else { return commit(head) }
        let name = head.dropFirst("ref:".count).trimmingCharacters(in: .whitespaces)
        guard isReference(name) else { return nil }
        if let text = repository.text(of: name, shared: true) { return commit(text) }
        let packed = repository.text(of: "packed-refs", shared: true) ?? ""
        let line = packed.split(separator: "\n").first { $0.hasSuffix(" \(name)") }
        return line.flatMap { commit(String($0.prefix { $0 != " " })) }
    }

    /// As git writes them: SHA-1 or SHA-256.
    private static func commit(_ text: String) -> String? {
        let isHash =
            [40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return isHash ? text : nil
    }

    /// The rules of git-check-ref-format(1), as far as they keep a name within `refs`.
    private static func isReference(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count > 1 && parts[0] == "refs"
            && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") && !$0.contains("..") }
            && name.unicodeScalars.allSatisfy {
                $0.value > 0x20 && $0.value != 0x7F && !"~^:?*[\\".unicodeScalars.contains($0)
            }
    }
}

/// A repository's folder: `.git` itself, or where the file `.git` of a work tree or a submodule says it is.
private struct GitFolder {
    private let folder: URL
    /// With the branches, which all work trees of a repository share.
    private let shared: URL

    /// The most that git writes into the small files, and into `packed-refs` of a large repository.
    private static let smallSize = 1 << 12
    private static let largeSize = 1 << 26

    init?(at git: URL) {
        var status = stat()
        guard lstat(git.path, &status) == 0 else { return nil }
        if status.st_mode & S_IFMT == S_IFDIR {
            (folder, shared) = (git, git)
            return
        }
        guard let text = Self.text(of: git, size: Self.smallSize), text.hasPrefix("gitdir: ") else { return nil }
        let top = git.deletingLastPathComponent()
        let folder = Self.path(String(text.dropFirst("gitdir: ".count)), in: top)
        let shared =
            Self.text(of: folder.appending(path: "commondir"), size: Self.smallSize).map { Self.path($0, in: folder) }
            ?? folder
        // A file from somebody else must not name any folder of this machine: a work tree's knows its work tree, a submodule's
        // stands in the repository around it.
        let back = Self.text(of: folder.appending(path: "gitdir"), size: Self.smallSize).map {
            Self.path($0, in: folder)
        }
        let isWorkTree = back?.path == Self.path(git.path, in: top).path && folder.path.hasPrefix(shared.path + "/")
        let isSubmodule =
            folder == shared
            && sequence(first: top, next: { $0.path == "/" ? nil : $0.deletingLastPathComponent().standardizedFileURL })
                .contains { folder.path.hasPrefix(Self.path(".git/modules", in: $0).path + "/") }
        guard isWorkTree || isSubmodule else { return nil }
        (self.folder, self.shared) = (folder, shared)
    }

    static func exists(_ git: URL) -> Bool {
        var status = stat()
        return lstat(git.path, &status) == 0
    }

    /// A file's text without blanks around it; nil where it is no regular file of a fair size beneath the folder.
    func text(of name: String, shared isShared: Bool) -> String? {
        let base = isShared ? shared : folder
        let file = base.appending(path: name)
        // No symbolic link on the way leads out, and none is a part of git's own files.
        guard Self.path(file.path, in: base).path == Self.path(base.path, in: base).appending(path: name).path else {
            return nil
        }
        return Self.text(of: file, size: name == "packed-refs" ? Self.largeSize : Self.smallSize)
    }

    private static func text(of file: URL, size: Int) -> String? {
        InputFile.small(file.path, atMost: size).flatMap { String(validating: $0, as: UTF8.self) }?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Without symbolic links.
    private static func path(_ text: String, in folder: URL) -> URL {
        let url = URL(filePath: text, relativeTo: URL(filePath: folder.path, directoryHint: .isDirectory))
        return URL(filePath: url.absoluteURL.resolvingSymlinksInPath().standardizedFileURL.path)
    }
}
