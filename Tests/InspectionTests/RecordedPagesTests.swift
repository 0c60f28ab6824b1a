import Foundation
import TestSupport
import Testing
import TextFormats
import Tracking

@testable import Inspection

/// Pages, comparisons and exports of recorded runs.
@Suite(.timeLimit(.minutes(5)))
final class RecordedPagesTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")
    private let store: Store
    private let style = ListingStyle(.table, width: 80)

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store.open(
            at: folder.appending(path: "gradbook.db").path, now: { "2026-01-01T00:00:00.000Z" })
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func record(
        _ settings: [(String, JSONValue)] = [], steps: [(Int64, [(String, MetricValue)])] = [],
        output: [UInt8] = [], usage: ProcessUsage = ProcessUsage(exitCode: 0, wallSeconds: 2, peakMemory: 5_000_000),
        state: RunState? = .done, also: (inout RecordedChanges) -> Void = { _ in }
    ) throws -> Run {
        var configuration = RecordedConfiguration(command: ["python", "my train.py", "--seed", "3"])
        _ = configuration.set(settings.map { JSONValue.Member(name: $0.0, value: $0.1) })
        let identity = String(repeating: "a", count: 24) + String(try store.runs.all().count + 10_000_000)
        var new = NewRecordedRun(identity: identity, configuration: configuration)
        new.environment = [
            "folder": "/work", "git_commit": "0123456789abcdef", "git_diff": "+x", "env.OMP_NUM_THREADS": "4",
        ]
        let process = ProcessIdentity(host: "here", pid: 1, started: 1, bootID: "boot")
        let run = try store.recorded.start(
            new, as: Provenance(version: "test", gitCommit: nil, command: "gradbook record", process: process))
        var changes = RecordedChanges()
        for (step, values) in steps {
            changes.metrics.add(values.map(\.1), shape: changes.metrics.addShape(values.map(\.0)), step: step)
        }
        changes.stepCount = steps.count
        also(&changes)
        var known = KnownMetrics()
        try store.recorded.write(changes, to: run.currentAttempt, known: &known)
        if let state {
            let stream = StreamExcerpt(stream: "stdout", byteCount: Int64(output.count), head: output, tail: [])
            try store.recorded.finish(
                run.currentAttempt, state: state, reason: nil, output: [stream], usage: usage)
        }
        return try store.runs.find(id: run.id)
    }

    private func page(_ run: Run, metric: String? = nil, alive: Bool = true) throws -> String {
        try RecordedRunPage(run, metric: metric, in: store) { _ in alive }.text(style)
    }

    @Test
    func `a page has how it ended, settings, metrics, a curve, and what the program said and used`() throws {
        let steps = (0..<20).map { step -> (Int64, [(String, MetricValue)]) in
            let loss = step == 7 ? Double.nan : 1 / Double(step + 1)
            return (Int64(step), [("train/loss", .real(loss)), ("val/acc", .integer(Int64(step)))])
        }
        let run = try record([("lr", .number("0.1"))], steps: steps, output: Array("one\ntwo\n".utf8)) { changes in
            changes.texts = [
                .init(key: "sample", step: 3, value: "a"), .init(key: "sample", step: 9, value: "last words"),
            ]
            changes.summary = [("best", .number(.real(-0.0))), ("bad", .number(.real(.nan)))]
            changes.tensors = [
                .init(step: 4, name: "w", norms: [.real(1), nil, nil], nonfinite: 2),
                .init(step: 4, name: "b", norms: [nil, nil, nil], nonfinite: 0),
            ]
            changes.files = [
                .init(path: "model.bin", name: "model", size: 12, sha256: String(repeating: "f", count: 64))
            ]
            changes.notes = ["looks fine"]
            changes.tags = ["keep"]
        }

        let text = try page(run)

        for expected in [
            "run 1\ndone, 20 steps, exit code 0\n", "tags       keep", "settings: lr=0.1  seed=3\n",
            "program: python 'my train.py' --seed 3", "train/loss of each step, in decades\n", "step 19",
            "summary: bad=nan  best=-0\n", "text sample at step 9, the last of 2: last words",
            "tensors: 2 at 1 step, the first value that is not finite at step 4",
            "model: model.bin     12  ffffffffffffffff",
            "used: 2.00 s in all, 5.00 MB of memory at most", "git_commit=0123456789", "uncommitted changes of 2 bytes",
            "env.OMP_NUM_THREADS=4", "the end of stdout, 8 bytes in all:\n  one\n  two", "note: looks fine",
            "recorded by gradbook test on here",
        ] {
            #expect(text.contains(expected), "\(expected)\n\(text)")
        }
        #expect(text.contains("train/loss       20"))
        #expect(try page(run, metric: "val/acc").contains("val/acc of each step\n"))
        #expect(throws: TrackingError.self) { try page(run, metric: "val/ac") }
        let (columns, row) = try RecordedRunPage(run, in: store) { _ in true }.listing
        #expect(columns.count == row.count && Set(columns).count == columns.count)
        #expect(row[try #require(columns.firstIndex(of: "max(val/acc)@step"))] == .integer(19))
        #expect(!columns.contains { $0.hasPrefix("config.command") })
    }

    @Test(arguments: [
        (ProcessUsage(exitCode: 7), RunState.failed, "failed, 0 steps, exit code 7\n"),
        (ProcessUsage(signal: 9), .failed, "failed, 0 steps, signal 9 (SIGKILL)\n"),
        (ProcessUsage(), .done, "done, 0 steps\n"),
    ])
    func `the heading says how the program ended`(usage: ProcessUsage, state: RunState, heading: String) throws {
        let text = try page(record(usage: usage, state: state))

        #expect(text.hasPrefix("run 1\n" + heading), "\(text)")
        #expect(text.contains("no number is recorded"))
    }

    @Test
    func `a run whose recorder is gone is interrupted`() throws {
        let run = try record(steps: [(0, [("loss", .real(1))])], state: nil)

        #expect(try page(run).hasPrefix("run 1\nrunning, 1 step\n"))
        #expect(try page(run, alive: false).hasPrefix("run 1\ninterrupted, 1 step\n"))
        let look = try RunLook(ofRun: run.id, in: store) { _ in false }
        #expect(look.isIdle && look.line(style) == "run 1: interrupted, 1 step; loss 1")
    }

    @Test
    func `whatever a program calls things and prints, no terminal obeys it`() throws {
        let keys = ["\u{1B}[2J", "a\nb", "\u{202E}abc", "|", String(repeating: "k", count: 500), "\u{9B}1m"]
        let run = try record(
            keys.map { ($0, .string("\u{1B}]0;title\u{7}")) },
            steps: [0, 5, Int64.max].map { step in (step, keys.map { ($0, .real(1)) }) },
            output: Array("\u{1B}[31mred\r\u{1B}[Kdone\n".utf8) + [0xFF, 0x9B, 0x0A] + Array("\u{7}".utf8)
        ) { changes in
            changes.texts = keys.map { .init(key: $0, step: 1, value: "x\u{1B}[1m") }
            changes.summary = keys.map { ($0, .text("\u{8}")) }
            changes.files = keys.map { .init(path: $0, name: "n\r", size: 1, sha256: "aa") }
            changes.tags = keys
            changes.notes = keys
        }
        let other = try record([("x", .string("\u{1B}"))], steps: [(0, keys.map { ($0, .real(2)) })])
        let comparison = try RunComparison([run, other], in: store) { _ in
            true
        } comparingSeeds: { _ in
            nil
        }
        let look = try RunLook(ofRun: run.id, in: store) { _ in true }
        var curve = WatchedCurve()
        try curve.update(look, in: store)
        var markdown: [UInt8] = []
        try StepListing.write([run, other], in: store, style: ListingStyle(.markdown)) { markdown += $0 }
        try MetricListing.write([run, other], in: store, style: ListingStyle(.json)) { markdown += $0 }

        let text = try page(run)
        for shown in [
            text, comparison.text(style), look.line(style), look.page(style, curve),
            String(decoding: markdown, as: UTF8.self),
        ] {
            #expect(shown == shown.visibleLines, "\(shown.debugDescription)")
        }
        #expect(text.contains("\n  \\u{1B}[Kdone\n"), "\(text)")
    }

    @Test
    func `a comparison has what both runs have, and which is better`() throws {
        let first = try record(
            [("lr", .number("0.1")), ("same", .number("1"))],
            steps: [
                (0, [("val/loss", .real(2)), ("acc", .real(0.5)), ("x", .real(1))]), (4, [("val/loss", .real(1))]),
            ])
        let second = try record(
            [("lr", .number("0.2")), ("same", .number("1"))],
            steps: [(0, [("val/loss", .real(3)), ("acc", .real(0.9)), ("y", .real(1))])])

        let lines = try RunComparison([first, second], in: store) { _ in
            true
        } comparingSeeds: { _ in
            nil
        }.lines
        let byName = Dictionary(uniqueKeysWithValues: lines.map { ($0.name, $0) })

        #expect(byName["lr"]?.values == [.real(0.1), .real(0.2)])
        #expect(byName["same"] == nil && byName["last(x)"] == nil && byName["last(y)"] == nil)
        #expect(byName["min(val/loss)"]?.values == [.real(1), .real(3)] && byName["min(val/loss)"]?.better == [0])
        #expect(byName["min(val/loss)@step"]?.values == [.integer(4), .integer(0)])
        #expect(byName["max(acc)"]?.better == [1])
        #expect(byName["wall_seconds"]?.values == [.real(2), .real(2)])
    }

    // MARK: - Exports

    @Test
    func `exports are exact, and a key never takes the name of what every row has`() throws {
        let run = try record(steps: [
            (0, [("run_id", .integer(Int64.max)), ("loss", .real(-0.0)), ("elapsed_ns", .real(.infinity))]),
            (2, [("loss", .real(.nan)), ("step2", .real(1e-300))]),
        ])
        var csv: [UInt8] = []
        try StepListing.write([run], in: store, style: ListingStyle(.csv)) { csv += $0 }
        var json: [UInt8] = []
        try MetricListing.write([run], in: store, style: ListingStyle(.jsonl)) { json += $0 }

        #expect(
            String(decoding: csv, as: UTF8.self).replacing("\r\n", with: "\n") == """
                run_id,step,elapsed_ns,elapsed_ns_2,loss,run_id_2,step2
                1,0,,inf,-0,9223372036854775807,
                1,2,,,nan,,1e-300

                """)
        #expect(
            String(decoding: json, as: UTF8.self) == """
                {"run_id":1,"step":0,"key":"elapsed_ns","value":"Infinity"}
                {"run_id":1,"step":0,"key":"loss","value":-0.0}
                {"run_id":1,"step":0,"key":"run_id","value":9223372036854775807}
                {"run_id":1,"step":2,"key":"loss","value":"NaN"}
                {"run_id":1,"step":2,"key":"step2","value":1e-300}

                """)
    }

    @Test
    func `single steps are listed with the metrics that they have`() throws {
        let run = try record(
            steps: (0..<30).map { (Int64($0), $0 % 10 == 0 ? [("a", .real(1)), ("b", .real(2))] : [("a", .real(1))]) })
        func around(_ step: Int) throws -> String {
            var bytes: [UInt8] = []
            try StepListing.write(around: step, window: 1, ofRun: run, in: store, style: ListingStyle(.csv)) {
                bytes += $0
            }
            return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        }

        #expect(try around(10) == "step,a,b\n9,1,\n10,1,2\n11,1,\n")
        #expect(try around(15) == "step,a\n14,1\n15,1\n16,1\n")
        let error = try #require(throws: TrackingError.self) { try around(Int.max) }
        #expect(error.description.contains("0 to 29"))
    }

    // MARK: - The end of the output

    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a\nb\n", ["a", "b"]), ("1%\r50%\r100%\n", ["100%"]), ("a\r\n", ["a"]),
        ("\n\nx", ["", "x"]),
        ("1\n2\n3\n", ["2", "3"]),
    ])
    func `the last lines stand there as a terminal had them in the end`(output: String, lines: [String]) {
        let stream = StreamExcerpt(
            stream: "stdout", byteCount: Int64(output.utf8.count), head: Array(output.utf8), tail: [])

        #expect(OutputTail.lines(of: stream, count: 2) == lines)
    }

    @Test
    func `of a long output the end counts, and a long line is cut`() {
        let stream = StreamExcerpt(
            stream: "stdout", byteCount: .max, head: Array("head\n".utf8),
            tail: Array(String(repeating: "x", count: 1_000_000).utf8) + Array("\nend".utf8))
        let lines = OutputTail.lines(of: stream, count: 10)

        #expect(lines.count == 2 && lines[1] == "end")
        #expect(lines[0].count == 401 && lines[0].hasSuffix("…"))
    }
}
