import Synchronization
import TestRows
import Testing
import TextFormats
import Tracking

struct StepWriterTests {
    private let notebook: Notebook
    private let store: Store

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
    }

    @Test(arguments: Durability.allCases)
    func `rows come back in order whatever the durability`(_ durability: Durability) throws {
        let store = try notebook.open(durability: durability)
        let run = try store.startSampleRun()
        let writer = store.steps.makeWriter()
        var recorder = writer.recorder(forRun: run)
        let rows = (0..<600).map { QuadraticStep.sample($0, elapsed: $0) }

        for row in rows {
            try recorder.record(row)
        }
        try recorder.finish(.sample())
        try writer.close()

        #expect(try store.steps.all(ofRun: run.id) == rows)
        #expect(try store.runs.find(id: run.id).state == .done)
    }

    @Test
    func `with durability step a row is committed when append returns`() throws {
        let store = try notebook.open(durability: .step)
        let run = try store.startSampleRun()
        let writer = store.steps.makeWriter()

        try writer.append([.sample(0), .sample(1)], to: run)

        #expect(try store.steps.count(ofRun: run.id) == 2)
    }

    @Test
    func `rows are committed within the interval without being asked for`() throws {
        let run = try store.startSampleRun()
        let writer = store.steps.makeWriter()
        try writer.append([.sample(0)], to: run)

        let clock = ContinuousClock()
        let start = clock.now
        while try store.steps.count(ofRun: run.id) == 0 && clock.now - start < .seconds(10) {}

        #expect(try store.steps.count(ofRun: run.id) == 1)
    }

    @Test
    func `a slow run's rows are handed over by time`() throws {
        let run = try store.startSampleRun()
        let writer = store.steps.makeWriter()
        var recorder = writer.recorder(forRun: run)

        try recorder.record(.sample(0, elapsed: 0))
        try recorder.record(.sample(1, elapsed: 60_000_000))
        try recorder.record(.sample(2, elapsed: 60_000_001))
        try writer.flush()

        #expect(try store.steps.count(ofRun: run.id) == 2)
    }

    @Test
    func `workers share one writer`() throws {
        let sweep = try store.createSampleSweep(runs: 40)
        let writer = store.steps.makeWriter()

        let workers = onThreads(4) { worker in
            while let run = try writer.claimNextRun(ofSweep: sweep, as: .sample(pid: worker)) {
                var recorder = writer.recorder(forRun: run)
                for step in 0..<300 {
                    try recorder.record(.sample(step, loss: Double(run.id)))
                }
                try recorder.finish(.sample())
            }
        }
        try workers.forEach { try $0.get() }
        try writer.close()

        #expect(try store.sweeps.find(named: "seeds").state == .done)
        for run in try store.runs.all() {
            #expect(try store.steps.all(ofRun: run.id) == (0..<300).map { .sample($0, loss: Double(run.id)) })
        }
    }

    @Test
    func `a reader never sees a finished run without all its rows`() throws {
        let sweep = try store.createSampleSweep(runs: 60)
        let writer = store.steps.makeWriter()
        let isTraining = Atomic(true)
        let reader = try notebook.open(access: .readOnly)

        let results = onThreads(2) { thread in
            if thread == 0 {
                defer { isTraining.store(false, ordering: .releasing) }
                while let run = try writer.claimNextRun(ofSweep: sweep, as: .sample()) {
                    var recorder = writer.recorder(forRun: run)
                    for step in 0..<500 {
                        try recorder.record(.sample(step))
                    }
                    try recorder.finish(.sample())
                }
                try writer.close()
                return [Int]()
            }
            var counts: [Int] = []
            var isLast = false
            while !isLast {
                isLast = !isTraining.load(ordering: .acquiring)
                for run in try reader.runs.all(ofSweep: sweep) where run.state == .done {
                    try counts.append(reader.steps.count(ofRun: run.id))
                }
            }
            return counts
        }

        let counts = try results.flatMap { try $0.get() }
        #expect(!counts.isEmpty && counts.allSatisfy { $0 == 500 })
    }

    @Test
    func `a replayed row that is equal is accepted, and the stored one stays`() throws {
        let run = try store.startSampleRun()
        try store.write([.sample(0, elapsed: 5), .sample(1, loss: .nan, elapsed: 9)], ofRun: run)

        try store.write((0..<3).map { .sample($0, loss: $0 == 1 ? .nan : 0.1, elapsed: 70) }, ofRun: run)

        #expect(try store.steps.all(ofRun: run.id).map(\.elapsedNanoseconds) == [5, 9, 70])
    }

    @Test
    func `a replayed row with other numbers stops the writer, and every call says why`() throws {
        let run = try store.startSampleRun()
        try store.write([.sample(0), .sample(1)], ofRun: run)
        let writer = store.steps.makeWriter()
        let isConflict = { (error: any Error) in
            (error as? TrackingError)?.code == .conflict
                && "\(error)"
                    == "step 1 of run 1 is stored with another loss than the one computed now; nothing was overwritten"
        }

        try writer.append([.sample(0), .sample(1, loss: 0.1.nextUp), .sample(2)], to: run)

        #expect { try writer.flush() } throws: { isConflict($0) }
        #expect { try writer.append([.sample(3)], to: run) } throws: { isConflict($0) }
        #expect { try writer.claimNextRun(ofSweep: 1, as: .sample()) } throws: { isConflict($0) }
        #expect { try writer.finish(run.id, attempt: 1, outcome: .sample()) } throws: { isConflict($0) }
        #expect { try writer.close() } throws: { isConflict($0) }
        #expect(try store.steps.all(ofRun: run.id) == [.sample(0), .sample(1)])
    }

    @Test
    func `rows of an outdated attempt are refused`() throws {
        let run = try store.startSampleRun()
        _ = try store.takeOver(run.id, from: 4711)

        let writer = store.steps.makeWriter()
        try writer.append([.sample(0)], to: run)

        let error = #expect(throws: TrackingError.self) { try writer.confirm(run.id, attempt: 1) }

        #expect(error?.code == .superseded)
        #expect(throws: TrackingError.self) { try writer.append([.sample(1)], to: run) }
        #expect(throws: TrackingError.self) { try writer.finish(run.id, attempt: 1, outcome: .sample()) }
        try writer.close()
        #expect(try store.steps.count(ofRun: run.id) == 0)
        #expect(try store.runs.find(id: run.id).state == .running)
    }

    @Test
    func `a run that was taken over disturbs no other run of its writer`() throws {
        let sweep = try store.createSampleSweep(runs: 2)
        let writer = store.steps.makeWriter()
        let runs = try [1, 3].compactMap { try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample(pid: $0)) }
        _ = try notebook.open().takeOver(runs[0].id, from: 1)

        for run in runs {
            try writer.append((0..<20).map { .sample($0) }, to: run)
            try writer.finish(run.id, attempt: run.attempt, outcome: .sample())
        }
        try writer.close()

        #expect(try store.steps.count(ofRun: runs[0].id) == 0)
        #expect(try store.steps.count(ofRun: runs[1].id) == 20)
        #expect(try store.runs.all(ofSweep: sweep).map(\.state) == [.running, .done])
    }

    @Test
    func `a writer that is given no rows keeps its runs`() throws {
        let time = Mutex(0)
        let store = try Store.open(at: notebook.path, lease: 0.06) {
            time.withLock { time in
                time += 1
                return "2026-01-02T03:04:05.\(100 + time)Z"
            }
        }
        let run = try store.startSampleRun()
        let first = try #require(run.leaseUntil)

        let writer = store.steps.makeWriter()
        let recorder = writer.recorder(forRun: run)
        let clock = ContinuousClock()
        let start = clock.now
        while try store.runs.find(id: run.id).leaseUntil == first && clock.now - start < .seconds(30) {}

        #expect(try #require(store.runs.find(id: run.id).leaseUntil) > first)
        _ = recorder
        try writer.close()
    }

    @Test
    func `a run of a sweep that is given back is queued, with its rows`() throws {
        let sweep = try store.createSampleSweep(runs: 1)
        let writer = store.steps.makeWriter()
        let run = try #require(try writer.claimNextRun(ofSweep: sweep, as: .sample()))

        try writer.append([.sample(0)], to: run)
        try writer.release(run.id, attempt: 1)
        try writer.close()

        #expect(try store.runs.find(id: run.id).state == .queued)
        #expect(try store.steps.count(ofRun: run.id) == 1)
        #expect(try store.notes.events(of: .run(run.id)).map(\.text) == ["attempt 1 was stopped"])
    }

    @Test
    func `more rows than the buffer holds are all written`() throws {
        let run = try store.startSampleRun()
        let writer = store.steps.makeWriter()

        for first in stride(from: 0, to: 100_000, by: 10_000) {
            try writer.append((first..<first + 10_000).map { .sample($0) }, to: run)
        }
        try writer.close()

        #expect(try store.steps.count(ofRun: run.id) == 100_000)
    }

    @Test
    func `a closed writer takes no rows`() async {
        await #expect(processExitsWith: .failure) {
            let notebook = try Notebook()
            let store = try notebook.open()
            let run = try store.startSampleRun()
            let writer = store.steps.makeWriter()
            try writer.close()
            try writer.append([.sample(0)], to: run)
        }
    }

    @Test
    func `every n-th row can be read alone`() throws {
        let run = try store.startSampleRun()
        try store.write((0..<10).map { .sample($0) }, ofRun: run)
        var steps: [Int] = []

        try store.steps.forEach(ofRun: run.id, every: 4) { steps.append($0.step) }

        #expect(steps == [0, 4, 8])
        #expect(try store.steps.all(ofRun: run.id, in: 3..<5).map(\.step) == [3, 4])
    }

    @Test
    func `a step takes at most 76 bytes of the file`() throws {
        let sweep = try store.createSampleSweep(runs: 50)
        let before = try byteCount()
        let runs = try (0..<50).compactMap { _ in try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample()) }
        let writer = store.steps.makeWriter()
        for run in runs {
            var recorder = writer.recorder(forRun: run)
            for step in 0..<1000 {
                let x = Double(step) / 7
                try recorder.record(
                    QuadraticStep(
                        step: step, epoch: step / 10, loss: x, learningRate: 0.1, w: x, b: x, gradW: x, gradB: x,
                        elapsedNanoseconds: 1500 * step + 123))
            }
            try recorder.finish(.sample(stepsDone: 1000))
        }
        try writer.close()

        #expect(try Double(byteCount() - before) / 50_000 <= 76)
    }

    private func byteCount() throws -> Int64 {
        let pages = try store.query("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").rows
        let bytes: Int64? = if case .integer(let count) = pages[0][0] { count } else { nil }
        return try #require(bytes)
    }
}
