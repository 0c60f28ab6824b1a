import Autograd

/// A source of training steps whose number type is hidden.
protocol StepSource {
    var parameters: (w: Double, b: Double) { get }

    /// Evaluates the next batch at the current parameters.
    mutating func next(_ step: Int) throws -> TrainingStep

    /// Moves the parameters by the step that ``next(_:)`` has evaluated.
    mutating func update()

    /// The loss over all data at the current parameters.
    mutating func fullLoss() throws -> Double
}

/// The training loop in one number type: draw a batch, evaluate, update.
struct Steps<Evaluation: LossEvaluation>: StepSource {
    private typealias Scalar = Evaluation.Scalar

    private var evaluation: Evaluation
    private var optimizer: any Optimizer<Evaluation.Scalar>
    private var batches: BatchOrder
    private let learningRate: Double
    private let features: [Evaluation.Scalar]
    private let targets: [Evaluation.Scalar]
    private let allData: Evaluation.Batch
    private var values: [Evaluation.Scalar]
    private var gradients: [Evaluation.Scalar]

    init(
        _ evaluation: Evaluation, _ configuration: RunConfiguration, data: TrainingData, source: RandomSource
    ) throws(LearningError) {
        var source = source
        self.evaluation = evaluation
        features = data.features.map { Scalar($0) }
        targets = data.y.map { Scalar($0) }
        allData = evaluation.makeBatch(features: features, targets: targets)
        values = [
            source.initialValue(configuration.initialization.w),
            source.initialValue(configuration.initialization.b),
        ]
        gradients = [0, 0]
        learningRate = configuration.optimizer.learningRate
        optimizer = try OptimizerRegistry.makeRule(configuration.optimizer)
            .makeOptimizer(of: Scalar.self, parameterCount: values.count)
        batches = BatchOrder(
            count: data.count, batchSize: configuration.batchSize, sampling: configuration.sampling,
            source: try source.forBatchOrder(configuration))
    }

    var parameters: (w: Double, b: Double) { (Double(values[0]), Double(values[1])) }

    @specialized(where Evaluation == AutogradEvaluation<Float>)
    @specialized(where Evaluation == AutogradEvaluation<Double>)
    @specialized(where Evaluation == ManualEvaluation<Float>)
    @specialized(where Evaluation == ManualEvaluation<Double>)
    @specialized(where Evaluation == TapeEvaluation<Float>)
    @specialized(where Evaluation == TapeEvaluation<Double>)
    mutating func next(_ step: Int) throws -> TrainingStep {
        let batch = batches.next()
        let loss = try evaluation.evaluate(at: values, on: samples(of: batch), gradients: &gradients)
        return TrainingStep(
            step: step, epoch: batch.epoch, loss: Double(loss), learningRate: learningRate,
            w: Double(values[0]), b: Double(values[1]), gradW: Double(gradients[0]), gradB: Double(gradients[1]))
    }

    mutating func update() {
        optimizer.update(&values, gradients: gradients, settings: StepSettings(learningRate: learningRate))
    }

    mutating func fullLoss() throws -> Double {
        Double(try evaluation.evaluate(at: values, on: allData, gradients: &gradients))
    }

    private func samples(of batch: BatchOrder.Batch) -> Evaluation.Batch {
        guard let indices = batch.indices else { return allData }
        return evaluation.makeBatch(
            features: indices.map { features[$0] }, targets: indices.map { targets[$0] })
    }
}
