/// One event file of a folder, and which steps it holds.
final class EventFile {
    /// What a file has of a key.
    struct Claim {
        /// Has the key, so that it is made once.
        let template: LoggedEntry
        /// The first step that stands in the file: from there on older files are void.
        let first: Int64
        /// The largest step that was given, if any.
        var largest: Int64?
        var precision: FollowedPrecision?
    }

    let path: String
    /// Of its folder below the one that is followed.
    let folder: String
    let file: FollowedFile
    var reader = EventFileReader()
    var claims: [String: Claim] = [:]
    /// The least step from which the writer says that it goes on.
    var start: Int64?
    /// The largest step that was given, if any.
    var largest: Int64?
    /// When its first event was written.
    var began: Double?
    var isStopped = false
    /// The first bytes were there before the run.
    var oldSize = 0

    init(_ listed: FolderListing.File) {
        (path, folder) = (listed.path, listed.folder)
        file = FollowedFile(path: listed.path, keepsOpen: false)
    }

    func key(_ tag: String) -> String { folder.isEmpty ? tag : "\(folder)/\(tag)" }

    /// Newer files begin later; of two at once the names, which have a time and a count, say which is newer.
    func isOlder(than other: EventFile) -> Bool {
        let (first, second) = (began ?? -.infinity, other.began ?? -.infinity)
        return first == second ? path.utf8.lexicographicallyPrecedes(other.path.utf8) : first < second
    }

    /// Whether it writes this step of a key again, or says so.
    func supersedes(_ tag: String, _ step: Int64) -> Bool {
        start.map { $0 <= step } ?? false || claims[tag].map { $0.first <= step } ?? false
    }
}
