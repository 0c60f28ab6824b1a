import Learning
import Testing

/// Schedules after each other, at the same time, and beyond their ends.
struct CombinedScheduleTests {
    private func rates(_ text: String, steps: Int, losses: [Double] = []) throws -> [Double] {
        var schedule = try ScheduleRegistry.makeSchedule(ScheduleRegistry.configuration(from: text))
        return (0..<steps).map { step in
            let rate = schedule.learningRate(at: step, from: 1)
            if step < losses.count { schedule.observe(losses[step], at: step, learningRate: rate) }
            return rate
        }
    }

    @Test
    func `a warm-up ends at the full learning rate, where the next schedule begins`() throws {
        #expect(
            try rates("warmup:total=4+step:every=2,gamma=0.5", steps: 9) == [0.25, 0.5, 0.75, 1, 1, 1, 0.5, 0.5, 0.25])
    }

    @Test
    func `three schedules follow each other`() throws {
        #expect(
            try rates("constant:factor=0.5,total=2+constant:factor=0.25,total=1+constant:factor=0", steps: 6)
                == [0.5, 0.5, 0.25, 0, 0, 0])
    }

    @Test
    func `schedules at the same time multiply their factors`() throws {
        #expect(
            try rates("constant:factor=0.5,total=2*exponential:gamma=0.5", steps: 4) == [0.5, 0.25, 0.25, 0.125])
    }

    @Test
    func `a plateau after a warm-up counts only its own steps`() throws {
        let losses = [1.0, 1, 1, 1, 1, 1, 1, 1]

        let rates = try rates("warmup:total=2+plateau:patience=1,factor=0.5", steps: 8, losses: losses)

        // Its first loss is the best so far; the second and third are bad, so the fourth step is slower.
        #expect(rates == [0.5, 1, 1, 1, 1, 0.5, 0.5, 0.25])
    }

    @Test
    func `a plateau does not go below its least learning rate, nor lift a lower one`() throws {
        let losses = [Double](repeating: 1, count: 9)

        #expect(try rates("plateau:patience=0,factor=0.5,min=0.3", steps: 6, losses: losses).last == 0.3)
        #expect(try rates("plateau:patience=0,factor=0.5,min=2", steps: 6, losses: losses).last == 1)
    }

    @Test
    func `a cycle that is over keeps its last learning rate`() throws {
        let rates = try rates("onecycle:max=0.5,total=10", steps: 20)

        #expect(rates[0] == 0.02)
        #expect(Set(rates[9...]).count == 1)
        #expect(abs(rates[9] - 2e-6) < 1e-18)
    }

    @Test
    func `restarts grow without overflowing`() throws {
        let schedule = try ScheduleRegistry.makeSchedule(
            ScheduleRegistry.configuration(from: "cosine-restarts:period=1000000000,growth=1000000000"))

        #expect(schedule.learningRate(at: 999_999_999, from: 1) < 1e-9)
    }

    @Test
    func `a learning rate that would overflow is infinite, not undefined`() throws {
        #expect(try rates("exponential:gamma=10", steps: 2000).last == .infinity)
    }
}
