import GRDB

extension Store {
    /// Attaches tags to a run; one it has already is no error.
    package func addTags(_ tags: [String], toRun run: Int64) throws(TrackingError) {
        try write { try $0.insertTags(tags, ofRun: run) }
    }

    /// A run's tags in alphabetical order.
    package func tags(ofRun run: Int64) throws(TrackingError) -> [String] {
        try read {
            try String.fetchAll($0, sql: "SELECT tag FROM run_tags WHERE run_id = ? ORDER BY tag", arguments: [run])
        }
    }

    /// Attaches a person's note.
    package func addNote(_ text: String, to subject: RemarkSubject) throws(TrackingError) {
        try write { try $0.insertNote(text, on: subject, now: now()) }
    }

    /// The notes on a run or a sweep, oldest first.
    package func notes(on subject: RemarkSubject) throws(TrackingError) -> [Remark] {
        try remarks(on: subject, sql: "SELECT NULL, text, created_at FROM notes")
    }

    /// Records that something happened, for instance `interrupted`.
    package func addEvent(_ kind: String, _ message: String = "", to subject: RemarkSubject) throws(TrackingError) {
        try write { try $0.insertEvent(subject, kind: kind, message: message, now: now()) }
    }

    /// What happened to a run or a sweep, oldest first.
    package func events(of subject: RemarkSubject) throws(TrackingError) -> [Remark] {
        try remarks(on: subject, sql: "SELECT kind, message, created_at FROM events")
    }

    // MARK: - Internals

    private func remarks(on subject: RemarkSubject, sql: String) throws(TrackingError) -> [Remark] {
        try read { database in
            try Row.fetchAll(
                database, sql: sql + " WHERE run_id IS ? AND sweep_id IS ? ORDER BY id",
                arguments: [subject.run, subject.sweep]
            ).map { Remark(subject: subject, kind: $0[0], text: $0[1], createdAt: $0[2]) }
        }
    }
}

extension Database {
    func insertTags(_ tags: [String], ofRun run: Int64) throws {
        for tag in tags {
            try execute(
                sql: "INSERT INTO run_tags (run_id, tag) VALUES (?, ?) ON CONFLICT DO NOTHING", arguments: [run, tag])
        }
    }

    func insertNote(_ text: String, on subject: RemarkSubject, now: String) throws {
        try execute(
            sql: "INSERT INTO notes (run_id, sweep_id, text, created_at) VALUES (?, ?, ?, ?)",
            arguments: [subject.run, subject.sweep, text, now])
    }

    func insertEvent(_ subject: RemarkSubject, kind: String, message: String, now: String) throws {
        try execute(
            sql: "INSERT INTO events (run_id, sweep_id, kind, message, created_at) VALUES (?, ?, ?, ?, ?)",
            arguments: [subject.run, subject.sweep, kind, message, now])
    }
}

extension RemarkSubject {
    var run: Int64? {
        if case .run(let id) = self { id } else { nil }
    }

    var sweep: Int64? {
        if case .sweep(let id) = self { id } else { nil }
    }
}
