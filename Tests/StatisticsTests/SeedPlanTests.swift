import Foundation
import Testing

@testable import Statistics

struct SeedPlanTests {
    private static let ratio = Measure(scale: .ratio)

    private static func plan(
        _ differences: [Double], effect: Double = 0.8, alpha: Double = 0.05, isOneSided: Bool = false,
        _ measure: Measure = ratio
    ) -> Int? {
        SeedPlan(differences: differences, effect: effect, measure, alpha: alpha, isOneSided: isOneSided).seeds
    }

    @Test
    func `a plan depends on the scatter and not on what was seen`() throws {
        let pilot = SignFlipTests.normal(8, deviation: 0.2, seed: 4)
        let seeds = try #require(Self.plan(pilot))

        #expect(Self.plan(pilot.map { $0 + 5 }) == seeds)
        #expect(Self.plan(pilot.reversed()) == seeds)
        #expect(Self.plan(pilot, effect: 1.25) == seeds)
        // Normal theory with the upper bound of the deviation: ((1.96 + 0.84) 1.35 s / log 0.8)².
        let expected = pow(2.8 * 1.35 * NoiseEstimate(pilot).deviation / log(0.8), 2)
        #expect(Double(seeds) > 0.8 * expected && Double(seeds) < 1.4 * expected + 3)
    }

    @Test
    func `more scatter, a smaller effect, a stricter level and a second side need more seeds`() throws {
        let pilot = SignFlipTests.normal(8, deviation: 0.15, seed: 9)
        let seeds = try #require(Self.plan(pilot))

        #expect(try #require(Self.plan(pilot.map { 2 * $0 })) > seeds)
        #expect(try #require(Self.plan(pilot, effect: 0.85)) > seeds)
        #expect(try #require(Self.plan(pilot, alpha: 0.005)) > seeds)
        #expect(try #require(Self.plan(pilot, isOneSided: true)) < seeds)
    }

    @Test
    func `without scatter only the level counts`() {
        #expect(Self.plan([1, 1, 1]) == 6)
        #expect(Self.plan([1, 1, 1], isOneSided: true) == 5)
        #expect(Self.plan([1, 1, 1], alpha: 0.005) == 9)
    }

    @Test
    func `an effect that does not matter is never found`() {
        #expect(Self.plan([0.1, 0.2, 0.3], effect: 0.97) == nil)
        let measure = Measure(scale: .difference, minimumEffect: 2)
        #expect(Self.plan([0.1, 0.2, 0.3], effect: 1, measure) == nil)
        #expect(Self.plan([0.1, 0.2, 0.3], effect: 3, measure) == 6)
    }

    @Test
    func `two differences are no pilot`() async {
        await #expect(processExitsWith: .failure) {
            _ = SeedPlan(differences: [1, 2], effect: 0.8, Measure(scale: .ratio), alpha: 0.05)
        }
    }
}
