import TextFormats
import Theory
import Tracking

/// The SELECTs that show a diagnosis's numbers: the first column of the first row is the number.
///
/// Only what every SQLite has; what takes an iteration, such as an eigenvector, stands in them as a number.
struct DiagnosisQueries {
    private let run: StoredRun
    private let objective: Objective
    private let analysis: StabilityAnalysis
    private let steps: StepStatistics

    init(_ diagnosed: DiagnosedRun) {
        run = diagnosed.run
        (objective, analysis) = (diagnosed.evidence.objective, diagnosed.evidence.analysis)
        steps = diagnosed.evidence.steps
    }

    // MARK: - The run and theory

    var badStep: String { "SELECT first_bad_step, state, reason FROM runs WHERE id = \(run.id)" }

    var state: String { "SELECT state, reason, final_loss FROM runs WHERE id = \(run.id)" }

    /// Of a run that has not ended, at its last step.
    var finalExcess: String {
        guard run.state.isFinal else {
            return "SELECT excess, step FROM excess WHERE run_id = \(run.id) ORDER BY step DESC LIMIT 1"
        }
        return """
            SELECT \(exact(0.5 * objective.scale)) * (hessian_ww * w * w + 2 * hessian_wb * w * b + hessian_bb * b * b) AS excess \
            FROM (SELECT max(CASE name WHEN 'w' THEN final END) - optimum_w AS w, max(CASE name WHEN 'b' THEN final END) - \
            optimum_b AS b, datasets.* FROM run_parameters, datasets WHERE run_id = \(run.id) AND datasets.id = \(data))
            """
    }

    var curvature: String {
        """
        SELECT \(scale)\(largest) AS largest, \(scale)(hessian_ww * hessian_bb - \
        hessian_wb * hessian_wb) / \(largest) AS smallest FROM datasets WHERE id = \(data)
        """
    }

    /// With the edge, where there is one.
    var product: String {
        let edge = """
            , 2 * (1 + json_extract(config, '$.optimizer.hyperparameters.momentum')) / (1 + json_extract(config, \
            '$.optimizer.hyperparameters.nesterov') * 2 * json_extract(config, '$.optimizer.hyperparameters.momentum')) AS edge
            """
        return """
            SELECT learning_rate * \(exact(analysis.gradientScale)) * \(largest) AS product\(analysis.edge == nil ? "" : edge) \
            FROM runs JOIN datasets ON datasets.id = dataset_id WHERE runs.id = \(run.id)
            """
    }

    /// One step of the map on the second moment that it only makes larger or smaller.
    func growth(_ map: MeanSquareMap) -> String {
        let (ww, wb, bb) = (exact(map.moment.first), exact(2 * map.moment.mixed), exact(map.moment.second))
        return """
            WITH h AS (SELECT learning_rate * \(exact(map.scale)) AS s, hessian_ww AS ww, hessian_wb AS wb, hessian_bb AS bb \
            FROM runs JOIN datasets ON datasets.id = dataset_id WHERE runs.id = \(run.id)), samples AS (SELECT \
            avg(4 * (\(ww) * x*x*x*x + \(wb) * x*x + \(bb)) * (x*x*x*x + 1)) AS spread FROM dataset_rows \
            WHERE dataset_id = \(data)), hmh AS (SELECT \(ww) * (ww * ww + wb * wb) + \(wb) * wb * (ww + bb) + \
            \(bb) * (wb * wb + bb * bb) AS hmh FROM h) SELECT 1 + (s * s * (hmh + \(exact(map.spread)) * (spread - hmh)) \
            - 2 * s * (\(ww) * ww + \(wb) * wb + \(bb) * bb)) / (\(ww) + \(bb)) AS growth FROM h, samples, hmh
            """
    }

    func sample(_ sample: OutlierSample) -> String {
        let place = "FROM dataset_rows WHERE dataset_id = \(data) AND position = \(sample.position)"
        let optimum = objective.optimum
        let residual = "(\(exact(optimum?[0] ?? 0)) * x*x + \(exact(optimum?[1] ?? 0)) - y)"
        let part: String? =
            switch sample.fault {
            case .notFinite: nil
            case .leverage: "(x*x*x*x + 1)"
            case .residual: "\(residual) * \(residual)"
            }
        guard let part else { return "SELECT position, x, y \(place)" }
        return """
            SELECT \(part) / (SELECT sum(\(part)) FROM dataset_rows WHERE dataset_id = \(data)) AS share, position, x, y \(place)
            """
    }

    // MARK: - The steps

    var steepGrowth: String {
        """
        SELECT min(step) FROM (SELECT step, abs(a) AS distance, lag(abs(a)) OVER (ORDER BY step) AS before FROM \
        (SELECT step, \(steepest) AS a FROM quadratic_steps WHERE run_id = \(run.id))) WHERE distance > before
        """
    }

    var tenfold: String {
        """
        SELECT min(step) FROM excess WHERE run_id = \(run.id) AND excess > 10 * (SELECT excess FROM excess WHERE \
        run_id = \(run.id) ORDER BY step LIMIT 1)
        """
    }

    var overflow: String {
        """
        SELECT min(step) FROM quadratic_steps WHERE run_id = \(run.id) AND max(abs(w), abs(b)) > \
        \(exact(steps.overflowLimit))
        """
    }

    func rise(_ rise: StepStatistics.Rise) -> String {
        let minimum = exact(objective.minimumLoss ?? 0)
        return """
            SELECT (excess + \(minimum)) / (SELECT max(\(exact(objective.smallestMeaningfulExcess)), excess + \(minimum)) FROM excess WHERE \
            run_id = \(run.id) AND step = \(rise.since)) AS factor, step FROM excess WHERE run_id = \(run.id) AND step = \
            \(rise.step)
            """
    }

    var turning: String {
        let range = steps.secondHalf
        return """
            SELECT avg((a < 0) <> (before < 0)) FROM (SELECT a, lag(a) OVER (ORDER BY step) AS before FROM (SELECT step, \
            \(steepest) AS a FROM quadratic_steps WHERE run_id = \(run.id) AND step BETWEEN \
            \(max(0, range.lowerBound - 1)) AND \(range.upperBound)))
            """
    }

    var progress: String {
        let (first, last) = (steps.thirdQuarter.lowerBound, steps.lastQuarter.lowerBound)
        return """
            SELECT avg(excess) FILTER (WHERE step >= \(last)) / avg(excess) FILTER (WHERE step < \(last)) FROM excess WHERE \
            run_id = \(run.id) AND step >= \(first) AND excess < 9e999
            """
    }

    var lateExcess: String {
        "SELECT avg(excess) FROM excess WHERE run_id = \(run.id) AND step >= \(steps.lastQuarter.lowerBound) AND excess < 9e999"
    }

    func gradient(at step: Int) -> String {
        """
        SELECT max(abs(grad_w - exact_grad_w), abs(grad_b - exact_grad_b)) / (\(scale)\(largest) * (abs(w) + abs(b) + \
        abs(optimum_w) + abs(optimum_b))) AS deviation, grad_w, exact_grad_w, grad_b, exact_grad_b FROM (SELECT *, \
        \(scale)(hessian_ww * (w - optimum_w) + hessian_wb * (b - optimum_b)) AS exact_grad_w, \(scale)\
        (hessian_wb * (w - optimum_w) + hessian_bb * (b - optimum_b)) AS exact_grad_b FROM quadratic_steps JOIN runs ON \
        runs.id = run_id JOIN datasets ON datasets.id = dataset_id WHERE run_id = \(run.id) AND step = \(step))
        """
    }

    // MARK: - Internals

    /// SQL: a factor of the mean squared error's gradients.
    private var scale: String { objective.scale == 1 ? "" : exact(objective.scale) + " * " }

    private var data: Int64 { run.plan.datasetID }

    /// SQL: the largest curvature of the mean squared error, along its eigenvector.
    private var largest: String {
        let (w, b) = direction
        return "(\(exact(w * w)) * hessian_ww + \(exact(2 * w * b)) * hessian_wb + \(exact(b * b)) * hessian_bb)"
    }

    /// SQL: the distance from the minimum along the steepest direction.
    private var steepest: String {
        let (w, b) = direction
        let optimum = objective.optimum
        return "\(exact(w)) * (w - \(exact(optimum?[0] ?? 0))) + \(exact(b)) * (b - \(exact(optimum?[1] ?? 0)))"
    }

    private var direction: (w: Double, b: Double) {
        let steepest = objective.surface.eigensystem.vectors[0]
        return (steepest[0], steepest[1])
    }

    private func exact(_ value: Double) -> String {
        let text = NumberText.exact(value)
        return value < 0 ? "(\(text))" : text
    }
}
