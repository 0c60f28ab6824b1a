import TextFormats
import Tracking

/// What people said of the runs and their sweeps; empty where nobody did.
struct NotesSection {
    let notes: ReportNotes
    /// Whether times are left out.
    let isReproducible: Bool

    /// So many are read at the head of a report.
    private static let shownCount = 12

    var blocks: [Document.Block] {
        let lines = notes.notes.map(line) + notes.tags.map(line)
        guard !lines.isEmpty else { return [] }
        let hidden = lines.count - Self.shownCount
        let rest: [Prose] =
            hidden > 0 ? ["\(hidden.counted("further note or tag", plural: "further notes and tags"))."] : []
        return [.list(lines.prefix(Self.shownCount) + rest)]
    }

    private func line(_ note: Note) -> Prose {
        let subject =
            switch note.subject {
            case .run(let id): "run \(id)"
            case .sweep(let id): "the sweep \(notes.sweepNames[id] ?? String(id))"
            }
        let time = isReproducible ? "" : " (\(note.createdAt.prefix(10)))"
        return "Note on \(text: subject + time): \(text: note.text)"
    }

    private func line(_ tag: (tag: String, runs: [Int64])) -> Prose {
        "Tag \(text: tag.tag): \(words: tag.runs.runsInWords)"
    }
}

/// What people said of a report's runs and their sweeps.
struct ReportNotes: Sendable {
    let notes: [Note]
    let tags: [(tag: String, runs: [Int64])]
    let sweepNames: [Int64: String]

    init(on runs: [Run], in store: Store) throws(TrackingError) {
        let (ids, sweeps) = (Set(runs.map(\.id)), Set(runs.compactMap(\.sweepID)))
        notes = try store.notes.all(onRuns: ids, sweeps: sweeps)
        tags = try store.notes.tags(ofRuns: ids)
        var names: [Int64: String] = [:]
        for case .sweep(let id) in Set(notes.map(\.subject)) { names[id] = try store.sweeps.find(id: id).plan.name }
        sweepNames = names
    }
}
