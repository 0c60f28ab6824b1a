/// Schedules one after another, each counting its steps from its own start, as `SequentialLR`.
struct ScheduleSequence: Schedule {
    private var stages: [any Schedule]
    /// The step at which each stage but the first begins.
    private let starts: [Int]

    /// - Precondition: every schedule but the last one has a length.
    init(_ stages: [any Schedule]) {
        self.stages = stages
        var starts = [0]
        for (index, stage) in stages.enumerated().dropLast() {
            guard let length = stage.length else {
                preconditionFailure("stage \(index) of \(stages.count) has no end")
            }
            starts.append(starts[index] + length)
        }
        self.starts = starts
    }

    var length: Int? {
        zip(starts, stages).reversed().first.flatMap { start, stage in stage.length.map { start + $0 } }
    }

    func learningRate(at step: Int, from base: Double) -> Double {
        let index = index(of: step)
        return stages[index].learningRate(at: step - starts[index], from: base)
    }

    func momentum(at step: Int) -> Double? {
        let index = index(of: step)
        return stages[index].momentum(at: step - starts[index])
    }

    var cyclesMomentum: Bool { stages.contains(where: \.cyclesMomentum) }

    mutating func observe(_ loss: Double, at step: Int, learningRate: Double) {
        let index = index(of: step)
        stages[index].observe(loss, at: step - starts[index], learningRate: learningRate)
    }

    private func index(of step: Int) -> Int {
        starts.lastIndex { $0 <= step } ?? 0
    }
}

/// Schedules at the same time, each taking the one before's learning rate for the optimizer's, as `ChainedScheduler`.
struct ScheduleProduct: Schedule {
    private var factors: [any Schedule]

    init(_ factors: [any Schedule]) {
        self.factors = factors
    }

    var length: Int? {
        let lengths = factors.compactMap(\.length)
        return lengths.count == factors.count ? lengths.max() : nil
    }

    func learningRate(at step: Int, from base: Double) -> Double {
        factors.reduce(base) { $1.learningRate(at: step, from: $0) }
    }

    func momentum(at step: Int) -> Double? {
        factors.lazy.compactMap { $0.momentum(at: step) }.first
    }

    var cyclesMomentum: Bool { factors.contains(where: \.cyclesMomentum) }

    mutating func observe(_ loss: Double, at step: Int, learningRate: Double) {
        for index in factors.indices { factors[index].observe(loss, at: step, learningRate: learningRate) }
    }
}
