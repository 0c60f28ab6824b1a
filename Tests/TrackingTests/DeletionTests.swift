import Foundation
import Testing
import TextFormats

@testable import Tracking

/// Deleted runs are hidden, and gone only when they are collected.
struct DeletionTests {
    private let notebook: Notebook
    private let store: Store
    private let sweep: Int64

    /// Run 1, "single"; runs 2 to 4 of the sweep "seeds", of which the first two are done.
    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
        let single = try store.startSampleRun(name: "single")
        try store.write([.sample(0)], ofRun: single)
        try store.runs.finish(single.id, attempt: 1, outcome: .sample(stepsDone: 1))
        sweep = try store.createSampleSweep(runs: 3)
        for _ in 0..<2 {
            let run = try #require(try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample()))
            try store.runs.finish(run.id, attempt: 1, outcome: .sample(stepsDone: 0))
        }
    }

    @Test
    func `a deleted run is nowhere but among the deleted`() throws {
        try delete(1, 2)

        #expect(try store.runs.all().map(\.id) == [3, 4])
        #expect(try store.runs.all(ofSweep: sweep).map(\.id) == [3, 4])
        #expect(try store.runs.deleted().map(\.id) == [1, 2])
        #expect(try listed(deleted: false) == [3, 4])
        #expect(try listed(deleted: true) == [1, 2])
        #expect(try store.query("SELECT planned FROM leaderboard").rows == [[.integer(2)]])
        for reference in ["1", "single", "sing"] {
            #expect(throws: TrackingError.self) { try RunFinder(store).run(reference) }
        }
        #expect(try RunFinder(store).run("best:seeds").id == 3)
    }

    @Test(arguments: ["1", "single"])
    func `who looks for a deleted run hears how to bring it back`(reference: String) throws {
        try delete(1)

        let error = #expect(throws: TrackingError.self) { try RunFinder(store).run(reference) }

        #expect(
            error?.description == "run 1 was deleted on 2026-01-02T03:04:05Z; gradbook restore 1 brings it back")
    }

    @Test
    func `what was restored is as it was`() throws {
        let before = try (store.runs.all(), notebook.content())

        try delete(1, 3)
        try store.runs.restore([1, 3])

        #expect(try store.runs.all() == before.0)
        #expect(try notebook.content() == before.1)
        #expect(throws: TrackingError.self) { try store.runs.restore([1]) }
    }

    @Test
    func `a run that is being trained is not deleted, nor any other with it`() throws {
        _ = try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample())

        #expect(throws: TrackingError.self) { try store.runs.delete([1, 4]) { _ in true } }
        #expect(try store.runs.deleted().isEmpty)

        try delete(1, 4)
        #expect(try store.runs.deleted().map(\.id) == [1, 4])
    }

    @Test
    func `a sweep does not wait for deleted runs, but for restored ones`() throws {
        try delete(4)
        #expect(try store.sweeps.find(named: "seeds").state == .done)
        #expect(try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample()) == nil)
        #expect(throws: TrackingError.self) { try store.runs.start(4, as: .sample()) }

        try store.runs.restore([4])
        #expect(try store.sweeps.find(named: "seeds").state == .open)
        #expect(try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample())?.id == 4)
    }

    @Test
    func `collected runs are gone with their rows, and their numbers are not used again`() throws {
        _ = try store.startSampleRun()
        try delete(1, 2, 3, 4, 5)

        let summary = try store.runs.removeDeleted()

        #expect(summary == RemovalSummary(runs: 5, steps: 1, sweeps: 1))
        #expect(
            try store.query("SELECT (SELECT count(*) FROM quadratic_steps), count(*) FROM datasets").rows == [
                [.integer(0), .integer(0)]
            ])
        #expect(try store.startSampleRun(name: "single").id == 6)
        #expect(try store.runs.removeDeleted() == RemovalSummary())
    }

    @Test
    func `a file shrinks when runs are collected`() throws {
        let run = try store.startSampleRun()
        try store.write((0..<20_000).map { .sample($0) }, ofRun: run)
        try delete(run.id)
        let full = try size()

        _ = try store.runs.removeDeleted()

        #expect(try size() < full / 2)
    }

    @Test
    func `a large file is rewritten when that is worth it, and else has room for new rows`() throws {
        let large = try store.startSampleRun()
        try store.notes.add(String(repeating: "x", count: 20_000_000), to: .run(large.id))
        let small = try store.startSampleRun()
        try store.write((0..<1000).map { .sample($0) }, ofRun: small)
        let full = try size()
        try delete(small.id)

        let first = try store.runs.removeDeleted()
        #expect(first.steps == 1000 && first.freeBytes > 30_000)
        #expect(try size() == full)
        let next = try store.startSampleRun()
        try store.write((0..<500).map { .sample($0) }, ofRun: next)
        #expect(try size() == full)
        try delete(large.id)

        #expect(try store.runs.removeDeleted() == RemovalSummary(runs: 1))
        #expect(try size() < full / 10)
    }

    @Test
    func `a deleted run of an open sweep stays`() throws {
        try delete(2)

        #expect(try store.runs.removeDeleted() == RemovalSummary(runsKept: 1))
        #expect(try store.runs.deleted().map(\.id) == [2])
    }

    @Test
    func `deleted runs are not merged, and stay deleted where they are`() throws {
        let other = try Notebook()
        let first = try other.open()
        try store.notes.add("on a deleted run", to: .run(1))
        try delete(1, 2)

        #expect(try first.maintenance.merge(notebook.path)[.runsAdded] == 2)
        #expect(try first.runs.all().map(\.plan.seed) == [1, 2])
        #expect(try first.query("SELECT count(*) FROM notes").rows == [[.integer(0)]])

        let third = try Notebook()
        try store.runs.restore([1, 2])
        _ = try third.open().maintenance.merge(notebook.path)
        try delete(1, 2)
        _ = try store.maintenance.merge(third.path)
        #expect(try store.runs.deleted().map(\.id) == [1, 2])
        #expect(try store.runs.all().map(\.id) == [3, 4])
    }

    private func delete(_ ids: Int64...) throws {
        try store.runs.delete(ids) { _ in false }
    }

    private func listed(deleted: Bool) throws -> [Int] {
        var request = RunListingRequest()
        request.columns = ["id"]
        request.deleted = deleted
        return try store.runs.list(request) { _ in false }.rows.map { row in
            guard case .integer(let id) = row[0] else { return 0 }
            return Int(id)
        }
    }

    private func size() throws -> Int {
        try notebook.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return try Data(contentsOf: URL(filePath: notebook.path)).count
    }
}
