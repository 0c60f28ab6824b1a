import Theory
import Tracking

/// A step's row by what its columns hold, whatever they are called.
struct RecordedStep {
    let step: Int
    let elapsedNanoseconds: Int
    let loss: Double
    let learningRate: Double
    /// Before the step's update, in the order of the schema.
    let parameters: [Double]
    let gradient: [Double]
    /// Of the loss over all data; nil where no minimum is known, or it is not unique.
    let excess: Double?

    /// Finds the numbers of one schema's rows.
    struct Reader {
        private let loss: Int?
        private let learningRate: Int?
        private let parameters: [Int]
        private let gradient: [Int]
        private let objective: Objective?

        init(_ schema: StepSchema, on objective: Objective?) {
            loss = schema.index(of: .loss)
            learningRate = schema.index(of: .learningRate)
            parameters = schema.indices(of: .parameter)
            gradient = schema.indices(of: .gradient)
            // A surface of other parameters says nothing of these.
            self.objective = objective.flatMap { $0.surface.parameters == schema.parameters ? $0 : nil }
        }

        func read(_ row: StepRow) -> RecordedStep {
            let values = row.values
            let parameters = parameters.map { values[$0] }
            return RecordedStep(
                step: row.step, elapsedNanoseconds: row.elapsedNanoseconds, loss: loss.map { values[$0] } ?? .nan,
                learningRate: learningRate.map { values[$0] } ?? .nan, parameters: parameters,
                gradient: gradient.map { values[$0] }, excess: objective?.excess(at: parameters))
        }
    }
}
