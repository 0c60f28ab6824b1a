import Testing
import TextFormats
import Tracking

/// Resuming a run whose process is gone.
struct ResumptionTests {
    private let notebook: Notebook
    private let store: Store
    private let run: Run

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
        run = try store.startSampleRun()
    }

    @Test(arguments: [true, nil])
    func `a run whose worker may be at work is not taken`(isAlive: Bool?) throws {
        let error = #expect(throws: TrackingError.self) {
            try store.runs.resume(run.id, as: .sample(pid: 2)) { _ in isAlive }
        }

        #expect(error?.code == .conflict)
        #expect(
            error?.description
                == "run 1 is being trained by process 4711 on bench; wait for it, or end that process first")
        #expect(try store.runs.find(id: run.id) == run)
    }

    @Test
    func `a dead worker's run begins its next attempt, and the event is kept`() throws {
        let resumed = try store.runs.resume(run.id, as: .sample(pid: 2)) { _ in false }

        #expect(resumed.state == .running && resumed.attempt == 2 && resumed.process?.pid == 2)
        #expect(try store.notes.events(of: .run(run.id)).map(\.text) == ["attempt 1 ended without a result"])
    }

    @Test
    func `a silent worker on another host has lost its run when the lease has ended`() throws {
        try notebook.execute("UPDATE runs SET lease_until = '2026-01-01T00:00:00Z'")

        #expect(try store.runs.resume(run.id, as: .sample(pid: 2)) { _ in nil }.attempt == 2)
    }

    @Test
    func `a run that has ended is not started again`() throws {
        try store.runs.finish(run.id, attempt: run.attempt, outcome: .sample())

        let error = #expect(throws: TrackingError.self) {
            try store.runs.resume(run.id, as: .sample(pid: 2)) { _ in false }
        }

        #expect(error?.code == .conflict)
        #expect(
            error?.description
                == "run 1 cannot be started: it is done, not queued")
        #expect(try store.runs.outcome(of: store.runs.find(id: run.id))?.finalLoss == 0.25)
    }

    @Test
    func `a run does not end while rows of later steps are stored`() throws {
        try store.write([.sample(800)], ofRun: run)

        let error = #expect(throws: TrackingError.self) {
            try store.runs.finish(run.id, attempt: run.attempt, outcome: .sample())
        }

        #expect(error?.code == .conflict)
        #expect(
            error?.description
                == "run 1 ends after 800 steps, but step 800 of it is stored; nothing was overwritten")
        #expect(try store.runs.find(id: run.id).state == .running)
    }
}
