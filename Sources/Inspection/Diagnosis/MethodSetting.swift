import Reports
import Tracking

/// How a run descends, as far as theory knows the method.
struct MethodSetting {
    let optimizer: String
    /// As the edge knows it: gradient descent, heavy ball or Nesterov; nil for a method without an exact edge.
    let method: String?
    let isFullBatch: Bool
    /// The learning rate times the largest curvature that batches have on average.
    var product: Double { learningRate * curvature }
    private let learningRate: Double
    /// The gradient of a batch is on average so many times that of the mean squared error over all data.
    let gradientScale: Double
    private let curvature: Double
    /// The product from which on the method diverges; nil where there is no exact theory.
    let edge: Double?
    /// How the second moment of the distance from the minimum goes, for gradient descent on batches.
    let meanSquare: MeanSquareMap?
    /// The excess around which gradient descent on independent batches stands still; nil where there is none.
    let noiseFloor: Double?

    init(_ run: StoredRun, _ problem: Problem) {
        let configuration = ConfigurationFields(json: run.plan.config)
        let count = problem.dataset.x.count
        let isWhole = run.plan.batchSize >= count && configuration["sampling"] != "iid"
        isFullBatch = configuration["batch_size"] == "full" || isWhole
        optimizer = run.plan.optimizer
        let part =
            problem.loss == "half-sum" && !isFullBatch ? Double(run.plan.batchSize) / Double(count) : 1
        learningRate = run.plan.learningRate
        gradientScale = problem.scale * part
        curvature = problem.curvature.largest * part
        edge = StabilityEdge(run.plan, configuration, onBatches: true, ofForks: true).bound
        let momentum = configuration.hyperparameter("momentum") ?? 0
        method =
            edge == nil
            ? nil : momentum == 0 ? "gradient descent" : configuration.isOn("nesterov") ? "Nesterov" : "heavy ball"
        guard edge != nil, momentum == 0, !isFullBatch else {
            (meanSquare, noiseFloor) = (nil, nil)
            return
        }
        meanSquare = MeanSquareMap(
            on: problem, learningRate: run.plan.learningRate, batchSize: run.plan.batchSize,
            replaces: configuration["sampling"] == "iid")
        noiseFloor = NoiseFloor.excess(
            on: problem, learningRate: run.plan.learningRate, batchSize: run.plan.batchSize)
    }

    /// By which factor that second moment grows per step in the end.
    var meanSquareGrowth: Double? { meanSquare?.growth }

    /// The learning rate from which on the method diverges on these data.
    var edgeRate: Double? { edge.map { $0 / curvature } }

    /// How far the learning rate is above the edge, as a part of it; negative below.
    var distance: Double? { edge.map { product / $0 - 1 } }
}
