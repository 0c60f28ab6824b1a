import Tracking

/// What was typed to have the runs of a report: plans, extensions, other names, parts trained elsewhere, merges.
struct RecordedCommands {
    /// In the order in which it happened, each as it was typed.
    let lines: [String]

    init(_ selection: ReportSelection, in store: Store) throws {
        var made: [Entry] = []
        var sweeps: Set<Int64> = []
        for run in selection.runs {
            if let id = run.sweepID {
                if sweeps.insert(id).inserted { made += try Self.entries(ofSweep: id, in: store) }
            } else {
                made += try store.notes.commands(of: .run(run.id)).map(Entry.init)
            }
            // A run that came from another notebook's extension has a command that nothing else here names.
            made.append(Entry(time: run.createdAt, kind: nil, text: run.command))
        }
        // Slurm's jobs train the parts of a sweep and merge them: the command that submits them does that again.
        let isSubmitted = made.contains { $0.kind == nil && $0.text.contains(" slurm") && $0.text.contains("engine") }
        if isSubmitted { made.removeAll { $0.kind == "sharded" || $0.kind == "merged" } }
        let ordered = made.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        var known: Set<String> = [""]
        var lines: [String] = []
        for entry in ordered.map(\.element) {
            // A run's command is its sweep's; of the others, the same one may have been typed again later.
            let isNew = entry.kind == nil ? known.insert(entry.text).inserted : lines.last != entry.text
            known.insert(entry.text)
            if isNew { lines.append(entry.text) }
        }
        self.lines = lines
    }

    private struct Entry {
        let time: String
        /// Nil for what plans runs.
        let kind: String?
        let text: String

        init(time: String, kind: String?, text: String) {
            (self.time, self.kind, self.text) = (time, kind, text)
        }

        init(_ note: Note) {
            self.init(time: note.createdAt, kind: note.kind == "extended" ? nil : note.kind, text: note.text)
        }
    }

    private static func entries(ofSweep id: Int64, in store: Store) throws -> [Entry] {
        let sweep = try store.sweeps.find(id: id)
        return [Entry(time: sweep.createdAt, kind: nil, text: sweep.command)]
            + (try store.notes.commands(of: .sweep(id))).map(Entry.init)
    }
}
