import Testing
import TextFormats

@testable import Experiments

/// How many configurations train for how long.
struct HalvingTests {
    @Test(arguments: [
        (27, 500, 3, [27, 9, 3, 1], [18, 55, 166, 500]),
        (4, 200, 2, [4, 2, 1], [50, 100, 200]),
        (10, 100, 3, [10, 3, 1], [11, 33, 100]),
        (1, 100, 3, [1], [100]),
        (2, 100, 3, [2], [100]),
        (1000, 5, 2, [1000, 500, 250], [1, 2, 5]),
        (9, 1, 3, [9], [1]),
    ])
    func `each rung has a part of the configurations, for as many times more steps`(
        configurations: Int, steps: Int, factor: Int, counts: [Int], lengths: [Int]
    ) {
        let rungs = Halving(configurationCount: configurations, steps: steps, factor: factor).rungs

        #expect(rungs.map(\.configurationCount) == counts)
        #expect(rungs.map(\.steps) == lengths)
    }

    @Test
    func `halving compares after the same number of steps`() throws {
        let space = try SearchSpace(
            fields: [.lr: "0.1,0.2", .steps: "100,200"], settings: [], seeds: "1",
            search: Search(method: "halving", trials: nil, seed: nil))

        let error = #expect(throws: ExperimentError.self) { try ExpandedSweep(space) }

        #expect(error?.description.contains("some of 100 and some of 200") == true)
    }

    @Test
    func `a halving sweep cannot be extended`() throws {
        let space = try SearchSpace(
            fields: [.lr: "0.1,0.2"], settings: [], seeds: "1",
            search: Search(method: "halving", trials: nil, seed: nil))

        let error = #expect(throws: ExperimentError.self) { try space.extended(fields: [:], settings: [], seeds: "2") }

        #expect(error?.description.contains("start another sweep") == true)
    }

    @Test(arguments: ["1", "0", "-3", "three", "1001"])
    func `a factor that makes no sense is refused`(_ text: String) {
        let error = #expect(throws: ExperimentError.self) {
            try Search(method: "halving", trials: nil, seed: nil, factor: text)
        }
        #expect(error?.description.hasPrefix("eta: '\(text)'") == true)
    }
}
