import Foundation

/// Files below a folder whose names say that they are logs of some kind.
///
/// Links to folders are not entered, nor folders whose names begin with a point, nor those more than ``largestDepth`` deep. At most
/// ``largestEntryCount`` names are looked at.
struct FolderListing {
    static let largestDepth = 8
    static let largestEntryCount = 100_000

    struct File: Hashable {
        let path: String
        /// The folder that holds it, below the one that was listed; empty for that one.
        let folder: String
    }

    /// In the order of their paths.
    private(set) var files: [File] = []
    /// Whether there is more than was looked at.
    private(set) var isCut = false

    /// Nil with `errno` set where the folder cannot be read.
    init?(_ root: String, largestCount: Int, _ isLog: (String) -> Bool) {
        var rest = Self.largestEntryCount
        var folders = [(path: root, folder: "", depth: 0)]
        listing: while let (path, folder, depth) = folders.popLast() {
            guard let stream = opendir(path) else {
                if depth == 0 { return nil }
                continue
            }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                guard rest > 0 else {
                    isCut = true
                    break listing
                }
                rest -= 1
                // What is no Unicode cannot be part of a key.
                guard let name = Self.name(entry), !name.hasPrefix(".") else { continue }
                let below = "\(path)/\(name)"
                switch Self.kind(entry, below) {
                case .folder?:
                    if depth < Self.largestDepth {
                        folders.append((below, folder.isEmpty ? name : "\(folder)/\(name)", depth + 1))
                    } else {
                        isCut = true
                    }
                case .regular? where isLog(name): files.append(File(path: below, folder: folder))
                default: continue
                }
            }
        }
        finish(largestCount)
    }

    // MARK: - Internals

    private mutating func finish(_ largestCount: Int) {
        files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        guard files.count > largestCount else { return }
        isCut = true
        files.removeLast(files.count - largestCount)
    }

    private static func name(_ entry: UnsafeMutablePointer<dirent>) -> String? {
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// A link is what it names, unless that is a folder.
    private static func kind(_ entry: UnsafeMutablePointer<dirent>, _ path: String) -> FileStatus.Kind? {
        switch Int(entry.pointee.d_type) {
        case Int(DT_REG): return .regular
        case Int(DT_DIR): return .folder
        case Int(DT_LNK), Int(DT_UNKNOWN): break
        default: return nil
        }
        guard let status = FileStatus(path: path, followsLinks: false) else { return nil }
        guard case .link = status.kind else { return status.kind }
        guard let target = FileStatus(path: path), case .regular = target.kind else { return nil }
        return .regular
    }
}
