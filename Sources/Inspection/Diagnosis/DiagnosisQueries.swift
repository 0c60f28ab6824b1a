import TextFormats
import Theory
import Tracking

/// The SELECTs that show a diagnosis's numbers: the first column of the first row is the number.
///
/// Only what every SQLite has; what takes an iteration, such as an eigenvector, stands in them as a number.
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
        let terms = pairs { i, j in "\(i == j ? "" : "2 * ")\(hessian(i, j)) * \(parameters[i]) * \(parameters[j])" }
        let distances = schema.parameters.indices.map { i in
            "max(CASE name WHEN \(schema.parameters[i].sqlText) THEN final END) - \(optimum[i]) AS \(parameters[i])"
        }
        return """
            SELECT \(exact(0.5 * objective.scale)) * (\(terms)) AS excess \
            FROM (SELECT \(distances.joined(separator: ", ")), o.* FROM run_parameters, \(optimumView) AS o \
            WHERE run_id = \(run.id) AND dataset_id = \(data))
            """
    }

    /// Of two parameters the smaller one from the determinant, so that nothing cancels.
    var curvature: String {
        let smallest =
            parameters.count == 2
            ? "(\(hessian(0, 0)) * \(hessian(1, 1)) - \(hessian(0, 1)) * \(hessian(0, 1))) / \(largest)"
            : curvature(along: objective.surface.eigensystem.vectors.last ?? [])
        return "SELECT \(scale)\(largest) AS largest, \(scale)\(smallest) AS smallest FROM \(optimumView) "
            + "WHERE dataset_id = \(data)"
    }

    /// With the edge, where there is one.
    var product: String {
        let edge = """
            , 2 * (1 + json_extract(config, '$.optimizer.hyperparameters.momentum')) / (1 + json_extract(config, \
            '$.optimizer.hyperparameters.nesterov') * 2 * json_extract(config, '$.optimizer.hyperparameters.momentum')) AS edge
            """
        return """
            SELECT learning_rate * \(exact(analysis.gradientScale)) * \(largest) AS product\(analysis.edge == nil ? "" : edge) \
            FROM runs JOIN \(optimumView) USING (dataset_id) WHERE runs.id = \(run.id)
            """
    }

    /// One step of the map on the second moment that it only makes larger or smaller.
    func growth(_ map: MeanSquareMap) -> String {
        let (first, mixed, second) = (exact(map.moment.first), exact(2 * map.moment.mixed), exact(map.moment.second))
        let (feature, square) = (power(0), power(0, times: 2))
        return """
            WITH h AS (SELECT learning_rate * \(exact(map.scale)) AS s, \(hessian(0, 0)) AS h00, \(hessian(0, 1)) AS h01, \
            \(hessian(1, 1)) AS h11 FROM runs JOIN \(optimumView) USING (dataset_id) WHERE runs.id = \(run.id)), samples AS \
            (SELECT avg(4 * (\(first) * \(square) + \(mixed) * \(feature) + \(second)) * (\(square) + 1)) AS spread FROM \
            dataset_rows WHERE dataset_id = \(data)), hmh AS (SELECT \(first) * (h00 * h00 + h01 * h01) + \(mixed) * h01 * (h00 + h11) + \
            \(second) * (h01 * h01 + h11 * h11) AS hmh FROM h) SELECT 1 + (s * s * (hmh + \(exact(map.spread)) * (spread - hmh)) \
            - 2 * s * (\(first) * h00 + \(mixed) * h01 + \(second) * h11)) / (\(first) + \(second)) AS growth FROM h, samples, hmh
            """
    }

    func sample(_ sample: OutlierSample) -> String {
        let place = "FROM dataset_rows WHERE dataset_id = \(data) AND position = \(sample.position)"
        let part: String
        switch sample.fault {
        case .notFinite: return "SELECT position, x, y \(place)"
        case .leverage: part = "(\(schema.parameters.indices.map { power($0, times: 2) }.joined(separator: " + ")))"
        case .residual:
            let terms = (objective.optimum ?? []).enumerated().map { index, value in
                power(index) == "1" ? exact(value) : "\(exact(value)) * \(power(index))"
            }
            let residual = "(\(terms.joined(separator: " + ")) - y)"
            part = "\(residual) * \(residual)"
        }
        return """
            SELECT \(part) / (SELECT sum(\(part)) FROM dataset_rows WHERE dataset_id = \(data)) AS share, position, x, y \(place)
            """
    }

    // MARK: - The steps

    var steepGrowth: String {
        """
        SELECT min(step) FROM (SELECT step, abs(a) AS distance, lag(abs(a)) OVER (ORDER BY step) AS before FROM \
        (SELECT step, \(steepest) AS a FROM \(table) WHERE run_id = \(run.id))) WHERE distance > before
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
        """
        SELECT min(step) FROM excess WHERE run_id = \(run.id) AND coalesce(\(exact(objective.sumOfSquaresPerLoss)) * (excess + \
        \(exact(objective.minimumLoss ?? 0))), 9e999) > \(exact(objective.largestSum))
        """
    }

    func rise(_ rise: StepStatistics.Rise) -> String {
        let minimum = exact(objective.minimumLoss ?? 0)
        return """
            SELECT (excess + \(minimum)) / (SELECT max(\(exact(objective.smallestMeaningfulExcess)), excess + \(minimum)) FROM \
            excess WHERE run_id = \(run.id) AND step = \(rise.since)) AS factor, step FROM excess WHERE run_id = \(run.id) AND \
            step = \(rise.step)
            """
    }

    var turning: String {
        let range = steps.secondHalf
        return """
            SELECT avg((a < 0) <> (before < 0)) FROM (SELECT a, lag(a) OVER (ORDER BY step) AS before FROM (SELECT step, \
            \(steepest) AS a FROM \(table) WHERE run_id = \(run.id) AND step BETWEEN \
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

    /// At the mean of the last quarter's parameters, as a part of their mean excess.
    var shift: String {
        let terms = pairs { i, j in "\(i == j ? "" : "2 * ")\(hessian(i, j)) * \(parameters[i]) * \(parameters[j])" }
        let distances = schema.parameters.indices.map { i in
            "avg(\(parameters[i]) - \(optimum[i])) AS \(parameters[i])"
        }
        return """
            SELECT \(exact(0.5 * objective.scale)) * (\(terms)) / (\(lateExcess)) AS shift FROM (SELECT \
            \(distances.joined(separator: ", ")), o.* FROM \(table), \(optimumView) AS o WHERE run_id = \(run.id) AND \
            step >= \(steps.lastQuarter.lowerBound) AND dataset_id = \(data))
            """
    }

    func gradient(at step: Int) -> String {
        let all = schema.parameters.indices
        let differences = all.map { "abs(\(gradients[$0]) - exact_\(gradients[$0]))" }
        let sizes = (parameters + optimum).map { "abs(\($0))" }.joined(separator: " + ")
        let residual = exact(objective.residualSize)
        let slopes = all.map { i in
            let terms = all.map { j in "\(hessian(min(i, j), max(i, j))) * (\(parameters[j]) - \(optimum[j]))" }
            return "\(scale)(\(terms.joined(separator: " + "))) AS exact_\(gradients[i])"
        }
        return """
            SELECT \(greatest(differences)) / (\(scale)\(largest) * (\(sizes)) + \(residual)) AS deviation, \
            \(gradients.map { "\($0), exact_\($0)" }.joined(separator: ", ")) FROM (SELECT *, \
            \(slopes.joined(separator: ", ")) FROM \(table) JOIN runs ON runs.id = run_id JOIN \(optimumView) \
            USING (dataset_id) WHERE run_id = \(run.id) AND step = \(step))
            """
    }

    // MARK: - Names

    private var table: String { schema.table.sqlIdentifier }
    private var optimumView: String { schema.optimumView.sqlIdentifier }
    private var parameters: [String] { schema.indices(of: .parameter).map { schema.columns[$0].name.sqlIdentifier } }
    private var gradients: [String] { schema.indices(of: .gradient).map { schema.columns[$0].name.sqlIdentifier } }
    private var optimum: [String] { schema.optimumColumns.parameters.map(\.sqlIdentifier) }
    private var data: Int64 { run.plan.datasetID }

    /// The column of the second derivative in the parameters i ≤ j.
    private func hessian(_ i: Int, _ j: Int) -> String { schema.optimumColumns.hessian[i][j - i].sqlIdentifier }

    // MARK: - Parts

    /// SQL: a factor of the mean squared error's gradients.
    private var scale: String { objective.scale == 1 ? "" : exact(objective.scale) + " * " }

    /// SQL: the largest curvature of the mean squared error, along its eigenvector.
    private var largest: String { curvature(along: objective.surface.eigensystem.vectors[0]) }

    private func curvature(along direction: [Double]) -> String {
        let terms = pairs { i, j in
            "\(exact(i == j ? direction[i] * direction[i] : 2 * direction[i] * direction[j])) * \(hessian(i, j))"
        }
        return "(\(terms))"
    }

    /// SQL: the distance from the minimum along the steepest direction.
    private var steepest: String {
        let direction = objective.surface.eigensystem.vectors[0]
        let optimum = objective.optimum ?? direction.map { _ in 0 }
        return parameters.indices.map { "\(exact(direction[$0])) * (\(parameters[$0]) - \(exact(optimum[$0])))" }
            .joined(separator: " + ")
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
