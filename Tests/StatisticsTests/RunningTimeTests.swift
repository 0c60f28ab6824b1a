import Testing

@testable import Statistics

struct RunningTimeTests {
    private static func times(_ reached: [Int?], budget: Int = 200) -> [RunningTime] {
        reached.map { RunningTime(reached: $0, budget: budget) }
    }

    @Test
    func `failures are charged their whole budget`() {
        let times = Self.times([40, 45, 50, nil, nil])

        #expect(ExpectedRunningTime.of(times) == 535.0 / 3)
        #expect(ExpectedRunningTime.of(times.suffix(2)) == .infinity)
        #expect(ExpectedRunningTime.of([]) == nil)
    }

    @Test
    func `with up to two failures the mean of the successes has an interval, and failures a bound`() throws {
        for failures in 0...2 {
            let reached = [40, 45, 50, 62, 38, 51, 47, 44, 57, 41]
            let times = Self.times(reached + [Int?](repeating: nil, count: failures))

            guard case .ofSuccesses(let mean, let interval, let bound) = ExpectedRunningTime.precision(times, seed: 1)
            else {
                Issue.record("\(failures) failures")
                continue
            }

            #expect(mean == 47.5)
            let ends = try #require(interval)
            #expect(ends.low > 40 && ends.low < mean && mean < ends.high && ends.high < 60)
            #expect(bound == WilsonInterval(successes: failures, trials: 10 + failures).high)
        }
    }

    @Test
    func `up to 28 of 100 runs may fail of which ten of ten did not`() {
        guard
            case .ofSuccesses(_, let interval, let bound) = ExpectedRunningTime.precision(
                Self.times([Int?](repeating: 40, count: 10)), seed: 1)
        else {
            Issue.record("no precision")
            return
        }

        #expect(interval == nil)
        #expect(bound > 0.27 && bound < 0.28)
    }

    @Test
    func `with three failures and three successes seeds are resampled, wider than the percentiles`() throws {
        let times = Self.times([40, 45, 50, 60, 41, 48, nil, nil, nil])
        guard case .ofAll(let interval) = ExpectedRunningTime.precision(times, seed: 5) else {
            Issue.record("no interval")
            return
        }
        let percentiles = Resamples(of: 9, seed: 5).interval { draws in
            ExpectedRunningTime.of(draws.map { times[Int($0)] }) ?? .nan
        }
        let expected = try #require(ExpectedRunningTime.of(times))

        #expect(interval.low < percentiles.low && interval.high > percentiles.high)
        #expect(interval.contains(expected))
        #expect(ExpectedRunningTime.precision(times, seed: 5) == .ofAll(interval))
    }

    @Test(arguments: [[], [nil, nil, nil], [40, nil, nil, nil], [40, 50, nil, nil, nil]] as [[Int?]])
    func `of too few successes nothing is said`(reached: [Int?]) {
        #expect(ExpectedRunningTime.precision(Self.times(reached), seed: 1) == nil)
    }

    @Test
    func `fewer than six successes have no interval`() {
        let precision = ExpectedRunningTime.precision(Self.times([40, 41, 42, 43, 44]), seed: 1)

        #expect(
            precision
                == .ofSuccesses(
                    mean: 42, interval: nil, failureBound: WilsonInterval(successes: 0, trials: 5).high))
    }
}
