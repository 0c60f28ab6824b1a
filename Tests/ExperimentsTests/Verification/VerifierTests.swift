import Learning
import Testing

@testable import Experiments
@testable import Tracking

/// Stored rows against what their runs compute.
@Suite(.timeLimit(.minutes(5)))
struct VerifierTests {
    private let notebook: VerifiedNotebook
    private var store: Store { notebook.store }
    private var runs: [Int64] { notebook.runs }

    init() throws {
        notebook = try VerifiedNotebook(Array(VerifiedNotebook.kinds.prefix(6)))
    }

    private func verify(_ run: Int64) throws -> RunVerification { try notebook.verify(run) }
    private func execute(_ sql: String) throws { try notebook.execute(sql) }
    private func found(in run: Int, after sql: String) throws -> [String] { try notebook.found(in: run, after: sql) }

    @Test
    func `untouched runs of every kind verify clean`() throws {
        for run in runs {
            let verification = try verify(run)
            #expect(verification.isClean, "\(verification.discrepancies)")
            #expect(verification.stepCount == (try store.steps.count(ofRun: run)))
        }
        #expect(try store.runs.find(id: runs[4]).state == .diverged)
        #expect(try store.runs.find(id: runs[2]).stopReason != nil)
    }

    @Test
    func `a missing row, one too many and one under another number are named`() throws {
        let run = runs[0]
        #expect(
            try found(in: 0, after: "DELETE FROM quadratic_steps WHERE run_id = \(run) AND step IN (3, 19)")
                == ["3 step null integer(3)", "19 step null integer(19)"])
        #expect(
            try found(in: 1, after: "UPDATE quadratic_steps SET step = 4099 WHERE run_id = \(runs[1]) AND step = 3")
                == ["3 step null integer(3)", "4099 step integer(4099) null"])
        #expect(
            try found(in: 2, after: "INSERT INTO run_parameters (run_id, name) VALUES (\(runs[2]), 'c')")
                == [#"run_parameters[c].name text("c") null"#])
        let lost = try found(in: 3, after: "DELETE FROM run_parameters WHERE run_id = \(runs[3]) AND name = 'w'")
        #expect(lost.contains { $0.hasPrefix("run_parameters[w].final null real") })
    }

    @Test
    func `another state is named with the one that training has`() throws {
        #expect(
            try found(in: 0, after: "UPDATE runs SET state = 'diverged' WHERE id = \(runs[0])")
                == [#"state text("diverged") text("done")"#])
    }

    @Test(arguments: [0, 4])
    func `an initial loss is compared, but one that no release computed is not missed`(run: Int) throws {
        let row = "WHERE id = \(runs[run])"
        let other = try found(in: run, after: "UPDATE runs SET initial_loss = 7 \(row)")
        #expect(other.count == 1 && other[0].hasPrefix("initial_loss real(7.0) real("))
        #expect(
            try found(
                in: run, after: "UPDATE runs SET initial_loss = NULL, ieee_bytes = substr(ieee_bytes, 1, 16) \(row)")
                == [])
    }

    @Test
    func `of a run that has not ended the recorded steps are compared`() throws {
        try execute(
            """
            UPDATE runs SET state = 'running' WHERE id = \(runs[0]);
            DELETE FROM quadratic_steps WHERE run_id = \(runs[0]) AND step >= 7
            """)
        let verification = try verify(runs[0])

        #expect(verification.isClean && verification.stepCount == 7)
    }

    @Test(arguments: ["x''", "x'00'", "zeroblob(800)"])
    func `bits of a length that no row has are named and do no harm`(bits: String) throws {
        let run = runs[0]
        let found = try found(
            in: 0,
            after: """
                UPDATE quadratic_steps SET ieee_bytes = \(bits) WHERE run_id = \(run) AND step = 3;
                UPDATE runs SET ieee_bytes = \(bits) WHERE id = \(run);
                UPDATE run_parameters SET ieee_bytes = \(bits) WHERE run_id = \(run) AND name = 'w';
                UPDATE dataset_rows SET ieee_bytes = \(bits) WHERE position = 1
                """)

        #expect(found.count == 4, "\(found)")
        #expect(try store.runs.parameters(ofRun: run).count == 2 && store.steps.all(ofRun: run).count == 20)
    }

    @Test
    func `generated data that changed are named sample by sample`() throws {
        let dataset = try store.runs.find(id: runs[0]).trainingData
        let found = try found(
            in: 0, after: "UPDATE dataset_rows SET y = 7 WHERE dataset_id = \(dataset) AND position IN (2, 5)")

        #expect(found.map { $0.prefix(29) } == ["dataset_rows[2].y real(7.0) r", "dataset_rows[5].y real(7.0) r"])
    }

    @Test
    func `a configuration beyond recognition is named instead of being trained`() throws {
        let found = try found(in: 0, after: "UPDATE runs SET config = '{}' WHERE id = \(runs[0])")

        #expect(found == [#"config text("{}") text("lost")"#])
        #expect(try verify(runs[0]).hasLostConfiguration)
    }

    @Test(arguments: [(0, false), (1, true)])
    func `steps that all differ are taken for another computation`(run: Int, usesPlatform: Bool) throws {
        try execute("UPDATE quadratic_steps SET w = w * (1 + 3e-16) WHERE run_id = \(runs[run]) AND step >= 12")
        let verification = try verify(runs[run])
        try execute("UPDATE quadratic_steps SET b = 7 WHERE run_id = \(runs[2]) AND step = 3")

        #expect(verification.isOtherComputation && verification.firstDifferingStep == 12)
        #expect(verification.platformFunctions.isEmpty != usesPlatform)
        #expect(try !verify(runs[2]).isOtherComputation)
    }

    @Test
    func `a sample of a sweep is always the same runs`() throws {
        let runner = ExperimentRunner(store, origin: .test, clock: { 0 })
        let sweep = try runner.queue(
            SweepPlanner.plan(SearchSpace(fields: [.steps: "3"], settings: [], seeds: "1..9")), name: "s")
        _ = try runner.runSweep(sweep, workers: 1)
        try runner.close()

        let sample = try VerificationSubject(["s"], sample: 4, in: RunFinder(store))

        #expect(sample.runs.count == 4 && sample.title == "4 of the 9 runs of the sweep s")
        #expect(try VerificationSubject(["s"], sample: 4, in: RunFinder(store)).runs == sample.runs)
        #expect(try VerificationSubject(["s"], sample: 40, in: RunFinder(store)).runs.count == 9)
        #expect(try VerificationSubject(["1"], in: RunFinder(store)).runs.map(\.id) == [1])
        #expect(throws: TrackingError.self) { try VerificationSubject(["nobody"], in: RunFinder(store)) }
    }
}
