import Statistics
import Testing
import TextFormats
import Tracking

@testable import Reports

/// One arm against a bound, and how much an arm scatters.
struct JudgedBoundTests {
    private let notebook: SampleNotebook

    init() throws {
        notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...8).flatMap { seed in
                [
                    SampleRun(seed: seed),
                    SampleRun(
                        optimizer: "adam", momentum: nil, seed: seed, ending: seed < 3 ? .diverged(at: 5) : .done),
                ]
            })
    }

    private func judge(
        _ arm: String, _ bound: JudgedBound.Bound, quantity: JudgedQuantity = JudgedQuantity(metric: "w"),
        change: (inout JudgeRequest) -> Void = { _ in }
    ) throws -> JudgedBound {
        var request = JudgeRequest()
        request.quantity = quantity
        change(&request)
        return try JudgedBound(arm, bound, request, in: notebook.store, isAlive: { _ in true })
    }

    /// The final values of w, which approach 3.25 from below.
    private func values(_ optimizer: String = "sgd") throws -> [Double] {
        try notebook.query(
            """
            SELECT final FROM run_parameters AS p JOIN runs AS r ON r.id = p.run_id
            WHERE p.name = 'w' AND optimizer = '\(optimizer)' AND state = 'done' ORDER BY seed
            """
        ).compactMap { if case .real(let value)? = $0["final"] { value } else { nil } }
    }

    @Test
    func `the test is that of the stored values`() throws {
        let values = try values()

        for bound in [3.24, 3.2499999, 3.25, 3.3] {
            let judged = try judge("demo:optimizer=sgd", .init(.above, bound))
            let test = BoundTest(values, bound: bound, assuming: .symmetric, side: .both, alpha: 0.05)
            #expect(judged.p == test.p && judged.estimate == test.estimate && judged.interval == test.interval)
        }
        #expect(try judge("demo:optimizer=sgd", .init(.above, 3.24)).outcome == .better)
        #expect(try judge("demo:optimizer=sgd", .init(.below, 3.24)).outcome == .worse)
        #expect(try judge("demo:optimizer=sgd", .init(.below, 3.25)).outcome == .better)
    }

    @Test
    func `each assumption is named`() throws {
        let sentences = try [
            JudgedBound.Bound(.below, 3.25), .init(.below, 3.25, assumesNormal: true),
            .init(.below, 3.25, deviation: 0.5), .init(.below, 3.25, isLogarithmic: true),
        ].map { try judge("demo:optimizer=sgd", $0).sentence }

        #expect(
            sentences[0].contains(
                "exact sign-flip test around the bound, which assumes values symmetric around their mean"))
        #expect(sentences[1].contains("Student's t, which assumes normal values"))
        #expect(sentences[2].contains("z, which assumes normal values with the known deviation 0.5"))
        #expect(
            sentences[3].contains(": geometric mean ") && sentences[3].contains("which assumes logarithms symmetric"))
    }

    @Test
    func `with failures the median is tested`() throws {
        let judged = try judge("demo:optimizer=adam", .init(.above, 3.24))

        #expect(judged.test == .median && judged.p == SignTest(lower: 2, higher: 6).p)
        #expect(judged.sentence.contains("failed: 2 of 8 runs") && judged.outcome == .undecided)
    }

    @Test
    func `the earliest step is one at which all together pass at a level for all steps`() throws {
        let quantity = JudgedQuantity(metric: "w", place: .earliest)

        let judged = try judge("demo:optimizer=sgd", .init(.above, 3), quantity: quantity) { $0.alpha = 0.3 }

        let step = try #require(judged.earliest?.step)
        #expect(judged.earliest?.stepCount == 24 && judged.alpha == 0.3 / 24)
        func passes(_ step: Int) throws -> Bool {
            let values = try notebook.query(
                """
                SELECT w FROM quadratic_steps AS s JOIN runs AS r ON r.id = s.run_id
                WHERE step = \(step) AND optimizer = 'sgd' ORDER BY seed
                """
            ).compactMap { if case .real(let value)? = $0["w"] { value } else { nil } }
            let test = BoundTest(values, bound: 3, assuming: .symmetric, side: .both, alpha: 0.05)
            return test.p <= 0.3 / 24 && test.estimate > 3
        }
        #expect(try passes(step) && !(0..<step).contains { try passes($0) })
        #expect(judged.outcome == .better)
        #expect(throws: ReportError.self) { try judge("demo:optimizer=adam", .init(.above, 3), quantity: quantity) }
    }

    @Test
    func `the scatter is that of the stored values`() throws {
        let noise = try JudgedNoise(
            "demo:optimizer=sgd", isLogarithmic: false,
            {
                var request = JudgeRequest()
                request.quantity = JudgedQuantity(metric: "w")
                return request
            }(), in: notebook.store, isAlive: { _ in true })

        #expect(noise.estimate == NoiseEstimate(try values()))
        #expect(noise.explanations[0].hasSuffix("; the exact test needs 6."))
        let error = #expect(throws: ReportError.self) {
            try JudgedNoise("1", isLogarithmic: false, JudgeRequest(), in: notebook.store, isAlive: { _ in true })
        }
        #expect(error?.description == "'1' has 1 run with a value, and a spread takes two; train more seeds")
    }
}
