import Learning
import TestSupport
import Testing

/// Schedules compared with PyTorch's, which multiply from step to step where these are closed formulas.
struct PyTorchScheduleTests {
    @Test(arguments: PyTorchSchedule.all)
    func `a schedule gives PyTorch's learning rates`(_ run: PyTorchSchedule) throws {
        var schedule = try ScheduleRegistry.makeSchedule(ScheduleRegistry.configuration(from: run.text))
        var learningRates: [Double] = []

        for step in run.lr.indices {
            learningRates.append(schedule.learningRate(at: step, from: run.optimizerRate))
            if let metrics = run.metrics, step < metrics.count {
                schedule.observe(metrics[step], at: step, learningRate: learningRates[step])
            }
        }

        #expect(zip(learningRates, run.lr).allSatisfy(areClose), "\(learningRates)")
    }

    @Test(arguments: PyTorchSchedule.all.filter { $0.momentum != nil })
    func `a schedule that cycles the momentum gives PyTorch's momentums`(_ run: PyTorchSchedule) throws {
        let schedule = try ScheduleRegistry.makeSchedule(ScheduleRegistry.configuration(from: run.text))

        let momentums = run.lr.indices.compactMap { schedule.momentum(at: $0) }

        let expected = try #require(run.momentum)
        #expect(momentums.count == expected.count)
        #expect(zip(momentums, expected).allSatisfy(areClose), "\(momentums)")
    }

    @Test
    func `every schedule is compared with PyTorch`() {
        let text = PyTorchSchedule.all.map(\.text).joined(separator: " ")

        #expect(ScheduleRegistry.all.map { $0.name }.filter { !text.contains("\($0)") } == [])
    }

    private func areClose(_ value: Double, _ expected: Double) -> Bool {
        abs(value - expected) <= 1e-12 * abs(expected) + 1e-15
    }
}
