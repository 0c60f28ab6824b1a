import TestRows
import Testing
import TextFormats
import Tracking

/// Runs that ended with finite numbers, and yet worse than they began.
struct UnstableRunsTests {
    private let notebook: Notebook
    private let store: Store

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
    }

    /// Half the sum of squares around the mean of the sample's targets 2, 3.25 and -0.7, which is 4.55 / 3.
    private static let constantLoss = (4 + 10.5625 + 0.49 - 4.55 * 4.55 / 3) / 2

    private func add(
        _ losses: [Double], initial: Double?, state: RunState = .done, parent: Run? = nil, at step: Int? = nil
    ) throws -> Run {
        var plan = NewRun.sample(dataset: try store.datasets.add(.sample()))
        (plan.parentRunID, plan.parentStep) = (parent?.id, step)
        let id = try store.runs.add(plan, provenance: .sample())
        let run = try store.runs.start(id, as: .sample())
        let first = step ?? 0
        try store.write(losses.enumerated().map { .sample(first + $0, loss: $1) }, ofRun: run)
        try store.runs.finish(
            id, attempt: 1,
            outcome: RunOutcome(
                state: state, stepsDone: first + losses.count, initialLoss: initial, finalLoss: losses.last ?? 0,
                bestLoss: losses.min() ?? 0, bestStep: first, parameters: []))
        return try store.runs.find(id: id)
    }

    private func unstable(_ filter: String) throws -> [Int64] {
        var request = RunListingRequest()
        request.filter = try RunFilter(filter)
        request.columns = ["id", "unstable"]
        return try store.runs.list(request, isAlive: { _ in true }).rows.map {
            if case .integer(let id) = $0[0] { id } else { -1 }
        }
    }

    @Test
    func `the median of the last tenth decides, against twice the worse of start and constant answer`() throws {
        let limit = 2 * Self.constantLoss
        let early = Array(repeating: 1.0, count: 27)
        _ = try add(early + [limit + 0.1, limit + 0.1, 0], initial: 1)
        _ = try add(early + [limit - 0.1, limit + 9, limit - 0.1], initial: 1)
        _ = try add(early + [limit + 0.1, limit + 0.1, limit + 0.1], initial: 5)
        _ = try add(early + [10.1, 10.1, 10.1], initial: 5)
        _ = try add(early + [limit + 9, limit + 9, limit + 9], initial: 1, state: .diverged)

        #expect(try unstable("unstable=yes") == [1, 4])
        #expect(try unstable("unstable=no") == [2, 3])
        #expect(try unstable("unstable=none") == [5])
        #expect(try unstable("unstable=yes id>1") == [4])
        #expect(try store.runs.unstable(among: store.runs.all()) == [1, 4])
    }

    @Test
    func `a fork counts from its parent's first start`() throws {
        let parent = try add(Array(repeating: 30.0, count: 20), initial: 30)
        let fork = try add(Array(repeating: 12.0, count: 20), initial: 5, parent: parent, at: 10)
        _ = try add(Array(repeating: 12.0, count: 20), initial: 5)

        #expect(try unstable("unstable=yes") == [3])
        #expect(
            try store.runs.holders(ofStepsOf: fork).map(\.run) == [1, 2]
                && store.runs.holders(ofStepsOf: fork).map(\.steps) == [0..<10, 10..<Int.max])
    }

    @Test
    func `a run of an older release counts from its first recorded loss`() throws {
        _ = try add(Array(repeating: 20.0, count: 20), initial: nil)
        _ = try add([1] + Array(repeating: 20.0, count: 19), initial: nil)

        #expect(try unstable("unstable=yes") == [2])
    }

    @Test
    func `the parameters of steps are read no further than somebody wants`() throws {
        let run = try add([1, 2, 3, 4], initial: 1)
        try notebook.execute(
            """
            UPDATE quadratic_steps SET w = NULL,
                ieee_bytes = x'000000000000F03F000000000000F03F000000000000F87F0000000000000080000000000000F03F000000000000F03F'
            WHERE step = 2
            """)
        var seen: [(Int, [Double])] = []

        try store.steps.forEachParameters(ofRun: run.id, in: 1..<10) { step, parameters in
            seen.append((step, parameters))
            return step < 2
        }

        #expect(seen.map(\.0) == [1, 2])
        #expect(seen[0].1 == [1.0 / 3, 0.2])
        #expect(seen[1].1[0].isNaN && seen[1].1[1].bitPattern == (-0.0).bitPattern)
    }
}
