import Autograd
import Theory

/// A training loop whose number type is hidden.
protocol AnyTrainingLoop {
    /// The flat list of the model's parameters.
    var parameters: [Double] { get }

    /// The optimizer's running averages of the parameters, where it keeps them.
    var averages: [Double]? { get }

    /// How many times a batch's loss and gradients have been evaluated.
    var evaluations: Int { get }

    /// Evaluates the next batch at the current parameters, and appends the step's numbers.
    mutating func next(_ step: Int, into numbers: inout [Double]) throws -> TrainingStep

    /// Moves the parameters by the step that ``next(_:)`` has evaluated.
    mutating func update() throws

    /// The loss over all data at the current parameters.
    mutating func fullLoss() throws -> Double

    /// Continues from the present parameters under other settings.
    mutating func change(to configuration: RunConfiguration) throws(LearningError)
}

/// The training loop in one number type: draw a batch, evaluate, update.
struct TrainingLoop<Method: DifferentiationMethod>: AnyTrainingLoop {
    private typealias Scalar = Method.Scalar

    private var method: Method
    private var updates: OptimizerDriver<Method.Scalar>
    private var batches: BatchOrder
    private let samples: Samples<Method.Scalar>
    private let allData: Method.Batch
    private var batch: Method.Batch
    private var step = 0
    private var loss: Method.Scalar = 0
    private var values: [Method.Scalar]
    private var gradients: [Method.Scalar]
    private(set) var evaluations = 0

    init(
        _ method: Method, _ configuration: RunConfiguration, _ data: TrainingData, _ source: RandomSource
    ) throws(LearningError) {
        var source = source
        self.method = method
        samples = Samples(data, for: configuration.model.model)
        allData = method.makeBatch(of: samples, at: Array(data.x.indices)[...])
        batch = allData
        values = source.initialValues(configuration.initialization, of: configuration.model.layout)
        gradients = Array(repeating: 0, count: values.count)
        updates = try OptimizerDriver(configuration)
        batches = BatchOrder(
            count: data.count, batchSize: configuration.batchSize, sampling: configuration.sampling,
            source: try source.forBatchOrder(configuration))
    }

    var parameters: [Double] { values.map { Double($0) } }

    var averages: [Double]? {
        updates.averages.map { $0.map { Double($0) } }
    }

    @specialized(where Method == AutogradMethod<Float>)
    @specialized(where Method == AutogradMethod<Double>)
    @specialized(where Method == ManualMethod<Float>)
    @specialized(where Method == ManualMethod<Double>)
    @specialized(where Method == TapeMethod<Float>)
    @specialized(where Method == TapeMethod<Double>)
    mutating func next(_ step: Int, into numbers: inout [Double]) throws -> TrainingStep {
        let drawn = batches.next()
        batch = makeBatch(drawn)
        loss = try method.evaluate(at: values, on: batch, gradients: &gradients)
        evaluations += 1
        self.step = step
        numbers.append(Double(loss))
        numbers.append(updates.learningRate(at: step))
        for value in values { numbers.append(Double(value)) }
        for gradient in gradients { numbers.append(Double(gradient)) }
        return TrainingStep(step: step, epoch: drawn.epoch, loss: Double(loss))
    }

    @specialized(where Method == AutogradMethod<Float>)
    @specialized(where Method == AutogradMethod<Double>)
    @specialized(where Method == ManualMethod<Float>)
    @specialized(where Method == ManualMethod<Double>)
    @specialized(where Method == TapeMethod<Float>)
    @specialized(where Method == TapeMethod<Double>)
    mutating func update() throws {
        if updates.isSearching {
            try search()
        } else {
            updates.update(&values, at: step, loss: loss, gradients: gradients)
        }
    }

    private mutating func search() throws {
        var method = method
        var evaluations = evaluations
        try updates.search(&values, at: step, loss: loss, gradients: gradients) { [batch] values, gradients in
            evaluations += 1
            return try method.evaluate(at: values, on: batch, gradients: &gradients)
        }
        self.method = method
        self.evaluations = evaluations
    }

    mutating func fullLoss() throws -> Double {
        Double(try method.evaluate(at: values, on: allData, gradients: &gradients))
    }

    mutating func change(to configuration: RunConfiguration) throws(LearningError) {
        try updates.change(to: configuration)
        batches.change(to: configuration.batchSize)
        method = try Method(configuration.model, loss: configuration.loss)
    }

    private func makeBatch(_ drawn: BatchOrder.Batch) -> Method.Batch {
        guard let indices = drawn.indices else { return allData }
        return method.makeBatch(of: samples, at: indices)
    }
}
