import Testing
import TextFormats
import Tracking

struct RunTests {
    private let notebook: Notebook
    private let store: Store

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
    }

    @Test
    func `a data set is stored once per content hash`() throws {
        let id = try store.datasets.add(.sample())

        #expect(try store.datasets.add(.sample()) == id)
        #expect(try store.datasets.find(id: id) == .sample())
    }

    @Test
    func `a queued run comes back as it was planned`() throws {
        var plan = try NewRun.sample(dataset: store.datasets.add(.sample()), name: "first")
        let parent = try store.runs.add(plan, provenance: .sample())
        plan.name = nil
        plan.parentRunID = parent
        let id = try store.runs.add(plan, provenance: .sample(), experiment: "warm up")

        let run = try store.runs.find(id: id)

        plan.identity = run.plan.identity
        #expect(plan.identity != nil)
        #expect(run.plan == plan)
        #expect(run.experiment == "warm up")
        #expect(run.state == .queued)
        #expect(run.attempt == 0)
        #expect(run.process == nil)
        #expect([run.version, run.gitCommit, run.command] == ["1.2.3", "abc", "gradbook run"])
        #expect([run.createdAt, run.startedAt, run.finishedAt] == ["2026-01-02T03:04:05Z", nil, nil])
        #expect(try RunFinder(store).run("first").id == parent)
        #expect(try RunFinder(store).run("last") == run)
        #expect(try store.runs.find(ids: [id, parent]).map(\.id) == [id, parent])
    }

    @Test
    func `an empty notebook has no last run`() throws {
        #expect(throws: TrackingError.self) { try RunFinder(store).run("last") }
    }

    @Test
    func `a started run belongs to its process`() throws {
        let run = try store.startSampleRun()

        #expect(run.state == .running)
        #expect(run.attempt == 1)
        #expect(run.process == Provenance.sample().process)
        #expect(run.startedAt == "2026-01-02T03:04:05Z")
    }

    @Test
    func `a run is started once`() throws {
        let run = try store.startSampleRun()

        let error = #expect(throws: TrackingError.self) { try store.runs.start(run.id, as: .sample()) }

        #expect(error?.description == "run 1 cannot be started: it is running, not queued")
    }

    @Test(arguments: [RunState.done, .diverged, .failed])
    func `a finished run has its outcome`(state: RunState) throws {
        let run = try store.startSampleRun()
        let outcome = RunOutcome.sample(state: state)

        try store.runs.finish(run.id, attempt: run.attempt, outcome: outcome)

        let stored = try store.runs.find(id: run.id)
        #expect(stored.state == state)
        #expect(stored.stepsDone == 800)
        #expect(stored.divergedStep == outcome.divergedStep)
        #expect(stored.stateReason == outcome.stateReason)
        #expect([stored.finalLoss, stored.bestLoss] == [0.25, 0.125])
        #expect(stored.bestStep == 3)
        #expect(stored.finishedAt == "2026-01-02T03:04:05Z")
        #expect(try store.runs.parameters(ofRun: run.id) == outcome.parameters.sorted { $0.name < $1.name })
    }

    @Test
    func `an outdated attempt finishes nothing`() throws {
        let run = try store.startSampleRun()
        _ = try store.runs.requeueInterrupted { _ in false }
        let second = try store.runs.start(run.id, as: .sample(pid: 2))

        let error = #expect(throws: TrackingError.self) {
            try store.runs.finish(run.id, attempt: run.attempt, outcome: .sample())
        }

        #expect(error?.code == .superseded)
        #expect(
            error?.description
                == "run 1 is no longer this worker's: it was taken over or ended after attempt 1 began")
        #expect(try store.runs.find(id: run.id) == second)
    }

    @Test
    func `a name is given once`() throws {
        _ = try store.startSampleRun(name: "best")

        let error = #expect(throws: TrackingError.self) { try store.startSampleRun(name: "best") }

        #expect(error?.code == .nameTaken)
        #expect(error?.description == "the name 'best' belongs to run 1; choose another one")
    }

    @Test
    func `a name that does not exist is answered with near ones`() throws {
        _ = try store.startSampleRun(name: "baseline")
        _ = try store.startSampleRun(name: "other")

        let error = #expect(throws: TrackingError.self) { try RunFinder(store).run("basline") }

        #expect(error?.code == .notFound)
        #expect(error?.description == "there is no run 'basline' in '\(notebook.path)' (did you mean 'baseline'?)")
    }

    @Test
    func `a run that does not exist is named`() {
        let error = #expect(throws: TrackingError.self) { try store.runs.find(id: 12) }

        #expect(error?.description == "there is no run 12 in '\(notebook.path)'; gradbook runs lists them")
    }

    @Test
    func `tags, notes and events stay with their run`() throws {
        let run = try store.startSampleRun().id
        let other = try store.startSampleRun().id

        try store.notes.changeTags(ofRuns: [run], adding: ["slow", "cars"])
        try store.notes.changeTags(ofRuns: [run], adding: ["cars"])
        try store.notes.add("first try", to: .run(run))
        try store.notes.add("second try", to: .run(run))
        try store.notes.addEvent("paused", "by hand", to: .run(run))

        #expect(try store.notes.tags(ofRun: run) == ["cars", "slow"])
        #expect(try store.notes.all(on: .run(run)).map(\.text) == ["first try", "second try"])
        #expect(
            try store.notes.events(of: .run(run)).map { [$0.kind, $0.text, $0.createdAt] }
                == [["paused", "by hand", "2026-01-02T03:04:05Z"]])
        #expect(try store.notes.all(on: .run(other)).isEmpty)
    }
}
