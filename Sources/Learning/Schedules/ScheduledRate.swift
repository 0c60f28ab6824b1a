/// An optimizer's learning rate with the schedule that changes it, if any.
struct ScheduledRate {
    private let base: Double
    private var schedule: (any Schedule)?

    init(base: Double, schedule: (any Schedule)?) {
        self.base = base
        self.schedule = schedule
    }

    /// Goes on with the schedule of `other`, which may have taken note of losses.
    mutating func takeSchedule(of other: ScheduledRate) {
        schedule = other.schedule
    }

    func settings(at step: Int) -> StepSettings {
        guard let schedule else { return StepSettings(learningRate: base) }
        return StepSettings(
            learningRate: schedule.learningRate(at: step, from: base), momentum: schedule.momentum(at: step))
    }

    /// Takes note of a step's loss.
    mutating func observe(_ loss: Double, at step: Int) {
        guard let learningRate = schedule?.learningRate(at: step, from: base) else { return }
        schedule?.observe(loss, at: step, learningRate: learningRate)
    }
}
