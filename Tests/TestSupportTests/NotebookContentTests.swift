import Foundation
import GRDB
import TestSupport
import Testing

/// The comparison of notebooks, on files that differ as broken ones would.
final class NotebookContentTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "content-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// What a file of two rows says, after `changes`.
    private func content(_ changes: String = "") throws -> NotebookContent {
        let file = folder.appending(path: "\(UUID().uuidString).db")
        try DatabaseQueue(path: file.path).write { database in
            try database.execute(
                sql: """
                    CREATE TABLE samples (id INTEGER PRIMARY KEY, value REAL, label TEXT, created_at TEXT);
                    CREATE TABLE events (id INTEGER PRIMARY KEY, message TEXT);
                    INSERT INTO samples VALUES (1, 0.1, 'a', 'now'), (2, 0.5, NULL, 'now');
                    \(changes)
                    """)
        }
        return try NotebookContent(of: file)
    }

    @Test
    func `equal files have no difference`() throws {
        #expect(try content() == content())
        #expect(try content().firstDifference(from: content()) == nil)
        #expect(try content().rowCount == 2)
    }

    @Test(arguments: [
        "UPDATE samples SET value = 0.1 + 1.4e-17 WHERE id = 1", "UPDATE samples SET value = NULL WHERE id = 2",
        "UPDATE samples SET label = '' WHERE id = 2", "DELETE FROM samples WHERE id = 2",
        "INSERT INTO samples VALUES (3, 0.1, 'a', 'now')", "CREATE TABLE more (x); INSERT INTO more VALUES (1)",
    ])
    func `any other number, text or row is a difference`(change: String) throws {
        let difference = try content(change + ";").firstDifference(from: content())

        #expect(
            difference?.contains(change.contains("more") ? "more: " : "samples: ") == true, "\(difference ?? "none")")
    }

    @Test(arguments: [
        "UPDATE samples SET created_at = 'later'", "UPDATE samples SET id = id + 10",
        "INSERT INTO events VALUES (1, 'interrupted')",
    ])
    func `when and under which number a row was written is none`(change: String) throws {
        #expect(try content(change + ";").firstDifference(from: content()) == nil)
    }
}
