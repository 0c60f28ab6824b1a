import GRDB

/// What a tag, a note or an event is attached to.
package enum NoteSubject: Sendable, Hashable {
    case run(Int64)
    case sweep(Int64)
}

/// A note of a person or an event of the program, oldest first in every listing.
package struct Note: Sendable, Equatable {
    package let subject: NoteSubject
    /// What happened, in one word; nil for a note.
    package let kind: String?
    package let text: String
    /// ISO 8601 text in UTC.
    package let createdAt: String
}

/// Tags, notes and events of a notebook.
package struct NoteStore: Sendable {
    let file: DatabaseFile

    /// Takes tags off runs, then attaches others; one that a run has, or has not, already is no error.
    package func changeTags(
        ofRuns runs: [Int64], adding added: [String], removing removed: [String] = []
    ) throws(TrackingError) {
        try file.write { database in
            for run in runs {
                for tag in removed {
                    try database.execute(
                        sql: "DELETE FROM run_tags WHERE run_id = ? AND tag = ?", arguments: [run, tag])
                }
                try database.insertTags(added, ofRun: run)
            }
        }
    }

    /// A run's tags in alphabetical order.
    package func tags(ofRun run: Int64) throws(TrackingError) -> [String] {
        try file.read {
            try String.fetchAll($0, sql: "SELECT tag FROM run_tags WHERE run_id = ? ORDER BY tag", arguments: [run])
        }
    }

    /// The tags of these runs, each with the runs that have it, in alphabetical order.
    package func tags(ofRuns runs: Set<Int64>) throws(TrackingError) -> [(tag: String, runs: [Int64])] {
        try file.read { database in
            var found: [(tag: String, runs: [Int64])] = []
            let rows = try Row.fetchCursor(database, sql: "SELECT tag, run_id FROM run_tags ORDER BY tag, run_id")
            while let row = try rows.next() {
                let (tag, run): (String, Int64) = (row[0], row[1])
                guard runs.contains(run) else { continue }
                if found.last?.tag == tag {
                    found[found.count - 1].runs.append(run)
                } else {
                    found.append((tag, [run]))
                }
            }
            return found
        }
    }

    /// The notes on these runs and sweeps, oldest first.
    package func all(onRuns runs: Set<Int64>, sweeps: Set<Int64>) throws(TrackingError) -> [Note] {
        try file.read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT id, run_id, sweep_id, NULL AS kind, text, created_at FROM notes ORDER BY id")
            return try rows.compactMap { row in
                let (run, sweep): (Int64?, Int64?) = (row[1], row[2])
                let subject = run.map { NoteSubject.run($0) } ?? sweep.map { .sweep($0) }
                guard let subject, run.map(runs.contains) ?? false || sweep.map(sweeps.contains) ?? false else {
                    return nil
                }
                return try Note(row: row, on: subject, in: database)
            }
        }
    }

    /// Attaches a person's note to each of these.
    package func add(_ text: String, to subjects: NoteSubject...) throws(TrackingError) {
        try add(text, to: subjects)
    }

    /// Attaches a person's note to each of these.
    package func add(_ text: String, to subjects: [NoteSubject]) throws(TrackingError) {
        try file.write { database in
            for subject in subjects { try database.insertNote(text, on: subject, now: file.now()) }
        }
    }

    /// The notes on a run or a sweep, oldest first.
    package func all(on subject: NoteSubject) throws(TrackingError) -> [Note] {
        try remarks(on: subject, sql: "SELECT id, NULL AS kind, text, created_at FROM notes")
    }

    /// Records that something happened, for instance `interrupted`.
    package func addEvent(_ kind: String, _ message: String = "", to subject: NoteSubject) throws(TrackingError) {
        try file.write { try $0.insertEvent(subject, kind: kind, message: message, now: file.now()) }
    }

    /// The commands that made a sweep what it is, after the one that planned it: extensions, other names, parts that were
    /// trained elsewhere, merges and resumptions, oldest first.
    package func commands(of subject: NoteSubject) throws(TrackingError) -> [Note] {
        try events(of: subject).compactMap { event in
            switch event.kind {
            case "renamed", "merged", "sharded", "resumed": return event
            case "extended":
                // Such as "2 runs: gradbook sweep extend ...".
                guard let colon = event.text.firstRange(of: ": ") else { return nil }
                let command = String(event.text[colon.upperBound...])
                return Note(subject: subject, kind: event.kind, text: command, createdAt: event.createdAt)
            default: return nil
            }
        }.sorted { $0.createdAt < $1.createdAt }
    }

    /// What happened to a run or a sweep, oldest first.
    package func events(of subject: NoteSubject) throws(TrackingError) -> [Note] {
        try remarks(on: subject, sql: "SELECT id, kind, message AS text, created_at FROM events")
    }

    // MARK: - Internals

    private func remarks(on subject: NoteSubject, sql: String) throws(TrackingError) -> [Note] {
        try file.read { database in
            try Row.fetchAll(
                database, sql: sql + " WHERE run_id IS ? AND sweep_id IS ? ORDER BY id",
                arguments: [subject.run, subject.sweep]
            ).map { try Note(row: $0, on: subject, in: database) }
        }
    }
}

extension Note {
    /// Of a row with `kind`, `text` and `created_at`.
    fileprivate init(row: Row, on subject: NoteSubject, in database: Database) throws {
        let row = StoredRow(row, of: "the note or event", in: database)
        try self.init(
            subject: subject, kind: row.optional("kind", .identifier), text: row.value("text"),
            createdAt: row.value("created_at", .time))
    }
}

extension Database {
    func insertTags(_ tags: [String], ofRun run: Int64) throws {
        for tag in tags {
            try execute(
                sql: "INSERT INTO run_tags (run_id, tag) VALUES (?, ?) ON CONFLICT DO NOTHING", arguments: [run, tag])
        }
    }

    func insertNote(_ text: String, on subject: NoteSubject, now: String) throws {
        try execute(
            sql: "INSERT INTO notes (run_id, sweep_id, text, created_at) VALUES (?, ?, ?, ?)",
            arguments: [subject.run, subject.sweep, text, now])
    }

    func insertEvent(_ subject: NoteSubject, kind: String, message: String, now: String) throws {
        try execute(
            sql: "INSERT INTO events (run_id, sweep_id, kind, message, created_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [subject.run, subject.sweep, kind, message, now])
    }
}

extension NoteSubject {
    var run: Int64? {
        if case .run(let id) = self { id } else { nil }
    }

    var sweep: Int64? {
        if case .sweep(let id) = self { id } else { nil }
    }
}
