import TestSimulations
import Testing

@testable import Statistics

struct ConfigurationChoiceTests {
    @Test(arguments: [(0, 0), (8, 0), (9, 3), (12, 3), (15, 3), (16, 4), (20, 5), (39, 9), (40, 10)])
    func `the first quarter of the seeds chooses, at least three of nine`(count: Int, choosing: Int) {
        let seeds = (0..<Int64(count)).map { 100 - 2 * $0 }

        #expect((ConfigurationChoice.choosingSeeds(of: seeds) ?? []) == Set(seeds.sorted().prefix(choosing)))
        // Named twice, a seed is one.
        #expect((ConfigurationChoice.choosingSeeds(of: seeds + seeds) ?? []).count == choosing)
    }

    @Test
    func `fewer failures go before lower values`() {
        let measure = Measure(scale: .ratio)
        let score = { (values: [Double?]) in
            ConfigurationChoice.Score(values.map { $0.map(Outcome.value) ?? .failure }, measure)
        }

        #expect(score([5, 5, 5]) < score([1, 1, nil]))
        #expect(score([1, 1, nil]) < score([2, 2, nil]))
        // By the mean logarithm.
        #expect(score([1, 100]) < score([11, 11]))
        #expect(score([nil, 3]) < score([nil, nil]))
        #expect(score([nil]) == score([]))
        let waiting = ConfigurationChoice.Score([.value(1), .noResult], measure)
        #expect(waiting.failureRate == 0 && waiting.mean == 0)
    }

    @Test
    func `the middle run stands for its arm, a failure never`() {
        let choose = { (values: [Double?]) in
            ConfigurationChoice.medianReplicate(of: Arm(values), Measure(scale: .ratio))
        }

        #expect(choose([3, 1, 2]) == 2)
        #expect(choose([4, 3, 1, 2]) == 3)
        #expect(choose([7, 5, 5, 5]) == 1)
        #expect(choose([nil, nil, nil, 5, 1]) == 4)
        #expect(choose([nil, nil]) == nil)
        let waiting = Arm([.init(seed: 1, outcome: .noResult), .init(seed: 2, outcome: .value(1))])
        #expect(ConfigurationChoice.medianReplicate(of: waiting, Measure(goal: .max, scale: .difference)) == 1)
    }
}
