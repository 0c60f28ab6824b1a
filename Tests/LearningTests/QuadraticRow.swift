import Learning

/// A step of the quadratic model with its numbers by their names.
struct QuadraticRow: Equatable {
    let step: Int
    let epoch: Int
    let loss: Double
    let learningRate: Double
    let w: Double
    let b: Double
    let gradW: Double
    let gradB: Double
}

extension Trainer {
    /// The next step of a run of the quadratic model.
    mutating func next() throws -> QuadraticRow? {
        var numbers: [Double] = []
        guard let step = try next(into: &numbers) else { return nil }
        return QuadraticRow(
            step: step.step, epoch: step.epoch, loss: numbers[0], learningRate: numbers[1], w: numbers[2],
            b: numbers[3], gradW: numbers[4], gradB: numbers[5])
    }
}

extension TrainingOutcome {
    var w: Double { parameters[0] }
    var b: Double { parameters[1] }
}

extension TrainingData {
    /// What the quadratic model multiplies with w.
    var features: [Double] { x.map { $0 * $0 } }
}
