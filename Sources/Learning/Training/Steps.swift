import Autograd

/// A source of training steps whose number type is hidden.
protocol StepSource {
    var parameters: (w: Double, b: Double) { get }

    /// The optimizer's running averages of the parameters, where it keeps them.
    var averages: (w: Double, b: Double)? { get }

    /// How many times a batch's loss and gradients have been evaluated.
    var evaluations: Int { get }

    /// Evaluates the next batch at the current parameters.
    mutating func next(_ step: Int) throws -> TrainingStep

    /// Moves the parameters by the step that ``next(_:)`` has evaluated.
    mutating func update() throws

    /// The loss over all data at the current parameters.
    mutating func fullLoss() throws -> Double

    /// Goes on from the present parameters under other settings.
    mutating func change(to configuration: RunConfiguration) throws(LearningError)
}

/// The training loop in one number type: draw a batch, evaluate, update.
struct Steps<Evaluation: LossEvaluation>: StepSource {
    private typealias Scalar = Evaluation.Scalar

    private var evaluation: Evaluation
    private var updates: ParameterUpdate<Evaluation.Scalar>
    private var batches: BatchOrder
    private let features: [Evaluation.Scalar]
    private let targets: [Evaluation.Scalar]
    private let allData: Evaluation.Batch
    private var batch: Evaluation.Batch
    private var step = 0
    private var loss: Evaluation.Scalar = 0
    private var values: [Evaluation.Scalar]
    private var gradients: [Evaluation.Scalar]
    private(set) var evaluations = 0

    init(
        _ evaluation: Evaluation, _ configuration: RunConfiguration, data: TrainingData, source: RandomSource
    ) throws(LearningError) {
        var source = source
        self.evaluation = evaluation
        features = data.features.map { Scalar($0) }
        targets = data.y.map { Scalar($0) }
        allData = evaluation.makeBatch(features: features, targets: targets, at: Array(features.indices)[...])
        batch = allData
        values = [
            source.initialValue(configuration.initialization.w),
            source.initialValue(configuration.initialization.b),
        ]
        gradients = [0, 0]
        updates = try ParameterUpdate(configuration)
        batches = BatchOrder(
            count: data.count, batchSize: configuration.batchSize, sampling: configuration.sampling,
            source: try source.forBatchOrder(configuration))
    }

    var parameters: (w: Double, b: Double) { (Double(values[0]), Double(values[1])) }

    var averages: (w: Double, b: Double)? {
        updates.averages.map { (Double($0[0]), Double($0[1])) }
    }

    @specialized(where Evaluation == AutogradEvaluation<Float>)
    @specialized(where Evaluation == AutogradEvaluation<Double>)
    @specialized(where Evaluation == ManualEvaluation<Float>)
    @specialized(where Evaluation == ManualEvaluation<Double>)
    @specialized(where Evaluation == TapeEvaluation<Float>)
    @specialized(where Evaluation == TapeEvaluation<Double>)
    mutating func next(_ step: Int) throws -> TrainingStep {
        let drawn = batches.next()
        batch = samples(of: drawn)
        loss = try evaluation.evaluate(at: values, on: batch, gradients: &gradients)
        evaluations += 1
        self.step = step
        return TrainingStep(
            step: step, epoch: drawn.epoch, loss: Double(loss), learningRate: updates.learningRate(at: step),
            w: Double(values[0]), b: Double(values[1]), gradW: Double(gradients[0]), gradB: Double(gradients[1]))
    }

    @specialized(where Evaluation == AutogradEvaluation<Float>)
    @specialized(where Evaluation == AutogradEvaluation<Double>)
    @specialized(where Evaluation == ManualEvaluation<Float>)
    @specialized(where Evaluation == ManualEvaluation<Double>)
    @specialized(where Evaluation == TapeEvaluation<Float>)
    @specialized(where Evaluation == TapeEvaluation<Double>)
    mutating func update() throws {
        if updates.isSearching {
            try search()
        } else {
            updates.update(&values, at: step, loss: loss, gradients: gradients)
        }
    }

    private mutating func search() throws {
        var evaluation = evaluation
        var evaluations = evaluations
        try updates.search(&values, at: step, loss: loss, gradients: gradients) { [batch] values, gradients in
            evaluations += 1
            return try evaluation.evaluate(at: values, on: batch, gradients: &gradients)
        }
        self.evaluation = evaluation
        self.evaluations = evaluations
    }

    mutating func fullLoss() throws -> Double {
        Double(try evaluation.evaluate(at: values, on: allData, gradients: &gradients))
    }

    mutating func change(to configuration: RunConfiguration) throws(LearningError) {
        try updates.change(to: configuration)
        batches.change(to: configuration.batchSize)
        evaluation = Evaluation(loss: configuration.loss)
    }

    private func samples(of batch: BatchOrder.Batch) -> Evaluation.Batch {
        guard let indices = batch.indices else { return allData }
        return evaluation.makeBatch(features: features, targets: targets, at: indices)
    }
}
