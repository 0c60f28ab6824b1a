import Foundation
import TestSupport
import Testing

@testable import Tracking

/// Recorded runs of tests: started, written into and ended as a recorder does it.
extension Store {
    /// A run that is being recorded; runs of one `number` are one run.
    @discardableResult
    func startRecording(_ number: Int, name: String? = nil, command: [String] = ["train", "--lr", "0.1"]) throws -> Run
    {
        var run = NewRecordedRun(
            identity: String(format: "%032x", number), configuration: RecordedConfiguration(command: command))
        run.name = name
        run.environment = ["argv": #"["train"]"#, "folder": "/home/somebody/secret", "git_commit": "abc"]
        run.tags = ["tagged"]
        run.note = "a note"
        return try recorded.start(run, as: .sample())
    }

    /// Stores numbers under keys, by step.
    @discardableResult
    func log(_ rows: [(step: Int64, values: [String: MetricValue])], to run: Run) throws -> MetricConflicts {
        var changes = RecordedChanges()
        for row in rows {
            let keys = row.values.keys.sorted()
            changes.metrics.add(
                keys.compactMap { row.values[$0] }, shape: changes.metrics.addShape(keys), step: row.step,
                elapsedNanoseconds: row.step * 1000)
        }
        changes.stepCount = Set(rows.map(\.step)).count
        try changes.stepCount? += runs.find(id: run.id).stepsDone
        return try write(changes, to: run)
    }

    @discardableResult
    func write(_ changes: RecordedChanges, to run: Run) throws -> MetricConflicts {
        var known = KnownMetrics()
        let origin = MetricOrigin(source: "protocol", precision: "float32")
        let origins = Dictionary(uniqueKeysWithValues: Set(changes.metrics.usedKeys).map { ($0, origin) })
        return try recorded.write(changes, to: run.currentAttempt, origins: origins, known: &known).conflicts
    }

    func endRecording(_ run: Run, _ state: RunState? = .done) throws {
        try recorded.finish(
            run.currentAttempt, state: state, reason: state == .failed ? "exit status 3" : nil,
            output: [StreamExcerpt(stream: "stdout", byteCount: 3, head: [104, 105, 10], tail: [])],
            usage: ProcessUsage(exitCode: state == .failed ? 3 : 0, userSeconds: 0.5, peakMemory: 1 << 20))
    }

    /// A run with something in every table that a recorded run can have rows in, which has ended.
    @discardableResult
    func recordSample(_ number: Int, name: String? = nil, steps: Int = 5) throws -> Run {
        let run = try startRecording(number, name: name)
        // The first of keys that differ in case has a column.
        try log([(0, ["train/loss": .real(.infinity)])], to: run)
        try log(
            (0..<Int64(steps)).map { step in
                (
                    step,
                    [
                        "train/loss": step == 2
                            ? .real(Double(bitPattern: 0x7FF8_0000_0000_0123)) : .real(1 / Double(step)),
                        "lr": .integer(step), "Train/loss": .real(-0.0), "train/Loss": .real(-.nan),
                        "done": .integer(.max),
                    ]
                )
            }, to: run)
        var changes = RecordedChanges()
        changes.texts = [.init(key: "phase", step: 1, value: "warm\u{0}up"), .init(key: "phase", step: 90, value: "")]
        changes.tensors = [
            .init(step: 0, name: "w", norms: [.real(1), .real(-.nan), nil], nonfinite: 1),
            .init(step: 1, name: "w", norms: [.real(-0.0), .integer(2), .real(.infinity)], nonfinite: nil),
        ]
        changes.summary = [("best", .number(.real(.nan))), ("name", .text("x")), ("n", .number(.integer(3)))]
        changes.files = [
            .init(path: "/home/somebody/model.pt", name: "model", size: 12, sha256: String(repeating: "a", count: 64))
        ]
        changes.events = [.init("file", "something")]
        changes.experiment = "digits"
        changes.notes = ["another"]
        try write(changes, to: run)
        try endRecording(run)
        return try runs.find(id: run.id)
    }

    /// Every number, text and tensor of a run, by name.
    func everything(of run: Int64) throws -> [String] {
        var lines = try metrics.keys(ofRun: run).flatMap { key in
            try metrics.values(ofRun: run, key: key).map { "\(key) \($0.step) \(Self.bits($0.value))" }
        }
        for table in [
            "texts", "tensor_steps", "run_summary", "run_output", "run_usage", "run_files", "run_environment",
        ] {
            let columns = try query("SELECT * FROM \(table) LIMIT 0").columns.filter { $0 != "run_id" }
            let text = columns.map { "quote(\($0))" }.joined(separator: " || ' ' || ")
            lines += try query("SELECT \(text) FROM \(table) WHERE run_id = \(run) ORDER BY 1").rows.map {
                "\(table) \($0)"
            }
        }
        return lines
    }

    private static func bits(_ value: MetricValue) -> String {
        switch value {
        case .integer(let integer): "integer \(integer)"
        case .real(let number): String(number.bitPattern, radix: 16)
        }
    }
}

extension Notebook {
    /// All that the file holds, as SQL.
    func dump() throws -> String {
        try #require(Program.named("sqlite3")).run([path, ".dump"], in: folder).output
    }

    func copy(to other: Notebook) throws {
        try open().maintenance.backUp(to: other.path)
    }
}
