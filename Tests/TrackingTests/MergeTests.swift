import Foundation
import TestSupport
import Testing
import TextFormats
import Tracking

/// Two notebooks become one, and nothing is lost, doubled or changed by it.
struct MergeTests {
    private let ours: Notebook
    private let theirs: Notebook

    init() throws {
        ours = try Notebook()
        theirs = try Notebook()
    }

    @Test
    func `a run that is not here comes with everything it has`() throws {
        let other = try theirs.open()
        let run = try other.endSampleRun(name: "guest", steps: 3, finalLoss: -0.0)
        try other.notes.changeTags(ofRuns: [run.id], adding: ["odd"])
        try other.notes.add("look at step 2", to: .run(run.id))
        let store = try ours.open()
        _ = try store.endSampleRun(name: "host", steps: 2, seed: 8)

        let summary = try store.maintenance.merge(theirs.path)

        let merged = try RunFinder(store).run("guest")
        let original = try RunFinder(other).run("guest")
        #expect(summary == [.runsAdded: 1, .steps: 3, .tags: 1, .notes: 1])
        #expect(merged.id == 2)
        #expect(merged.state == .done && merged.finalLoss?.bitPattern == (-0.0).bitPattern)
        #expect(merged.plan.config == original.plan.config && merged.process == original.process)
        #expect(try store.steps.all(ofRun: merged.id) == other.steps.all(ofRun: run.id))
        #expect(try store.runs.parameters(ofRun: merged.id) == other.runs.parameters(ofRun: run.id))
        #expect(try store.datasets.find(id: merged.trainingData) == other.datasets.find(id: original.trainingData))
        #expect(try store.notes.tags(ofRun: merged.id) == ["odd"])
        #expect(try store.notes.all(on: .run(merged.id)).map(\.text) == ["look at step 2"])
    }

    @Test
    func `merging a second time changes nothing`() throws {
        let other = try theirs.open()
        let run = try other.endSampleRun(name: "guest", steps: 3)
        try other.notes.add("once", to: .run(run.id))
        try other.notes.addEvent("interrupted", "once", to: .run(run.id))
        let store = try ours.open()
        _ = try store.maintenance.merge(theirs.path)
        let before = try ours.content()

        let summary = try store.maintenance.merge(theirs.path)

        #expect(summary == [.runsUnchanged: 1])
        #expect(!summary.changedSomething)
        #expect(try ours.content() == before)
        #expect(try store.notes.events(of: .run(1)).count == 1)
    }

    @Test
    func `the command that brought something is recorded, and one that brought nothing is not`() throws {
        _ = try theirs.open().endSampleRun(name: "guest", steps: 3)
        let store = try ours.open()

        for command in ["first", "second"] {
            _ = try store.maintenance.merge(theirs.path, MergeRequest(command: command))
        }

        let run = try RunFinder(store).run("guest").id
        #expect(try store.notes.commands(of: .run(run)).map { [$0.kind, $0.text] } == [["merged", "first"]])
        let sweep = try ours.open().createSampleSweep(runs: 1)
        #expect(try store.notes.commands(of: .sweep(sweep)).isEmpty)
    }

    @Test
    func `a sweep has the commands that made it, in their order`() throws {
        let store = try ours.open()
        let sweep = try store.createSampleSweep(runs: 1)
        let name = try store.sweeps.find(id: sweep).plan.name
        try store.sweeps.rename(sweep, to: "new: name", provenance: .sample())
        try store.notes.addEvent("stopped", "a failure", to: .sweep(sweep))
        try store.notes.addEvent("extended", "2 runs: gradbook sweep extend 'a: b'", to: .sweep(sweep))

        let commands = try store.notes.commands(of: .sweep(sweep))

        #expect(name != "new: name")
        #expect(commands.map(\.kind) == ["renamed", "extended"])
        #expect(commands.map(\.text) == [Provenance.sample().command, "gradbook sweep extend 'a: b'"])
    }

    @Test(arguments: [0.25, -0.0])
    func `a run whose initial loss one of two notebooks does not have is the same run`(finalLoss: Double) throws {
        _ = try theirs.open().endSampleRun(name: "guest", steps: 3, finalLoss: finalLoss, initialLoss: 1)
        let store = try ours.open()
        _ = try store.maintenance.merge(theirs.path)
        // As release 0.1.0 wrote it.
        try theirs.execute("UPDATE runs SET initial_loss = NULL, ieee_bytes = substr(ieee_bytes, 1, 16)")

        #expect(try store.maintenance.merge(theirs.path) == [.runsUnchanged: 1])
        #expect(try theirs.open().maintenance.merge(ours.path) == [.runsUnchanged: 1])
        try theirs.execute("UPDATE runs SET final_loss = 0.5, ieee_bytes = x'00000000000000800000000000000080'")
        #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }
    }

    @Test
    func `the order of merging does not matter`() throws {
        let (first, second) = (try ours.open(), try theirs.open())
        _ = try first.createSampleSweep(runs: 4)
        _ = try second.createSampleSweep(runs: 4)
        try first.endNextRun(ofSweepNamed: "seeds")
        try second.skipRun(ofSweepNamed: "seeds")
        try second.endNextRun(ofSweepNamed: "seeds")
        _ = try second.endSampleRun(name: "single", steps: 2)
        let (forth, back) = (try Notebook(), try Notebook())

        for path in [ours.path, theirs.path] { _ = try forth.open().maintenance.merge(path) }
        for path in [theirs.path, ours.path] { _ = try back.open().maintenance.merge(path) }

        #expect(try forth.content().firstDifference(from: back.content()) == nil)
        #expect(try forth.open().runs.all(ofSweep: 1).count { $0.state == .done } == 2)
    }

    @Test
    func `a planned run is completed by whoever carried it out`() throws {
        let store = try ours.open()
        let sweep = try store.createSampleSweep(runs: 2)
        let other = try theirs.open()
        _ = try other.createSampleSweep(runs: 2)
        for _ in 0..<2 { try other.endNextRun(ofSweepNamed: "seeds") }

        let summary = try store.maintenance.merge(theirs.path)

        #expect(summary == [.runsCompleted: 2, .steps: 6, .sweepsUpdated: 1])
        #expect(try store.runs.all(ofSweep: sweep).map(\.state) == [.done, .done])
        #expect(try store.runs.all(ofSweep: sweep).map(\.attempt) == [1, 1])
        #expect(try store.sweeps.find(named: "seeds").state == .done)
    }

    @Test
    func `a run that was not finished there is queued here with its rows`() throws {
        let other = try theirs.open()
        let run = try other.startSampleRun(name: "half")
        try other.write((0..<5).map { .sample($0) }, ofRun: run)
        let store = try ours.open()

        let summary = try store.maintenance.merge(theirs.path)

        #expect(summary == [.runsAdded: 1, .steps: 5, .datasets: 1])
        #expect(try RunFinder(store).run("half").state == .queued)
        #expect(try store.steps.count(ofRun: 1) == 5)
    }

    @Test
    func `one different bit stops the merge and is named`() throws {
        let store = try ours.open()
        _ = try store.createSampleSweep(runs: 1)
        try store.endNextRun(ofSweepNamed: "seeds")
        let other = try theirs.open()
        _ = try other.createSampleSweep(runs: 1)
        try other.endNextRun(ofSweepNamed: "seeds", loss: 0.1.nextUp)
        _ = try other.endSampleRun(name: "bystander", steps: 1)
        let before = try ours.content()

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        #expect(error?.code == .conflict)
        #expect(
            error?.description
                == "'\(theirs.path)' was not merged: its run 1 and run 1 here are the same run, but differ in loss at step 0"
        )
        #expect(try ours.content() == before)
    }

    @Test
    func `the sign of a zero is a difference`() throws {
        let store = try ours.open()
        _ = try store.createSampleSweep(runs: 1)
        try store.endNextRun(ofSweepNamed: "seeds", loss: 0.0)
        let other = try theirs.open()
        _ = try other.createSampleSweep(runs: 1)
        try other.endNextRun(ofSweepNamed: "seeds", loss: -0.0)

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        #expect(error?.description.hasSuffix("differ in ieee_bytes at step 0") == true, "\(error as Any)")
    }

    @Test
    func `another sweep of the same name is refused`() throws {
        let store = try ours.open()
        _ = try store.createSampleSweep(runs: 2)
        _ = try theirs.open().createSampleSweep(runs: 3)
        let before = try ours.content()

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        #expect(error?.code == .conflict)
        #expect(
            error?.description
                == "'\(theirs.path)' was not merged: its sweep 'seeds' has another plan than the sweep of this name here: "
                + "other planned_runs; rename one of them, or give a prefix for theirs with rename"
        )
        #expect(try ours.content() == before)
    }

    @Test
    func `a sweep without choosing seeds takes those of the other notebook`() throws {
        let store = try ours.open()
        _ = try store.createSampleSweep(runs: 9)
        _ = try theirs.open().createSampleSweep(runs: 9, choosingSeeds: [0, 1, 2])

        _ = try store.maintenance.merge(theirs.path)
        _ = try theirs.open().maintenance.merge(ours.path)

        #expect(try store.sweeps.find(named: "seeds").plan.choosingSeeds == [0, 1, 2])
        #expect(try theirs.open().sweeps.find(named: "seeds").plan.choosingSeeds == [0, 1, 2])
    }

    @Test
    func `a sweep that other seeds choose in is another plan`() throws {
        let store = try ours.open()
        _ = try store.createSampleSweep(runs: 9, choosingSeeds: [0, 1, 2])
        _ = try theirs.open().createSampleSweep(runs: 9, choosingSeeds: [0, 1, 2, 3])

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        #expect(error?.code == .conflict)
    }

    @Test
    func `a name that belongs to another run is refused`() throws {
        let store = try ours.open()
        _ = try store.endSampleRun(name: "same", steps: 1)
        _ = try theirs.open().endSampleRun(name: "same", steps: 1, seed: 8)
        let before = try ours.content()

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        #expect(error?.code == .nameTaken)
        #expect(try ours.content() == before)
    }

    @Test
    func `a run with fewer rows than it claims is refused`() throws {
        let other = try theirs.open()
        let run = try other.startSampleRun()
        try other.write([.sample(0)], ofRun: run)
        try other.runs.finish(run.id, attempt: run.attempt, outcome: .sample())
        let store = try ours.open()

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        #expect(error?.code == .damaged)
        #expect(
            error?.description
                == "'\(theirs.path)' was not merged: its run 1 should have 800 steps, but has 1")
        #expect(try store.runs.all().isEmpty)
    }

    @Test
    func `what is no other notebook is refused`() throws {
        let store = try ours.open()
        let text = ours.folder.appending(path: "text").path
        try Data("no database, but text that is long enough to look at".utf8).write(to: URL(filePath: text))

        #expect(throws: TrackingError.self) { try store.maintenance.merge(ours.path) }
        #expect(throws: TrackingError.self) { try store.maintenance.merge(text) }
        #expect(throws: TrackingError.self) { try store.maintenance.merge(ours.folder.path + "/missing.db") }
    }
}

extension Store {
    /// A run that has ended, with so many rows.
    fileprivate func endSampleRun(
        name: String, steps: Int, seed: Int64 = 7, finalLoss: Double = 0.25, initialLoss: Double? = nil
    ) throws -> Run {
        let run = try runs.add(.sample(dataset: datasets.add(.sample()), name: name, seed: seed), provenance: .sample())
        let started = try runs.start(run, as: .sample())
        try end(started, steps: steps, loss: 0.1, finalLoss: finalLoss, initialLoss: initialLoss)
        return started
    }

    fileprivate func endNextRun(ofSweepNamed name: String, loss: Double = 0.1) throws {
        guard let run = try sweeps.claimNextRun(ofSweep: sweeps.find(named: name).id, as: .sample()) else { return }
        try end(run, steps: 3, loss: loss, finalLoss: 0.25)
    }

    /// Leaves the next run to others.
    fileprivate func skipRun(ofSweepNamed name: String) throws {
        _ = try sweeps.claimNextRun(ofSweep: sweeps.find(named: name).id, as: .sample())
    }

    private func end(
        _ run: Run, steps: Int, loss: Double, finalLoss: Double, initialLoss: Double? = nil
    ) throws {
        try write((0..<steps).map { .sample($0, loss: loss) }, ofRun: run)
        try runs.finish(
            run.id, attempt: run.attempt,
            outcome: RunOutcome(
                state: .done, stepsDone: steps, initialLoss: initialLoss, finalLoss: finalLoss, bestLoss: 0.1,
                bestStep: 0,
                parameters: [ParameterValues(name: "w", initial: 0.5, final: 3)]))
    }
}
