import Foundation
import GRDBSQLite
import Migrations
import Recording
import Tracking

/// What it costs to record what a program writes into a pipe.
enum RecordedLines {
    private static let keys = ["loss", "acc", "lr", "grad_norm", "tokens"]
    private static let count = 1_000_000

    static var cases: [BenchmarkCase] {
        [
            makeCase("record-1000k-lines", Deferred(lines)),
            makeCase("record-1000k-frames", Deferred(frames)),
        ]
    }

    /// The recorder at one end of a pipe, against a bare loop over the C interface that writes the same rows.
    private static func makeCase(_ name: String, _ data: Deferred<[UInt8]>) -> BenchmarkCase {
        let files = BenchmarkFolder()
        return BenchmarkCase(
            name: name, unit: "row", units: count, limit: 2.5, rounds: 5, clock: .wall,
            subject: {
                files.removeDatabase("recorded.db")
                record(data.value, to: files.path("recorded.db"))
            },
            floor: {
                files.removeDatabase("bare.db")
                write(to: files.path("bare.db"))
            })
    }

    // MARK: - The rows

    private static func values(_ step: Int) -> [Double] {
        let part = Double(step) / 7
        return [1 / (1 + part), part / Double(count), 0.001, part.squareRoot(), Double(step * 64)]
    }

    private static func lines() -> [UInt8] {
        var text: [UInt8] = []
        for step in 0..<count {
            let members = zip(keys, values(step)).map { "\"\($0)\":\($1)" }.joined(separator: ",")
            text += Array("{\"step\":\(step),\(members)}\n".utf8)
        }
        return text
    }

    private static func frames() -> [UInt8] {
        let names = keys.map { "\"\($0)\"" }.joined(separator: ",")
        var bytes = Array("{\"@keys\":{\"0\":[\(names)]},\"pid\":7}\n".utf8)
        for step in 0..<count {
            bytes += [1, 0, 7, 0, 0, 0]
            withUnsafeBytes(of: Int64(step).littleEndian) { bytes.append(contentsOf: $0) }
            for value in values(step) {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        return bytes
    }

    // MARK: - What is measured

    private static func record(_ data: [UInt8], to path: String) {
        attempt {
            let store = try Store.open(at: path, now: { "2026-01-01T00:00:00.000Z" })
            let run = try store.recorded.start(
                NewRecordedRun(identity: String(repeating: "0", count: 32), configuration: RecordedConfiguration()),
                as: LargeSweep.origin)
            let recorder = try RunRecorder(run, in: store, output: .none, began: 0) { _ in }
            let pipe = Pipe()
            try OwnThread.start("program") {
                data.withUnsafeBytes { _ = $0.write(to: pipe.fileHandleForWriting.fileDescriptor) }
                try? pipe.fileHandleForWriting.close()
            }
            let isStored = try RecordedInput(pipe.fileHandleForReading.fileDescriptor).record(by: recorder)
            let steps = try store.runs.find(id: run.id).stepsDone
            precondition(isStored && steps == count, "\(steps) steps were recorded")
            store.close()
        }
    }

    private static func write(to path: String) {
        var connection: OpaquePointer?
        precondition(sqlite3_open(path, &connection) == SQLITE_OK)
        defer { sqlite3_close(connection) }
        func execute(_ sql: String) {
            precondition(
                sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK, String(cString: sqlite3_errmsg(connection)))
        }
        execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        for migration in Migrations.all { execute(migration.sql) }
        execute(
            """
            CREATE TABLE logged_steps (run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, step INTEGER NOT NULL,
                elapsed_ns INTEGER, ieee_bytes BLOB, \(keys.map { "\($0) ANY" }.joined(separator: ", ")),
                PRIMARY KEY (run_id, step)) STRICT, WITHOUT ROWID
            """)
        var statement: OpaquePointer?
        sqlite3_prepare_v2(
            connection, "INSERT INTO logged_steps VALUES (1, ?, ?, NULL, ?, ?, ?, ?, ?)", -1, &statement, nil)
        defer { sqlite3_finalize(statement) }
        for first in stride(from: 0, to: count, by: 20_000) {
            execute("BEGIN IMMEDIATE")
            for step in first..<first + 20_000 {
                sqlite3_bind_int64(statement, 1, Int64(step))
                sqlite3_bind_int64(statement, 2, Int64(step * 1000))
                for (index, value) in values(step).enumerated() {
                    sqlite3_bind_double(statement, CInt(index + 3), value)
                }
                precondition(sqlite3_step(statement) == SQLITE_DONE)
                sqlite3_reset(statement)
            }
            execute("COMMIT")
        }
    }
}
