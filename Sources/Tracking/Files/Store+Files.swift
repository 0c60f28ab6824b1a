import Foundation

extension Store {
    /// Whether a file at `path` would be this notebook's own, or stand where SQLite keeps a part of it; links are followed.
    package func isNotebook(at path: String) -> Bool {
        guard let own = FileIdentity(atPath: self.path) else { return false }
        return DatabaseInTheWay.isPart(path) { FileIdentity(atPath: $0) == own }
    }

    /// Whether anything stands at `path`, also a symbolic link that leads nowhere.
    package static func isTaken(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}
