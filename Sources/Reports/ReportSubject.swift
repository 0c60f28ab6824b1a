/// What a report is on.
package enum ReportSubject: Sendable, Equatable {
    /// All planned runs of the sweep with this name.
    case sweep(String)
    /// The runs with these ids; one that is named twice counts once.
    case runs([Int64])
    /// Every run of the notebook; what is wanted of them is said by ``ReportOptions/selection``.
    case all

    /// What the words of a command line mean: whole numbers are runs, one other word is a sweep; nil for anything else.
    package init?(words: [String]) {
        let ids = words.compactMap { Int64($0) }
        if ids.count == words.count, !ids.isEmpty {
            self = .runs(ids)
        } else if words.count == 1 {
            self = .sweep(words[0])
        } else {
            return nil
        }
    }

    /// The subject as the name of a folder: nothing in it leads to another one.
    package var folderName: String {
        switch self {
        case .sweep(let name):
            let safe = String(name.map { "/\\:".contains($0) ? "-" : $0 })
            return safe.hasPrefix(".") || safe.isEmpty ? "-" + safe : safe
        case .all: return "selection"
        case .runs(let ids):
            // A file system takes 255 bytes.
            let first = ids.prefix(12).map(String.init).joined(separator: "-")
            return "run-\(first)" + (ids.count > 12 ? "-and-\(ids.count - 12)-more" : "")
        }
    }
}
