import Statistics
import Testing
import Tracking

@testable import Reports

/// What the way a run ended means to a comparison.
struct RunStandingTests {
    private let notebook: SampleNotebook
    private let run: Run

    init() throws {
        notebook = try SampleNotebook()
        let id = try notebook.addRun(SampleRun())
        run = try notebook.store.runs.find(id: id)
    }

    private func standing(
        _ ending: SampleRun.Ending = .done, isInterrupted: Bool = false, isUnstable: Bool = false,
        isStoppedByHalving: Bool = false
    ) throws -> RunStanding {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(ending: ending)])
        return RunStanding(
            try RunFinder(notebook.store).run("last"), isInterrupted: isInterrupted, isUnstable: isUnstable,
            isStoppedByHalving: isStoppedByHalving)
    }

    @Test
    func `every state has one meaning`() throws {
        #expect(try standing() == .ended)
        #expect(try standing(isUnstable: true) == .failed(.unstable))
        #expect(try standing(isUnstable: true, isStoppedByHalving: true) == .noResult(.notPromoted))
        #expect(try standing(.diverged(at: 3)) == .failed(.diverged))
        #expect(try standing(.diverged(at: 3), isStoppedByHalving: true) == .noResult(.notPromoted))
        #expect(try standing(.failed, isStoppedByHalving: true) == .noResult(.notPromoted))
        #expect(try standing(.queued, isStoppedByHalving: true) == .noResult(.queued))
        #expect(try standing(.failed) == .failed(.failed))
        #expect(try standing(.queued) == .noResult(.queued))
        #expect(try standing(.running) == .noResult(.running))
        #expect(try standing(.running, isInterrupted: true) == .noResult(.interrupted))
    }

    @Test
    func `only a run that ended has its value, and no number is a failure`() {
        #expect(RunStanding.ended.outcome(0.5) == .value(0.5))
        #expect(RunStanding.ended.outcome(nil) == .failure)
        #expect(RunStanding.ended.outcome(.nan) == .failure && RunStanding.ended.outcome(.infinity) == .failure)
        #expect(RunStanding.failed(.unstable).outcome(0.5) == .failure)
        #expect(RunStanding.noResult(.queued).outcome(0.5) == .noResult)
    }

    @Test
    func `kinds are counted in words`() {
        let standings: [RunStanding] = [
            .ended, .failed(.unstable), .failed(.diverged), .failed(.unstable), .noResult(.queued), .noResult(.queued),
            .noResult(.interrupted),
        ]

        #expect(
            RunStanding.failures(in: standings) == "1 diverged, 2 unstable: they ended higher than they began")
        #expect(RunStanding.absences(in: standings) == "2 queued, 1 interrupted")
        #expect(RunStanding.failures(in: [.ended]) == nil && RunStanding.absences(in: [.ended]) == nil)
    }
}
