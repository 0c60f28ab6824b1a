import Learning
import TextFormats
package import Tracking

/// A run that begins with the steps of another one and continues from there, with other settings.
package struct Fork: Sendable {
    package let parent: Run
    /// The first step of its own.
    package let step: Int
    package let run: PreparedRun

    /// Plans the fork, on the data that the notebook holds.
    ///
    /// A change is `NAME=VALUE`: lr, optimizer, batch_size, steps, loss, schedule, clip, target (the last three also
    /// `none`), or a hyperparameter of the optimizer. The steps before the fork are trained, and their end compared with
    /// the parent's row.
    package init(of parent: Run, at step: Int, changes: [String], in store: Store) throws {
        let origin = try RunConfiguration(json: parent.plan.config)
        let dataset = try store.datasets.find(id: parent.plan.datasetID)
        var configuration = try ForkChanges(changes).applied(to: origin)
        configuration.fork = ForkPoint(step: step, of: origin)
        let training = try Trainer(configuration, data: TrainingData(dataset))
        let stored = try store.steps.all(ofRun: parent.id, in: step..<step + 1).first
        let places = configuration.stepSchema.indices(of: .parameter)
        let parameters = training.initialParameters
        if let stored, places.map({ stored.values[$0].bitPattern }) != parameters.map(\.bitPattern) {
            throw ExperimentError(
                .conflict,
                "run \(parent.id) has other parameters at step \(step) than it computes",
                advice: "gradbook verify \(parent.id) names what differs")
        }
        self.parent = parent
        self.step = step
        run = PreparedRun(
            configuration: configuration, recipe: nil,
            data: RecordedData(TrainingData(dataset), of: configuration, source: dataset.source))
    }
}

extension ExperimentRunner {
    /// Plans a fork of a run of this notebook.
    package func fork(_ parent: Run, at step: Int, changes: [String]) throws -> Fork {
        try Fork(of: parent, at: step, changes: changes, in: store)
    }
}
