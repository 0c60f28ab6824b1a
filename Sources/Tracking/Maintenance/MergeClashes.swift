package import TextFormats

/// Everything that keeps one notebook from being merged into another.
///
/// The first ones are kept as sentences, so that a notebook of a million runs is told of in a page.
package struct MergeClashes: Error {
    private static let limit = 20

    /// Without the name of the file.
    package private(set) var sentences: [MessageText] = []
    package private(set) var count = 0
    private var code = TrackingError.Code.conflict
    /// Whether another name would help with one of them.
    private var areOfNames = false
    private let hasPrefix: Bool

    init(renaming: MergeRenaming?) {
        hasPrefix = renaming != nil
    }

    /// How many there are beyond ``sentences``.
    package var rest: Int { count - sentences.count }

    mutating func add(_ sentence: MessageText, _ code: TrackingError.Code = .conflict, isOfName: Bool = false) {
        if count == 0 { self.code = code }
        count += 1
        areOfNames = areOfNames || isOfName
        if sentences.count < Self.limit { sentences.append(sentence) }
    }

    /// Throws an error about the file at `path` if there is any, with `self` below it.
    func mustBeNone(_ path: String) throws(TrackingError) {
        guard let first = sentences.first else { return }
        throw TrackingError(
            code, "'\(path)' was not merged: \(first)\(count > 1 ? ", and \(count - 1) more" : "")", advice: advice,
            underlying: self)
    }

    /// What to do about them.
    package var advice: MessageText? {
        guard areOfNames else { return nil }
        return hasPrefix
            ? "rename one of them, or give \(option: "rename") another prefix"
            : "rename one of them, or give a prefix for theirs with \(option: "rename")"
    }
}
