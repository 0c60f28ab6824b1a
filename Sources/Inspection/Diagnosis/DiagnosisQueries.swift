import TextFormats
import Theory
import Tracking

/// The SELECTs that show a diagnosis's numbers: the first column of the first row is the number.
///
/// They take every number from the notebook's tables, so that they hold for what is stored: beside the run, the data and the step
/// that they are about they name constants of the rules only. Of more than two parameters the steepest direction takes an
/// iteration, and stands in them as numbers.
struct DiagnosisQueries {
    private let run: Run
    private let schema: StepSchema
    private let objective: Objective
    private let analysis: StabilityAnalysis
    private let steps: StepStatistics

    init(_ diagnosed: DiagnosedRun) {
        (run, schema) = (diagnosed.run, diagnosed.schema)
        (objective, analysis) = (diagnosed.evidence.objective, diagnosed.evidence.analysis)
        steps = diagnosed.evidence.steps
    }

    // MARK: - The run and theory

    var badStep: String { "SELECT diverged_step, state, state_reason FROM runs WHERE id = \(run.id)" }

    var state: String { "SELECT state, state_reason, final_loss FROM runs WHERE id = \(run.id)" }

    /// Of a run that has not ended, at its last step.
    var finalExcess: String {
        guard run.state.isFinal else {
            return "SELECT excess, step FROM excess WHERE run_id = \(run.id) ORDER BY step DESC LIMIT 1"
        }
        let distances = schema.parameters.indices.map { i in
            "max(CASE name WHEN \(schema.parameters[i].sqlText) THEN final END) - \(optimum[i]) AS \(parameters[i])"
        }
        return """
            WITH \(known) SELECT 0.5 * \(scale)(\(squaredDistance)) AS excess \
            FROM (SELECT \(distances.joined(separator: ", ")), known.* FROM run_parameters, known WHERE run_id = \(run.id))
            """
    }

    /// Of two parameters the smaller one from the determinant, so that nothing cancels.
    var curvature: String {
        let smallest =
            parameters.count == 2
            ? "(\(hessian(0, 0)) * \(hessian(1, 1)) - \(hessian(0, 1)) * \(hessian(0, 1))) / largest"
            : curvature(along: objective.surface.eigensystem.vectors.last ?? [])
        return "WITH \(axes) SELECT \(scale)largest AS largest, \(scale)\(smallest) AS smallest FROM axes"
    }

    /// With the edge, where there is one.
    var product: String {
        let edge = """
            , 2 * (1 + json_extract(config, '$.optimizer.hyperparameters.momentum')) / (1 + json_extract(config, \
            '$.optimizer.hyperparameters.nesterov') * 2 * json_extract(config, '$.optimizer.hyperparameters.momentum')) AS edge
            """
        return """
            WITH \(axes) SELECT learning_rate * \(batchScale)largest AS product\(analysis.edge == nil ? "" : edge) FROM axes
            """
    }

    /// The power iteration that finds how much larger a step makes the second moment in the end, its sum a + c being that of
    /// one before divided by the one before that.
    ///
    /// With φ = x^p the mean over the samples of hMh takes the means of φ⁰ to φ⁴.
    var growth: String {
        let spread =
            analysis.method.drawsIndependently
            ? "1.0 / batch_size" : "(samples - batch_size) / (batch_size * max(samples - 1.0, 1.0))"
        let means = (0...4).map { "avg(\(power(0, times: $0))) AS p\($0)" }.joined(separator: ", ")
        let entry = { (square: String, power: Int) in
            "eta * eta * ((1 - f) * (\(square)) + f * 4 * k * k * (a * p\(power + 2) + 2 * b * p\(power + 1) + c * p\(power)))"
        }
        return """
            WITH RECURSIVE \(known), means AS (SELECT \(means) FROM dataset_rows WHERE dataset_id = \(data)), batches AS (SELECT *, \
            learning_rate AS eta, \(spread) AS f, \(batchScale)1.0 AS k, \(batchScale)\(hessian(0, 0)) AS h, \
            \(batchScale)\(hessian(0, 1)) AS i, \(batchScale)\(hessian(1, 1)) AS j FROM known, means), \
            moments (n, a, b, c) AS (SELECT 0, 1.0, 0.0, 1.0 UNION ALL SELECT n + 1, \
            (a - 2 * eta * (h * a + i * b) + \(entry("h * (h * a + i * b) + i * (h * b + i * c)", 2))) / (a + c), \
            (b - eta * (h * b + i * c + i * a + j * b) + \(entry("i * (h * a + i * b) + j * (h * b + i * c)", 1))) / (a + c), \
            (c - 2 * eta * (i * b + j * c) + \(entry("i * (i * a + j * b) + j * (i * b + j * c)", 0))) / (a + c) \
            FROM moments, batches WHERE n < 500) SELECT a + c AS growth FROM moments ORDER BY n DESC LIMIT 1
            """
    }

    func sample(_ sample: OutlierSample) -> String {
        let place = "FROM dataset_rows WHERE dataset_id = \(data) AND position = \(sample.position)"
        let part: String
        switch sample.fault {
        case .notFinite: return "SELECT position, x, y \(place)"
        case .leverage: part = "(\(schema.parameters.indices.map { power($0, times: 2) }.joined(separator: " + ")))"
        case .residual:
            let terms = optimum.indices.map { power($0) == "1" ? optimum[$0] : "\(optimum[$0]) * \(power($0))" }
            let residual = "(\(terms.joined(separator: " + ")) - y)"
            part = "\(residual) * \(residual)"
        }
        return """
            WITH samples AS (SELECT position, x, y, \(part) AS part FROM dataset_rows LEFT JOIN \(optimumView) USING (dataset_id) WHERE \
            dataset_id = \(data)) SELECT part / (SELECT sum(part) FROM samples) AS share, position, x, y FROM samples WHERE \
            position = \(sample.position)
            """
    }

    // MARK: - The steps

    var steepGrowth: String {
        """
        WITH \(axes) SELECT min(step) FROM (SELECT step, abs(a) AS distance, lag(abs(a)) OVER (ORDER BY step) AS before FROM \
        (SELECT step, \(steepest) AS a FROM \(table), axes WHERE run_id = \(run.id))) WHERE distance > before
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
        SELECT min(step) FROM \(table) WHERE run_id = \(run.id) AND \(greatest(parameters.map { "abs(\($0))" })) > \
        \(exact(steps.overflowLimit))
        """
    }

    /// An excess beyond all numbers is not a number, and in SQL nothing.
    var lossOverflow: String {
        let sum = objective.loss == .mse ? "samples" : objective.loss == .halfMean ? "2 * samples" : "2"
        return """
            WITH \(known) SELECT min(step) FROM excess, known WHERE run_id = \(run.id) AND coalesce(\(sum) * (excess + \
            \(scale)minimum), 9e999) > \(exact(objective.largestSum))
            """
    }

    func rise(_ rise: StepStatistics.Rise) -> String {
        """
        WITH \(known), losses AS (SELECT step, excess + \(scale)minimum AS loss FROM excess, known WHERE run_id = \(run.id)) \
        SELECT loss / (SELECT max(\(exact(objective.smallestMeaningfulExcess)), loss) FROM losses WHERE step = \(rise.since)) AS \
        factor, step FROM losses WHERE step = \(rise.step)
        """
    }

    var turning: String {
        """
        WITH \(axes) SELECT avg((a < 0) <> (before < 0)) FROM (SELECT a, lag(a) OVER (ORDER BY step) AS before FROM (SELECT step, \
        \(steepest) AS a FROM \(table), axes WHERE run_id = \(run.id) AND step >= \(half) - 1))
        """
    }

    var progress: String {
        """
        SELECT avg(excess) FILTER (WHERE step >= \(lastQuarter)) / avg(excess) FILTER (WHERE step < \(lastQuarter)) FROM excess WHERE \
        run_id = \(run.id) AND step >= \(half) AND excess < 9e999
        """
    }

    var lateExcess: String {
        "SELECT avg(excess) FROM excess WHERE run_id = \(run.id) AND step >= \(lastQuarter) AND excess < 9e999"
    }

    /// At the mean of the last quarter's parameters, as a part of their mean excess.
    var shift: String {
        let distances = schema.parameters.indices.map { i in
            "avg(\(parameters[i]) - \(optimum[i])) AS \(parameters[i])"
        }
        return """
            WITH \(known) SELECT 0.5 * \(scale)(\(squaredDistance)) / (\(lateExcess)) AS shift FROM (SELECT \
            \(distances.joined(separator: ", ")), known.* FROM \(table), known WHERE run_id = \(run.id) AND step >= \(lastQuarter))
            """
    }

    func gradient(at step: Int) -> String {
        let all = schema.parameters.indices
        let differences = all.map { "abs(\(gradients[$0]) - exact_\(gradients[$0]))" }
        let sizes = (parameters + optimum).map { "abs(\($0))" }.joined(separator: " + ")
        let slopes = all.map { i in
            let terms = all.map { j in "\(hessian(min(i, j), max(i, j))) * (\(parameters[j]) - \(optimum[j]))" }
            return "\(scale)(\(terms.joined(separator: " + "))) AS exact_\(gradients[i])"
        }
        let curvature = "\(scale)largest"
        return """
            WITH \(axes) SELECT \(greatest(differences)) / (\(curvature) * (\(sizes)) + sqrt(2 * \(scale)\(curvature) * \(scale)max(0, \
            minimum))) AS deviation, \(gradients.map { "\($0), exact_\($0)" }.joined(separator: ", ")) FROM (SELECT \(table).*, \
            axes.*, \(slopes.joined(separator: ", ")) FROM \(table), axes WHERE run_id = \(run.id) AND step = \(step))
            """
    }

    // MARK: - Names

    private var table: String { schema.table.sqlIdentifier }
    private var optimumView: String { schema.optimumView.sqlIdentifier }
    private var parameters: [String] { schema.indices(of: .parameter).map { schema.columns[$0].name.sqlIdentifier } }
    private var gradients: [String] { schema.indices(of: .gradient).map { schema.columns[$0].name.sqlIdentifier } }
    private var optimum: [String] { schema.optimumColumns.parameters.map(\.sqlIdentifier) }
    private var data: Int64 { run.plan.datasetID ?? 0 }

    /// The column of the second derivative in the parameters i ≤ j.
    private func hessian(_ i: Int, _ j: Int) -> String { schema.optimumColumns.hessian[i][j - i].sqlIdentifier }

    // MARK: - Parts

    /// SQL: a factor that makes the loss of the mean squared error.
    private var scale: String {
        switch objective.loss {
        case .mse: ""
        case .halfMean: "0.5 * "
        case .halfSum: "0.5 * samples * "
        }
    }

    /// SQL: the factor of gradients, of which a batch has only its part where the loss is a sum.
    private var batchScale: String {
        objective.loss == .halfSum && !analysis.method.isFullBatch ? "0.5 * batch_size * " : scale
    }

    /// SQL: a common table `known` of one row: what is known of the loss, and what the run is.
    private var known: String {
        """
        known AS (SELECT o.*, samples, learning_rate, batch_size, config FROM runs JOIN datasets ON datasets.id = runs.dataset_id JOIN \
        \(optimumView) AS o ON o.dataset_id = datasets.id WHERE runs.id = \(run.id))
        """
    }

    /// SQL: that and the largest curvature of the mean squared error, with the direction along which it is.
    ///
    /// Of two parameters operation by operation as `Eigensystem` has it, so that both give the same bits.
    private var axes: String {
        switch parameters.count {
        case 1: return "\(known), axes AS (SELECT *, \(hessian(0, 0)) AS largest, 1.0 AS steep_1 FROM known)"
        case 2:
            let (first, mixed, second) = (hessian(0, 0), hessian(0, 1), hessian(1, 1))
            return """
                \(known), halves AS (SELECT *, (\(first) - \(second)) / 2 AS half FROM known), roots AS (SELECT *, \
                sqrt(half * half + \(mixed) * \(mixed)) AS root FROM halves), directions AS (SELECT *, CASE WHEN half < 0 THEN \(mixed) \
                ELSE half + root END AS along_1, CASE WHEN half < 0 THEN root - half ELSE \(mixed) END AS along_2 FROM roots), \
                axes AS (SELECT *, (\(first) + \(second)) / 2 + root AS largest, coalesce(along_1 / sqrt(along_1 * along_1 + along_2 * \
                along_2), 1) AS steep_1, coalesce(along_2 / sqrt(along_1 * along_1 + along_2 * along_2), 0) AS steep_2 FROM directions)
                """
        default:
            let direction = objective.surface.eigensystem.vectors[0]
            let parts = direction.indices.map { "\(exact(direction[$0])) AS steep_\($0 + 1)" }
            return """
                \(known), axes AS (SELECT *, \(curvature(along: direction)) AS largest, \(parts.joined(separator: ", ")) FROM known)
                """
        }
    }

    private func curvature(along direction: [Double]) -> String {
        let terms = pairs { i, j in
            "\(exact(i == j ? direction[i] * direction[i] : 2 * direction[i] * direction[j])) * \(hessian(i, j))"
        }
        return "(\(terms))"
    }

    /// SQL: d'Hd of the distances that stand in the names of the parameters.
    private var squaredDistance: String {
        pairs { i, j in "\(i == j ? "" : "2 * ")\(hessian(i, j)) * \(parameters[i]) * \(parameters[j])" }
    }

    /// SQL: the distance from the minimum along the steepest direction.
    private var steepest: String {
        parameters.indices.map { "steep_\($0 + 1) * (\(parameters[$0]) - \(optimum[$0]))" }.joined(separator: " + ")
    }

    /// SQL: the first step of the second half, and that of the last quarter.
    private var half: String { place("(count(*) + 1) / 2") }
    private var lastQuarter: String { place("(3 * count(*) + 3) / 4") }

    private func place(_ distance: String) -> String {
        "(SELECT min(step) + \(distance) FROM \(table) WHERE run_id = \(run.id))"
    }

    /// SQL: a parameter's feature of a sample, x^p, raised to a power.
    private func power(_ index: Int, times exponent: Int = 1) -> String {
        let count = (objective.samples.features?.powers[index] ?? 0) * exponent
        return count == 0 ? "1" : Array(repeating: "x", count: count).joined(separator: "*")
    }

    /// SQL: the sum over the upper triangle, row by row.
    private func pairs(_ term: (Int, Int) -> String) -> String {
        let all = schema.parameters.indices
        return all.flatMap { i in (i..<all.upperBound).map { j in term(i, j) } }.joined(separator: " + ")
    }

    /// SQL: the largest of some values; of one alone `max` would be an aggregate.
    private func greatest(_ values: [String]) -> String {
        values.count == 1 ? values[0] : "max(\(values.joined(separator: ", ")))"
    }

    private func exact(_ value: Double) -> String {
        let text = NumberText.exact(value)
        return value < 0 ? "(\(text))" : text
    }
}
