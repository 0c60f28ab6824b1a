import Testing
import TextFormats
import Tracking

struct SweepTests {
    private let notebook: Notebook
    private let store: Store

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
    }

    @Test
    func `a sweep comes back with its runs in order`() throws {
        let id = try store.createSampleSweep(runs: 3)

        let sweep = try store.sweeps.find(named: "seeds")
        let runs = try store.runs.all(ofSweep: id)

        #expect(sweep.id == id)
        #expect(
            sweep.plan
                == SweepPlan(
                    name: "seeds", searchSpace: #"{"lr":[0.1]}"#, sampler: "grid", seed: 5, target: "loss=0.01"))
        #expect(sweep.state == .open)
        #expect(try store.sweeps.all() == [sweep])
        #expect(runs.map(\.plan.seed) == [0, 1, 2])
        #expect(runs.map(\.trialNumber) == [0, 1, 2])
        #expect(runs.allSatisfy { $0.sweepID == id && $0.state == .queued })
    }

    @Test
    func `the seeds that choose stay when a sweep is extended`() throws {
        _ = try store.createSampleSweep(runs: 9, choosingSeeds: [2, 0, 1])
        _ = try store.createSampleSweep(name: "few", runs: 3)

        for name in ["seeds", "few"] {
            let sweep = try store.sweeps.find(named: name)
            try store.sweeps.extend(
                sweep, searchSpace: "{}", choosingSeeds: [7, 8, 9], on: [], provenance: .sample()
            ) { _ in [] }
        }

        #expect(try store.sweeps.find(named: "seeds").plan.choosingSeeds == [0, 1, 2])
        #expect(try store.sweeps.find(named: "few").plan.choosingSeeds == [7, 8, 9])
        #expect(try store.query("SELECT choosing_seeds FROM sweeps WHERE id = 1").rows == [[.text("[0,1,2]")]])
    }

    @Test
    func `choosing seeds that are no list are damage`() throws {
        _ = try store.createSampleSweep(runs: 9, choosingSeeds: [0, 1, 2])
        try notebook.execute("UPDATE sweeps SET choosing_seeds = '{}'")

        let error = #expect(throws: TrackingError.self) { try store.sweeps.find(named: "seeds") }

        #expect(error?.code == .damaged)
        #expect(error?.description.contains("sweep 1 has '{}' as choosing_seeds, which is no list of seeds") == true)
    }

    @Test
    func `a sweep whose name is taken writes nothing`() throws {
        _ = try store.createSampleSweep(runs: 2)

        let error = #expect(throws: TrackingError.self) { try store.createSampleSweep(runs: 3) }

        #expect(error?.code == .nameTaken)
        #expect(
            error?.description
                == "the name 'seeds' belongs to a sweep; choose another one, or finish it with gradbook sweep resume seeds"
        )
        #expect(try store.runs.all().count == 2)
    }

    @Test
    func `a sweep with one impossible run writes nothing`() throws {
        let dataset = try store.datasets.add(.sample())
        let runs = ["twin", "twin"].map { NewRun.sample(dataset: dataset, name: $0) }

        let error = #expect(throws: TrackingError.self) {
            try store.sweeps.create(
                SweepPlan(name: "twins", searchSpace: "{}", sampler: "grid"), runs: runs, provenance: .sample())
        }

        #expect(error?.code == .nameTaken)
        #expect(try store.sweeps.all().isEmpty && store.runs.all().isEmpty)
    }

    @Test
    func `a sweep that does not exist is answered with near names`() throws {
        _ = try store.createSampleSweep(runs: 1)

        let error = #expect(throws: TrackingError.self) { try store.sweeps.find(named: "seed") }

        #expect(error?.description == "there is no sweep 'seed' in '\(notebook.path)' (did you mean 'seeds'?)")
    }

    @Test
    func `runs are claimed by position until none is left`() throws {
        let sweep = try store.createSampleSweep(runs: 2)

        let claimed = try (0..<3).map { _ in try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample()) }

        #expect(claimed.map { $0?.trialNumber } == [0, 1, nil])
        #expect(claimed.prefix(2).allSatisfy { $0?.state == .running && $0?.attempt == 1 })
    }

    @Test
    func `no run is claimed twice and none is missed, whoever asks`() throws {
        let sweep = try store.createSampleSweep(runs: 200)

        let claims = onThreads(8) { [notebook] worker in
            let store = try notebook.open()
            var claimed: [Int64] = []
            while let run = try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample(pid: worker)) {
                claimed.append(run.id)
            }
            return claimed
        }

        #expect(try claims.flatMap { try $0.get() }.sorted() == Array(1...200))
    }

    @Test
    func `a sweep is done when its last run has ended`() throws {
        let sweep = try store.createSampleSweep(runs: 2)
        var states: [SweepState] = []

        while let run = try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample()) {
            try store.runs.finish(run.id, attempt: run.attempt, outcome: .sample())
            try states.append(store.sweeps.find(named: "seeds").state)
        }

        #expect(states == [.open, .done])
    }

    @Test
    func `only runs whose process is gone are interrupted`() throws {
        let sweep = try store.createSampleSweep(runs: 3)
        for pid in [1, 2] {
            _ = try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample(pid: pid))
        }

        let interrupted = try store.runs.interrupted { $0.pid == 1 }

        #expect(interrupted.map(\.trialNumber) == [1])
    }

    @Test
    func `an interrupted run is claimed again, as another attempt`() throws {
        let sweep = try store.createSampleSweep(runs: 1)
        let first = try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample(pid: 1))

        let requeued = try store.runs.requeueInterrupted(ofSweep: sweep) { _ in false }
        let second = try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample(pid: 2))

        #expect(requeued == [first?.id])
        #expect(second?.id == first?.id)
        #expect(second?.attempt == 2)
        #expect(
            try store.notes.events(of: .run(requeued[0])).map { [$0.kind, $0.text] }
                == [["interrupted", "attempt 1 ended without a result"]])
    }

    @Test(
        arguments: [
            (isAlive: true, passed: 29, isInterrupted: false, isTaken: false),
            (isAlive: true, passed: 31, isInterrupted: false, isTaken: true),
            (isAlive: nil, passed: 29, isInterrupted: false, isTaken: false),
            (isAlive: nil, passed: 31, isInterrupted: true, isTaken: true),
            (isAlive: false, passed: 10, isInterrupted: true, isTaken: true),
        ] as [(isAlive: Bool?, passed: Int, isInterrupted: Bool, isTaken: Bool)])
    func `a silent worker keeps its run until its lease ends`(
        isAlive: Bool?, passed: Int, isInterrupted: Bool, isTaken: Bool
    ) throws {
        let sweep = try store.createSampleSweep(runs: 1)
        let run = try #require(try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample(pid: 1)))
        let later = try Store.open(at: notebook.path) { "2026-01-02T03:04:\(5 + passed)Z" }

        #expect(run.leaseUntil == "2026-01-02T03:04:35.000Z")
        #expect(try later.runs.interrupted { _ in isAlive }.isEmpty == !isInterrupted)
        #expect(try later.runs.requeueInterrupted(ofSweep: sweep) { _ in isAlive }.isEmpty == !isTaken)
    }

    @Test
    func `a process takes no run from itself`() throws {
        let sweep = try store.createSampleSweep(runs: 1)
        _ = try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample(pid: 1))

        let requeued = try store.runs.requeueInterrupted(
            ofSweep: sweep, caller: Provenance.sample(pid: 1).process
        ) { _ in false }

        #expect(requeued.isEmpty)
    }

    @Test
    func `only the runs of the sweep in question are queued again`() throws {
        let other = try store.startSampleRun()
        let sweep = try store.createSampleSweep(runs: 1)

        #expect(try store.runs.requeueInterrupted(ofSweep: sweep) { _ in false }.isEmpty)
        #expect(try store.runs.find(id: other.id).state == .running)
    }
}
