import TestSupport
import Testing
import TextFormats
import Tracking

/// What was said of two arms stays, once for each look.
struct VerdictStoreTests {
    private let notebook: Notebook
    private let store: Store

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
    }

    private static func verdict(_ runs: Set<String> = ["a", "b"], p: Double? = 0.25) -> StoredVerdict {
        StoredVerdict(
            question: #"{"arms":[["x"],["y"]]}"#, first: "adam", second: "sgd", measure: "final excess",
            seeds: [3, 1, -2], runs: runs, alpha: 0.05, p: p, verdict: "undecided")
    }

    @Test
    func `a verdict comes back as it was read`() throws {
        try store.verdicts.add(Self.verdict())
        try store.verdicts.add(Self.verdict(["c"], p: nil))

        #expect(try store.verdicts.all(on: Self.verdict().question) == [Self.verdict(), Self.verdict(["c"], p: nil)])
        #expect(try store.verdicts.all(on: "{}").isEmpty)
    }

    @Test
    func `the same runs are one look`() throws {
        try store.verdicts.add(Self.verdict())
        try store.verdicts.add(Self.verdict(p: 0.5))

        #expect(try store.verdicts.all(on: Self.verdict().question) == [Self.verdict()])
    }

    @Test
    func `a notebook that is only read takes none`() throws {
        let reader = try notebook.open(access: .readOnly)

        let error = #expect(throws: TrackingError.self) { try reader.verdicts.add(Self.verdict()) }

        #expect(error?.code == .readOnly)
    }

    @Test
    func `a verdict whose lists were damaged is named`() throws {
        try store.verdicts.add(Self.verdict())
        try notebook.execute("UPDATE verdicts SET seeds = '[1.5]'")

        let error = #expect(throws: TrackingError.self) { try store.verdicts.all(on: Self.verdict().question) }

        #expect(error?.code == .damaged)
        #expect(error?.description.contains("verdict 1 has '[1.5]' as seeds, which is no list of seeds") == true)
    }

    @Test
    func `looks of two notebooks are merged, each once`() throws {
        let other = try Notebook()
        try store.verdicts.add(Self.verdict())
        let theirs = try other.open()
        try theirs.verdicts.add(Self.verdict())
        try theirs.verdicts.add(Self.verdict(["c"]))

        _ = try store.maintenance.merge(other.path)
        let once = try notebook.content()
        _ = try store.maintenance.merge(other.path)
        _ = try theirs.maintenance.merge(notebook.path)

        #expect(try store.verdicts.all(on: Self.verdict().question) == [Self.verdict(), Self.verdict(["c"])])
        #expect(try notebook.content() == once)
        #expect(try other.content().firstDifference(from: once) == nil)
    }
}
