import Statistics
import TestRows
import Testing
import TextFormats
import Tracking

@testable import Reports

/// Arms, measures and choices of a verdict, on notebooks whose values are known.
struct JudgedComparisonTests {
    private let notebook: SampleNotebook

    init() throws {
        notebook = try SampleNotebook()
    }

    private func judge(
        _ first: String, _ others: String..., quantity: JudgedQuantity = JudgedQuantity(),
        change: (inout JudgeRequest) -> Void = { _ in }
    ) throws -> JudgedComparison {
        var request = JudgeRequest()
        request.quantity = quantity
        change(&request)
        return try JudgedComparison(first, others, request, in: notebook.store, isAlive: { _ in true })
    }

    /// Two optimizers of which sgd comes nearer, on seeds 1 to `seeds`.
    private func addTwo(seeds: Int = 8, steps: Int = 24, otherSteps: Int? = nil) throws {
        try notebook.addSweep(
            (1...Int64(seeds)).flatMap { seed in
                [
                    SampleRun(seed: seed, stepCount: steps),
                    SampleRun(
                        optimizer: "adam", momentum: nil, seed: seed, stepCount: otherSteps ?? steps,
                        factor: 0.7 + 0.01 * Double(seed % 3)),
                ]
            })
    }

    private func excess(ofRun run: Int64, at step: Int) throws -> Double? {
        let row = try notebook.query("SELECT excess FROM excess WHERE run_id = \(run) AND step = \(step)").first
        if case .real(let excess)? = row?["excess"] { return excess }
        return nil
    }

    @Test
    func `the excess at a step is that of the notebook's own view, bit for bit`() throws {
        try addTwo()

        let pair = try judge(
            "demo:optimizer=sgd", "demo:optimizer=adam", quantity: JudgedQuantity(place: .step(10))
        ).pairs[0]

        #expect(pair.outcome == .better)
        #expect(pair.firstRuns.map(\.seed) == Array(1...8))
        for run in pair.firstRuns + pair.secondRuns {
            #expect(try run.value == excess(ofRun: run.run.id, at: 10), "run \(run.run.id)")
        }
    }

    @Test
    func `after the last step a run has the value of its end`() throws {
        try addTwo()
        let arms = ("demo:optimizer=sgd", "demo:optimizer=adam")

        let end = try judge(arms.0, arms.1).pairs[0]
        let last = try judge(arms.0, arms.1, quantity: JudgedQuantity(place: .step(24))).pairs[0]

        #expect(end.firstRuns.map(\.value) == last.firstRuns.map(\.value))
        #expect(end.measureName == "excess at the end" && last.measureName == end.measureName)
        let error = #expect(throws: ReportError.self) {
            try judge(arms.0, arms.1, quantity: JudgedQuantity(place: .step(25)))
        }
        #expect(error?.description.hasPrefix("step 25 is beyond the end of a run of 24 steps") == true)
    }

    @Test
    func `where budgets differ both are compared at the smaller one`() throws {
        try addTwo(steps: 24, otherSteps: 12)

        let pair = try judge("demo:optimizer=sgd", "demo:optimizer=adam").pairs[0]

        #expect(pair.cut == 12 && pair.measureName == "excess after 12 steps")
        for run in pair.firstRuns { #expect(try run.value == excess(ofRun: run.run.id, at: 12)) }
        #expect(pair.explanations.contains("Budgets differ, so every run is compared after 12 steps."))
    }

    @Test
    func `a time is that of the first step from which the condition holds`() throws {
        try addTwo(steps: 80)
        let condition = JudgedQuantity.Condition(try ReportTarget(text: "excess=1e-3"))

        let pair = try judge(
            "demo:optimizer=sgd", "demo:optimizer=adam", quantity: JudgedQuantity(condition: condition)
        ).pairs[0]

        #expect(pair.outcome == .better)
        // These runs come nearer with every step, so that the first touch holds.
        for run in pair.firstRuns + pair.secondRuns {
            let row = try notebook.query(
                "SELECT min(step) AS step FROM excess WHERE run_id = \(run.run.id) AND excess <= 1e-3")
            #expect(row.first?["step"] == run.value.map { .integer(Int64($0)) })
        }
    }

    @Test
    func `a condition that is not held long enough is a failure`() throws {
        try addTwo(steps: 24)
        let condition = JudgedQuantity.Condition(try ReportTarget(text: "excess=1e-3"))

        let pair = try judge(
            "demo:optimizer=sgd", "demo:optimizer=adam", quantity: JudgedQuantity(condition: condition)
        ).pairs[0]

        // sgd touches it after 5 to 7 steps, and 20 more are not there for all; adam is later.
        #expect(pair.secondRuns.allSatisfy { $0.outcome == .failure && $0.standing == .ended })
        #expect(pair.firstRuns.allSatisfy { run in run.value.map { $0 + 20 <= 24 } ?? true })
    }

    @Test
    func `runs that diverge are worse than all others, and those without a result stay out`() throws {
        try notebook.addSweep(
            (1...8).map { seed in
                SampleRun(optimizer: "adam", momentum: nil, seed: seed, ending: seed == 7 ? .done : .diverged(at: 5))
            } + (1...7).map { SampleRun(seed: $0) } + [SampleRun(seed: 8, ending: .queued)])

        let pair = try judge("demo:optimizer=sgd", "demo:optimizer=adam").pairs[0]

        #expect(pair.result.test == .sign && pair.outcome == .better)
        #expect(
            pair.sentence.contains("left out: 1 run of demo:optimizer=sgd (1 queued), 1 run whose seed only one arm"))
        #expect(pair.explanations.contains("Failures of demo:optimizer=adam: 7 diverged."))
    }

    @Test
    func `from nine seeds on a quarter chooses the configuration and the others compare`() throws {
        try notebook.addSweep(
            (1...12).flatMap { seed in
                [
                    SampleRun(learningRate: 0.1, seed: seed, factor: 0.6),
                    // Better on the seeds that choose, worse on all others.
                    SampleRun(learningRate: 0.2, seed: seed, factor: seed <= 3 ? 0.4 : 0.8),
                    SampleRun(optimizer: "adam", momentum: nil, seed: seed, factor: 0.7),
                ]
            })

        let pair = try judge("demo:optimizer=sgd", "demo:optimizer=adam").pairs[0]

        #expect(pair.first.choice?.seeds == [1, 2, 3] && pair.first.choice?.settings == "lr 0.2")
        #expect(pair.firstRuns.map(\.seed) == Array(4...12))
        #expect(pair.outcome == .worse)
        #expect(
            pair.sentence.contains(
                "demo:optimizer=sgd is at lr 0.2, of 2 configurations chosen on the seeds 1, 2, 3 and compared on the others"
            ))
    }

    @Test
    func `a choice on fewer seeds gets no better, unless somebody says that it is to`() throws {
        try notebook.addSweep(
            (1...8).flatMap { seed in
                [
                    SampleRun(learningRate: 0.1, seed: seed, factor: 0.6),
                    SampleRun(learningRate: 0.2, seed: seed, factor: 0.5),
                    SampleRun(optimizer: "adam", momentum: nil, seed: seed, factor: 0.7),
                ]
            })

        let pair = try judge("demo:optimizer=sgd", "demo:optimizer=adam").pairs[0]
        let same = try judge("demo:optimizer=sgd", "demo:optimizer=adam") { $0.tuningSeeds = .same }.pairs[0]
        let named = try judge("demo:optimizer=sgd", "demo:optimizer=adam") { $0.tuningSeeds = .named([1, 2]) }.pairs[0]

        #expect(pair.result.verdict == .undecided(.chosenOnTheSameSeeds))
        #expect(same.outcome == .better && same.sentence.contains("chosen on the same seeds (optimistic)"))
        #expect(named.outcome == .better && named.firstRuns.map(\.seed) == Array(3...8))
        let error = #expect(throws: ReportError.self) {
            try judge("demo:optimizer=sgd", "demo:optimizer=adam") { $0.tuningSeeds = .named([1, 99]) }
        }
        #expect(error?.description.hasPrefix("no run of 'demo:optimizer=sgd' has the seed 99") == true)
    }

    @Test
    func `whoever looks again after more seeds has to show more`() throws {
        try addTwo(seeds: 8)
        let first = try judge("demo:optimizer=sgd seed<7", "demo:optimizer=adam seed<7").pairs[0]
        try notebook.store.verdicts.add(try #require(first.look))

        let again = try judge("demo:optimizer=sgd seed<7", "demo:optimizer=adam seed<7").pairs[0]
        let more = try judge("demo:optimizer=sgd", "demo:optimizer=adam").pairs[0]
        let turned = try judge("demo:optimizer=adam", "demo:optimizer=sgd").pairs[0]

        #expect(again.look == first.look && again.earlierLooks == 0)
        #expect(more.earlierLooks == 1 && more.result.rules.alpha == 0.025)
        #expect(turned.earlierLooks == 1, "the question is the same, whichever is named first")
        #expect(
            more.explanations.contains("This is look 2 at this question, so p must be at most 0.025 instead of 0.05."))
    }

    @Test
    func `all others must be worse, by a p that is corrected`() throws {
        try addTwo()

        let judged = try judge("demo:optimizer=sgd seed<7", "demo:optimizer=adam", "demo:optimizer=sgd seed>=7")

        #expect(judged.pairs.count == 2 && judged.pairs[0].result.familySize == 2)
        #expect(judged.outcome == .undecided)
    }

    @Test(arguments: [
        ("demo", "demo:optimizer=adam", "is in both 'demo' and 'demo:optimizer=adam'"),
        ("demo:seed=99", "demo:optimizer=adam", "no run of the sweep 'demo' matches 'seed=99'"),
        ("1..4", "5", "'1..4' are runs of 2 configurations"),
        ("other", "5", "there is neither a sweep nor a run 'other'"),
        ("other:seed=1", "5", "there is no sweep 'other'"),
        ("1", "99", "there is no run '99'"),
    ])
    func `arms that are none are one sentence`(first: String, second: String, sentence: String) throws {
        try addTwo()

        let error = #expect(throws: (any Error).self) { try judge(first, second) }

        #expect(error.map { "\($0)".contains(sentence) } == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test
    func `a metric is a column, and its direction has to be known`() throws {
        try addTwo()
        let arms = ("demo:optimizer=sgd", "demo:optimizer=adam")

        let missing = #expect(throws: ReportError.self) {
            try judge(arms.0, arms.1, quantity: JudgedQuantity(metric: "wx"))
        }
        let open = #expect(throws: ReportError.self) {
            try judge(arms.0, arms.1, quantity: JudgedQuantity(metric: "w"))
        }
        let pair = try judge(arms.0, arms.1, quantity: JudgedQuantity(metric: "w", place: .step(3))) { $0.goal = .max }
            .pairs[0]

        #expect(missing?.description.contains("no run has a metric 'wx' (did you mean 'w'?)") == true)
        #expect(
            open?.description.contains("whether a low or a high w is better is not known; give goal min or max") == true
        )
        #expect(pair.outcome == .better)
        for run in pair.firstRuns {
            let row = try notebook.query("SELECT w FROM quadratic_steps WHERE run_id = \(run.run.id) AND step = 3")
                .first
            #expect(row?["w"] == run.value.map { .real($0) })
        }
    }
}
