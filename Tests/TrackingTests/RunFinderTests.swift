import Testing
import TextFormats
import Tracking

/// How a person names runs.
struct RunFinderTests {
    private let notebook: Notebook
    private let store: Store
    private var finder: RunFinder { RunFinder(store) }

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
        ("run:second", 2), ("run:4", 4), ("state=diverged", 6), ("4..4", 4), ("seeds:final_loss=0.5", 4),
        ("sweep:seeds:final_loss=0.5", 4), ("1,1", 1),
    ])
    func `one run is found by its id, its name, the beginning of its name, its place, or what it alone is`(
        reference: String, id: Int64
    ) throws {
        #expect(try finder.run(reference).id == id)
    }

    @Test(arguments: [
        (["1", "second", "1"], [1, 2]), (["2..5"], [2, 3, 4, 5]), (["5..99", "1"], [5, 6, 1]), (["seeds"], [4, 5, 6]),
        (["sweep:seeds"], [4, 5, 6]), (["seeds:"], [4, 5, 6]), (["seeds:state=done"], [4, 5]),
        (["state=done,diverged"], [4, 5, 6]), (["state=done", "final_loss<0.3"], [5]),
        (["last", "2,3"], [6, 2, 3]),
        (["1", "state=diverged"], [1, 6]),
        (["final_loss=0.5", "5..5", "state=done"], [5, 4]), (["best:seeds", "seeds"], [5, 4, 6]),
        (["2..3,last"], [2, 3, 6]),
        (["name=baseline"], [1]), (["baseline,last"], [1, 6]),
    ])
    func `words add up, each run once, and conditions narrow each other`(words: [String], ids: [Int64]) throws {
        #expect(try finder.runs(words).map(\.id) == ids)
    }

    @Test(arguments: [
        ("sec", "the name of more than one run begins with 'sec': 'second', 'second again'; write more of it"),
        ("99", "there is no run '99'"), ("", "there is no run ''"), ("best:seed", "did you mean 'seeds'?"),
        ("basline", "did you mean 'baseline'?"), ("%", "there is no run '%'"),
        ("nope", "gradbook runs lists"), ("best:nope", "it has 'seeds'"), ("best:", "it has 'seeds'"),
        ("run:seeds", "there is no run 'seeds'"),
        ("sweep:baseline", "there is no sweep 'baseline'"), ("state=queued", "no run matches 'state=queued'"),
        ("7..9", "there is no run with an id from 7 to 9"),
        ("seeds:state=queued", "no run of the sweep 'seeds' matches"),
        ("seds:state=done", "did you mean 'seeds'?"), ("1,nope", "there is neither a sweep nor a run 'nope'"),
    ])
    func `what means no run is explained`(reference: String, explanation: String) {
        let error = #expect(throws: TrackingError.self) { try finder.run(reference) }

        #expect(error?.code == .notFound)
        #expect(error?.description.contains(explanation) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("seeds", "'seeds' is a sweep of 3 runs, and one run is wanted; write best:seeds for the best of them"),
        ("2..5", "'2..5' means 4 runs, and one run is wanted; name one of them, such as 2"),
        ("state=done", "'state=done' means 2 runs, and one run is wanted; name one of them, such as 4"),
        ("5..2", "the range '5..2' ends before it begins; write 2..5"),
        ("lr=", "the filter 'lr=' has no value for 'lr'; write for instance lr=1, or lr=none"),
        (
            "optimzer=sgd",
            "no run has a column or a setting 'optimzer' (did you mean 'optimizer'?); gradbook columns lists what there is"
        ),
    ])
    func `what cannot mean one run is told with what could`(reference: String, sentence: String) {
        let error = #expect(throws: TrackingError.self) { try finder.run(reference) }

        #expect(error?.code == .invalidQuery)
        #expect(error?.description == sentence)
    }

    @Test(arguments: [
        (
            ["seeds", "state=done"],
            "'seeds' beside 'state=done' may mean the runs of which both hold, or all of either; "
                + "write seeds:state=done for both, or give two commands"
        ),
        (
            ["final_loss<1", "1", "seeds:state=done"],
            "'seeds' beside 'final_loss<1' may mean the runs of which both hold, or all of either; "
                + "write 'seeds:state=done final_loss<1' for both, or give two commands"
        ),
    ])
    func `conditions beside a sweep are no guess`(words: [String], sentence: String) {
        let error = #expect(throws: TrackingError.self) { try finder.runs(words) }

        #expect(error?.description == sentence)
    }

    @Test
    func `a name that an older release gave to a run and a sweep has to be told apart`() throws {
        try notebook.execute("UPDATE runs SET name = 'seeds' WHERE id = 1")

        let error = #expect(throws: TrackingError.self) { try finder.runs(["seeds"]) }

        #expect(
            error?.description
                == "'seeds' is a run and a sweep in '\(notebook.path)'; write run:seeds or sweep:seeds")
        #expect(try finder.runs(["run:seeds"]).map(\.id) == [1])
        #expect(try finder.runs(["sweep:seeds"]).map(\.id) == [4, 5, 6])
        #expect(try RunReference.word(for: store.sweeps.find(id: 1), in: store) == "sweep:seeds")
        #expect(try finder.run("best:seeds").id == 5)
    }

    @Test(arguments: ["7", "last", "2..5", "run:x", "a:b", "-x", "state=done", "best:x", "a,b", "\u{1B}[2J\n", "'; --"])
    func `any name of an older release is reached`(name: String) throws {
        for table in ["runs", "sweeps"] {
            try notebook.execute("UPDATE \(table) SET name = \(name.sqlText) WHERE id = 1")
        }

        #expect(try finder.runs(["run:\(name)"]).map(\.id) == [1])
        #expect(try finder.runs(["sweep:\(name)"]).map(\.id) == [4, 5, 6])
        #expect(try store.sweeps.find(named: "sweep:\(name)").id == 1)
        #expect(try RunReference.word(for: store.sweeps.find(id: 1), in: store) == "sweep:\(name)")
    }

    @Test(arguments: [
        ("runs", "seeds:state=done", "runs of the sweep 'seeds'", "sweep:seeds:state=done or run:seeds:state=done"),
        ("runs", "best:seeds", "the best run of the sweep 'seeds'", "best:sweep:seeds or run:best:seeds"),
        ("runs", "run:second", "the run 'second'", "2 or run:run:second"),
        ("runs", "run:nothing", "the run 'nothing'", "run:run:nothing"),
        ("runs", "sweep:seeds", "the sweep 'seeds'", "sweep:seeds: or run:sweep:seeds"),
        ("runs", "last", "the last run", "6 or run:last"),
        ("runs", "2,second", "several runs", "2 second or run:2,second"),
        ("runs", "state=done", "a filter", "'(state=done)' or run:state=done"),
        ("sweeps", "best:other", "the best run of the sweep 'other'", "best:sweep:other or sweep:best:other"),
        (
            "sweeps", "other:id>1 or id=1", "runs of the sweep 'other'",
            "'sweep=other (id>1 or id=1)' or 'sweep:other:id>1 or id=1'"
        ),
    ])
    func `a name of an older release that means something else is no guess, and either can be written`(
        table: String, name: String, meaning: String, words: String
    ) throws {
        try notebook.execute("UPDATE \(table) SET name = \(name.sqlText) WHERE id = 1")
        if table == "sweeps" { _ = try store.createSampleSweep(name: "other", runs: 1) }

        let error = #expect(throws: TrackingError.self) { try finder.runs([name]) }

        let kind = table.dropLast()
        #expect(error?.code == .invalidQuery)
        #expect(
            error?.description == "'\(name)' may mean \(meaning), or the \(kind) of this whole name; write \(words)")
        #expect(try finder.runs(["\(kind):\(name)"]).map(\.id) == (table == "runs" ? [1] : [4, 5, 6]))
        if table == "runs" {
            try store.runs.delete([1]) { _ in false }
            #expect(throws: TrackingError.self) { try finder.runs([name]) }
            try store.runs.restore([1])
        }
        for word in ["sweep:seeds:", "(state=done)", "best:sweep:seeds", "sweep='other' (id>1 or id=1)"] {
            if words.contains(word) { #expect(!(try finder.runs([word]).isEmpty)) }
        }
    }

    @Test
    func `a name that is not ambiguous here stays one`() throws {
        for name in ["seds:state=done", "a=b", "x,y", "seeds:no filter"] {
            try notebook.execute("UPDATE runs SET name = \(name.sqlText) WHERE id = 1")
            #expect(try finder.runs([name]).map(\.id) == [1], "\(name)")
        }
    }

    @Test
    func `the name of a run that is not deleted means no deleted run whose name begins so`() throws {
        try store.runs.delete([3]) { _ in false }
        let deleted = finder.ofDeleted

        for word in ["second", "run:second"] {
            let error = #expect(throws: TrackingError.self) { try deleted.runs([word]) }
            #expect(error?.description == "run 2, 'second', is not deleted; gradbook runs deleted lists those that are")
        }
        #expect(try deleted.runs(["second "]).map(\.id) == [3])
    }

    @Test
    func `deleted runs are found in the same way`() throws {
        try store.runs.delete([2, 5, 6]) { _ in false }
        let deleted = finder.ofDeleted

        for (words, ids) in [
            (["2"], [2]), (["second"], [2]), (["seeds"], [5, 6]), (["1..9"], [2, 5, 6]), (["state=diverged"], [6]),
            (["last"], [6]), (["seeds:state=done"], [5]),
        ] as [([String], [Int64])] {
            #expect(try deleted.runs(words).map(\.id) == ids, "\(words)")
        }
        for (word, sentence) in [
            ("1", "there is no deleted run '1'"), ("best:seeds", "'best:seeds' is a run that is not deleted"),
            ("state=queued", "no deleted run matches 'state=queued'"),
            ("3..4", "there is no deleted run with an id from 3"),
        ] {
            let error = #expect(throws: TrackingError.self) { try deleted.runs([word]) }
            #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
        }
        #expect(try finder.runs(["1..9"]).map(\.id) == [1, 3, 4])
    }

    @Test(arguments: [
        ("1", true), ("2..5", true), ("last", true), ("best:x", true), ("run:x", true), ("sweep:x", true),
        ("lr<0.1", true),
        ("state=done lr=1", true), ("good", false), ("a b", false), ("", false), ("=x", false), ("lr<", false),
    ])
    func `a word is certainly a run by its form`(word: String, isCertain: Bool) {
        #expect(RunReference.isCertain(word) == isCertain)
    }
}
