import TestSimulations
import TestSupport
import Testing

@testable import Statistics

struct HoldingTimeTests {
    /// Where a curve of values, one a step, that meet the condition or not is held.
    private func time(_ met: [Bool], window: Int = 20, endsEarly: Bool = false) -> HoldingTime {
        var time = HoldingTime(window: window)
        for (step, isMet) in met.enumerated() { time.append(step: 10 * step, isMet: isMet) }
        if endsEarly { time.endEarly() }
        return time
    }

    /// By looking at every step and the whole window after it.
    private func expected(_ met: [Bool], window: Int) -> Int? {
        met.indices.first { start in
            met[start] && start + window < met.count
                && met[start + 1...start + window].count { !$0 } <= window / 20
        }.map { 10 * $0 }
    }

    @Test
    func `a condition is held from the first value after which nearly all meet it`() {
        let touched = [false, true] + [Bool](repeating: false, count: 3) + [Bool](repeating: true, count: 30)

        #expect(time(touched).firstTouch == 10)
        #expect(time(touched).held == 50)
        #expect(time(touched).isMetAtEnd)
    }

    @Test
    func `one miss in twenty is allowed, two are not`() {
        let met = { (misses: [Int]) in (0...20).map { !misses.contains($0) } }

        #expect(time(met([7])).held == 0)
        #expect(time(met([7, 20])).held == nil)
        #expect(time(met([7, 19]) + [Bool](repeating: true, count: 20)).held == 80)
        #expect(time([true, true, false, true], window: 3).held == nil)
        #expect(time([true, true, false, true, true, true, true], window: 3).held == 30)
    }

    @Test
    func `with fewer values left than a window nothing is held, unless the run stopped by itself`() {
        let late = [Bool](repeating: false, count: 10) + [Bool](repeating: true, count: 20)

        #expect(time(late).held == nil)
        #expect(time(late, endsEarly: true).held == 100)
        #expect(time(late + [true]).held == 100)
        #expect(time(late.dropLast() + [false], endsEarly: true).held == nil)
        #expect(time([], endsEarly: true).held == nil)
    }

    @Test
    func `any curve is held where a search through all its steps says, and stays so when it goes on`() {
        let seed = TestTier.seed
        var draws = Draws(seed: seed)
        for _ in 0..<300 {
            let window = [3, 10, 20, 40, 45].randomElement(using: &draws) ?? 20
            let chance = 0.8 + 0.2 * draws.uniform()
            let met = (0..<150).map { _ in draws.isTrue(chance) }
            var time = HoldingTime(window: window)
            var known: Int?
            for (step, isMet) in met.enumerated() {
                time.append(step: 10 * step, isMet: isMet)
                let now = time.held
                #expect(known == nil || now == known, "seed \(seed)")
                known = now
            }
            #expect(known == expected(met, window: window), "seed \(seed), window \(window)")
        }
    }

    @Test
    func `a window of nothing is refused`() async {
        await #expect(processExitsWith: .failure) { _ = HoldingTime(window: 0) }
    }
}

struct InstabilityTests {
    @Test
    func `a run is unstable whose late losses are above twice where it began`() {
        let isUnstable = { (late: [Double], constant: Double?) in
            Instability.isUnstable(lateLosses: late, initialLoss: 3, constantLoss: constant)
        }

        #expect(isUnstable([7, 5, 9], nil))
        #expect(!isUnstable([6, 1, 9], nil))
        // One that begins near the optimum is measured by the best constant answer.
        #expect(!isUnstable([7, 5, 9], 4))
        #expect(isUnstable([7, 9, 9], 4))
        #expect(isUnstable([.nan, .infinity, 1], nil))
        #expect(!isUnstable([], nil))
    }

    @Test
    func `losses that may be negative are never called unstable`() {
        #expect(!Instability.isUnstable(lateLosses: [5], initialLoss: -1, constantLoss: nil))
        #expect(!Instability.isUnstable(lateLosses: [5], initialLoss: .nan, constantLoss: nil))
    }

    @Test(arguments: [(1, 1), (9, 1), (10, 1), (25, 2), (1000, 100)])
    func `a tenth of the steps is late, at least one`(steps: Int, late: Int) {
        #expect(Instability.lateCount(of: steps) == late)
    }
}
