import TextFormats

/// A word that a person names runs with, by its form: what it means is in the notebook, see ``RunFinder``.
///
/// What has no form of its own is a name, the beginning of one, `SWEEP:FILTER`, a filter, or several words with commas.
package enum RunReference: Sendable, Equatable {
    /// The run that was added last.
    case last
    /// The middle run of a sweep's best configuration.
    case best(ofSweep: String)
    /// The run of exactly this name, or with this id.
    case run(String)
    /// All runs of the sweep of exactly this name, or those of them that match a filter behind another colon.
    case sweep(String)
    case id(Int64)
    /// The runs with ids from one to another.
    case range(first: Int64, last: Int64)
    case other(String)

    package init(_ word: String) {
        if word == "last" {
            self = .last
        } else if let name = Self.name(in: word, after: "best:") {
            self = .best(ofSweep: name)
        } else if let name = Self.name(in: word, after: "run:") {
            self = .run(name)
        } else if let name = Self.name(in: word, after: Self.sweepPrefix) {
            self = .sweep(name)
        } else if let id = Int64(word) {
            self = .id(id)
        } else if let dots = word.firstRange(of: ".."), let first = Int64(word[..<dots.lowerBound]),
            let last = Int64(word[dots.upperBound...])
        {
            self = .range(first: first, last: last)
        } else {
            self = .other(word)
        }
    }

    /// Whether the word names runs in any notebook: by a form of its own, or by conditions.
    package static func isCertain(_ word: String) -> Bool {
        if case .other = RunReference(word) { filter(word) != nil } else { true }
    }

    /// Whether the word names runs by a form of its own, or by conditions on columns that every notebook has, and on the
    /// `settings`.
    package static func isCertain(_ word: String, settings: some Sequence<String>) -> Bool {
        guard case .other = RunReference(word) else { return true }
        guard let filter = filter(word) else { return false }
        let columns = ColumnDescription.always.flatMap { [$0.name] + $0.synonyms }
        return filter.names.subtracting(columns).subtracting(settings).isEmpty
    }

    /// What names a sweep whatever else has its name: the name alone where it has no other meaning.
    package static func word(for sweep: Sweep, in store: Store) throws(TrackingError) -> String {
        let name = sweep.plan.name
        guard case .other = RunReference(name), try store.holder(ofName: name) == .sweep(sweep.id), filter(name) == nil,
            try RunFinder(store).otherMeaning(ofName: name, isSweep: true) == nil
        else {
            return sweepPrefix + name
        }
        return name
    }

    /// The conditions that a word consists of; nil where it is something else.
    static func filter(_ word: String) -> RunFilter? {
        guard mayBeFilter(word), let filter = try? RunFilter(word), filter != .all else { return nil }
        return filter
    }

    /// Whether there is a comparison in it.
    package static func mayBeFilter(_ word: String) -> Bool { word.contains { "=<>~".contains($0) } }

    package static let sweepPrefix = "sweep:"

    private static func name(in word: String, after prefix: String) -> String? {
        word.hasPrefix(prefix) ? String(word.dropFirst(prefix.count)) : nil
    }
}

extension [Int64] {
    /// Runs by their ids, "run 7" or "runs 1, 2, 7"; how many they are where naming them all would be no title.
    package var runsInWords: String {
        switch count {
        case 1: "run \(self[0])"
        case 2...12: "runs \(map(String.init).joined(separator: ", "))"
        default: count.counted("run")
        }
    }
}
