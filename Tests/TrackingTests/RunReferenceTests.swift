import Testing
import TextFormats
import Tracking

/// How a person names a run.
struct RunReferenceTests {
    private let notebook: Notebook
    private let store: Store

    /// Runs "baseline", "second" and "second again", and the runs 4, 5 and 6 of the sweep "seeds".
    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
        for name in ["baseline", "second", "second again"] { _ = try store.startSampleRun(name: name) }
        let sweep = try store.createSampleSweep(runs: 3)
        for (state, loss) in [(RunState.done, 0.5), (.done, 0.25), (.diverged, 0)] {
            let run = try #require(try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample()))
            try store.runs.finish(run.id, attempt: 1, outcome: .sample(state: state, finalLoss: loss))
        }
    }

    @Test(arguments: [
        ("1", 1), ("baseline", 1), ("b", 1), ("second", 2), ("second ", 3), ("last", 6), ("best:seeds", 5),
    ])
    func `a run is found by its id, its name, the beginning of its name, or its place`(reference: String, id: Int64)
        throws
    {
        #expect(try store.runs.find(meantBy: reference).id == id)
    }

    @Test(arguments: [
        ("sec", "the name of more than one run begins with 'sec': 'second', 'second again'; write more of it"),
        ("99", "there is no run '99'"), ("", "there is no run ''"), ("best:seed", "did you mean 'seeds'?"),
        ("basline", "did you mean 'baseline'?"), ("%", "there is no run '%'"),
        ("seeds", "is a sweep"), ("seeds", "write best:seeds"), ("nope", "gradbook runs lists"),
        ("best:nope", "it has 'seeds'"),
    ])
    func `what means no run, or more than one, is explained`(reference: String, explanation: String) {
        let error = #expect(throws: TrackingError.self) { try store.runs.find(meantBy: reference) }

        #expect(error?.code == .notFound)
        #expect(error?.description.contains(explanation) == true, "\(error?.description ?? "")")
    }
}
