import TestRows
import TestSupport
import Testing
import TextFormats

@testable import Tracking

/// Filters, sort orders and columns over what other programs set and logged.
@Suite(.timeLimit(.minutes(5)))
struct RecordedListingTests {
    private let recorded: RecordedNotebook

    /// Runs 1 to 3, which other programs made, and run 4 of a built-in model.
    init() throws {
        recorded = try RecordedNotebook()
        try recorded.add(
            settings: [
                ("lr", .number("0.1")), ("optimizer", .string("muon")), ("name", .string("x")), ("seed", .number("1")),
            ],
            command: ["python", "train.py"],
            steps: [
                (0, [("val/loss", .real(2)), ("val/acc", .real(0.5)), ("lr", .real(9))]),
                (5, [("val/loss", .real(1)), ("val/acc", .real(0.8))]),
                (9, [("val/loss", .real(3)), ("val/acc", .real(0.7)), ("w", .real(7))]),
            ])
        try recorded.add(
            settings: [("lr", .number("0.01")), ("optimizer", .string("sgd")), ("steps", .string("many"))],
            steps: [
                (0, [("val/loss", .real(4)), ("val/acc", .integer(1))]), (1, [("val/loss", .real(.nan))]),
            ])
        try recorded.add(settings: [("lr", .string("auto"))], steps: [(0, [("train/x", .real(1))])], state: .failed)
        let run = try recorded.store.startSampleRun(name: "built in")
        try recorded.store.write([.sample(0, loss: 3), .sample(1, loss: 1)], ofRun: run)
        try recorded.store.runs.finish(run.id, attempt: 1, outcome: .sample(finalLoss: 0.25))
    }

    private func ids(_ filter: String, sort: [String] = []) throws -> [Int64] { try recorded.ids(filter, sort: sort) }

    @Test(arguments: [
        ("lr<0.1", [2]), ("lr<=0.1", [1, 2, 4]), ("lr=auto", [3]), ("lr>=0", [1, 2, 4]), ("learning_rate=0.1", [1, 4]),
        ("settings.lr=0.1", [1]), ("optimizer=muon", [1]), ("optimizer=sgd", [2, 4]), ("optimizer!=sgd", [1, 3]),
        ("steps=many", [2]), ("steps>10", [4]), ("settings.name=x", [1]), ("name=x", []), ("seed=1", [1]),
        ("kind=recorded", [1, 2, 3]), ("kind!=recorded", [4]), ("w=7", [1]),
        ("val/acc>0.9", [2]), ("val/acc=0.7", [1]), ("'val/acc'>0.6", [1, 2]), ("val/acc=none", [3, 4]),
        ("val/loss=none", [2, 3, 4]), ("val/loss=3", [1]), ("best('val/loss')<2", [1]), ("best(val/loss)=4", [2]),
        ("best(\"val/acc\")>=0.8", [1, 2]), ("max(val/acc)=0.8", [1]), ("min(val/loss)@step=5", [1]),
        ("last(val/loss)=3", [1]), ("first(val/loss)=2", [1]), ("mean(val/loss)=2", [1]), ("val/loss@5=1", [1]),
        ("last(lr)=9", [1]), ("min(loss)=0.125", [4]), ("best(loss)=0.125", [4]), ("val/acc>0.6 lr>0.05", [1]),
        ("(val/acc>0.9 or best('val/loss')<2) not lr=0.1", [2]), ("unstable=none", [1, 2, 3]),
    ])
    func `a filter finds settings and metrics of recorded runs`(filter: String, expected: [Int64]) throws {
        #expect(try ids(filter) == expected)
    }

    @Test(arguments: [
        (["val/loss"], [1, 2, 3, 4]), (["-best(val/acc)"], [2, 1, 3, 4]), (["-'val/acc'"], [2, 1, 3, 4]),
    ])
    func `runs are sorted by metrics`(sort: [String], expected: [Int64]) throws {
        #expect(try ids("", sort: sort) == expected)
    }

    @Test
    func `numbers are shown to the last bit, in their own type`() throws {
        let columns = ["val/loss", "val/acc", "'val/acc'", "val/loss@1", "lr", "last(lr)"]
        let rows = try recorded.list("id<3", columns: columns).rows

        #expect(
            rows[0] == [.real(3), .real(0.7), .real(0.7), .null, .real(0.1), .real(9)])
        #expect(rows[1][1..<3] == [.integer(1), .integer(1)])
        #expect(rows[1][4...] == [.real(0.01), .null])
        guard case .real(let number) = rows[1][0] else {
            Issue.record("\(rows[1][0]) is no NaN")
            return
        }
        #expect(number.isNaN)
    }

    @Test
    func `a listing of recorded runs has their settings by their own names, and what most of them logged`() throws {
        let listing = try recorded.list("id<3")

        #expect(
            listing.columns
                == ["id", "optimizer", "lr", "settings.name", "steps", "state", "val/loss", "val/acc", "last(lr)"],
            "\(listing.columns)")
        #expect(!listing.columns.contains { $0.contains("command") })
        #expect(!listing.constants.contains { $0.name.contains("command") })
    }

    @Test
    func `a listing of both kinds says which is which`() throws {
        let listing = try recorded.list()

        #expect(listing.columns.prefix(3) == ["id", "kind", "name"])
        #expect(listing.columns.contains("final_loss") && listing.columns.contains("val/loss"))
        #expect(Set(listing.columns).count == listing.columns.count, "\(listing.columns)")
    }

    @Test
    func `a listing of trained runs is as it always was`() throws {
        let listing = try recorded.list("kind=trained")
        let notebook = try Notebook()
        let alone = try notebook.open()
        let run = try alone.startSampleRun(name: "built in")
        try alone.write([.sample(0, loss: 3), .sample(1, loss: 1)], ofRun: run)
        try alone.runs.finish(run.id, attempt: 1, outcome: .sample(finalLoss: 0.25))
        let other = try alone.runs.list(RunListingRequest()) { _ in true }

        #expect(listing.columns == other.columns)
        #expect(listing.constants == other.constants)
        #expect(listing.rows.map { $0.dropFirst() } == other.rows.map { $0.dropFirst() })
    }

    @Test(arguments: [
        ("val/los>1", "did you mean 'val/loss'"), ("best(val/lo)<1", "no run has steps or a metric 'val/lo'"),
        ("best(train/x)<1", "min(train/x) or max(train/x)"), ("'val/acc>1", "without its partner"),
        ("val/acc~x", "is a number"), ("kind=recored", "did you mean 'recorded'"),
    ])
    func `a mistake is named`(filter: String, words: String) throws {
        let error = try #require(throws: TrackingError.self) { try ids(filter) }

        #expect(error.description.contains(words), "\(error)")
    }

    // MARK: - Hostile names

    private static let hostile = [
        "run_id", "step_", "\"", ";DROP TABLE runs;--", "😀", "a\nb", "\u{1B}[2Jx", "a|b", "a,b", "it's", "(x)", "a@b",
        "LOSS",
        "Loss", "loss@3", "last(loss)", "and", "not", "key with blanks", "id", "kind", "state", "%s", "'q'", "a.b", "/",
        "a//b",
        "\\", "\\\"", "é", "tag", "sqlite_x/y", String(repeating: "x", count: 300),
    ]

    @Test
    func `every key can be asked for, and every setting is shown`() throws {
        let recorded = try RecordedNotebook()
        let keys = Self.hostile
        let settings = keys.enumerated().map { ($1, JSONValue.number("\($0)")) }
        let numbers = keys.enumerated().map { ($1, MetricValue.real(Double($0) + 0.5)) }
        try recorded.add(settings: settings, steps: [(0, numbers), (3, numbers)])
        try recorded.add(settings: settings.map { ($0.0, .string("t")) }, steps: [])

        for (index, key) in keys.enumerated() {
            guard let name = RunFilter.quotedName(key) else { continue }
            let quoted = name == key ? "'\(key)'" : name
            #expect(try recorded.ids("last(\(quoted))=\(Double(index) + 0.5) max(\(quoted))@step=0") == [1], "\(key)")
        }
        let listing = try recorded.list()
        #expect(listing.rows.count == 2)
        #expect(listing.columns.count > keys.count)
        #expect(Set(listing.columns).count == listing.columns.count)
        let place = try #require(listing.columns.firstIndex(of: "😀"))
        #expect(listing.rows.map { $0[place] } == [.integer(4), .text("t")])
        #expect(try recorded.list(columns: ["settings.id", "settings.tag"]).rows[0] == [.integer(19), .integer(30)])
        #expect(
            try recorded.store.runs.columns().count { $0.group == .metric }
                == keys.count { RunFilter.quotedName($0) != nil })
    }

    @Test
    func `thousands of settings and keys become no thousands of columns`() throws {
        let recorded = try RecordedNotebook()
        for run in 0..<2 {
            try recorded.add(
                settings: (0..<3000).map { ("s\($0)", .number("\($0 + run)")) },
                steps: [(0, (0..<300).map { ("m\($0)", .real(Double($0))) })])
        }

        let listing = try recorded.list()

        #expect(listing.columns.count < 80)
        #expect(listing.rows.count == 2)
        #expect(try recorded.ids("s2999=3000 m299=299") == [2])
    }

    @Test
    func `a text where a number belongs is never above one`() throws {
        try recorded.notebook.execute("UPDATE val_steps SET acc = 'much' WHERE run_id = 1")

        #expect(try ids("val/acc>0") == [2])
        #expect(throws: TrackingError.self) { try recorded.store.metrics.summaries(ofRun: 1) }
    }
}
