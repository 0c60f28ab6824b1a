import TextFormats
import Theory
import Tracking

/// A model's loss surface in SQL, with `o` the view that holds it.
struct SurfaceSQL {
    let model: String
    let view: String
    /// The names of the parameters, and those of their optimum's columns.
    let names: [String]
    let optimum: [String]
    /// The names of the parameters as texts.
    let parameterTexts: [String]
    private let hessian: [[String]]
    /// The exponents of the model's features; nil for one that is no sum of powers.
    let powers: [Int]?

    /// Of the problems of one model; nil unless a surface of these parameters is known of some of them.
    init?(_ schema: StepSchema, _ problems: [OptimizationProblem]) {
        guard let objective = problems.lazy.compactMap(\.objective).first,
            objective.surface.parameters == schema.parameters
        else { return nil }
        model = problems[0].model
        view = schema.optimumView.sqlIdentifier
        names = schema.parameters.map(\.sqlIdentifier)
        parameterTexts = schema.parameters.map(\.sqlText)
        optimum = schema.optimumColumns.parameters.map(\.sqlIdentifier)
        hessian = schema.optimumColumns.hessian.map { $0.map(\.sqlIdentifier) }
        powers = objective.samples.features?.powers
    }

    /// What `run_parameters` is called for each parameter: its name, unless another table has it.
    var aliases: [String] {
        names.enumerated().map { ["r", "d", "o", "e", "n"].contains($1.lowercased()) ? "p\($0)" : $1 }
    }

    func isParameter(_ index: Int) -> String {
        "\(aliases[index]).run_id = r.id AND \(aliases[index]).name = \(parameterTexts[index])"
    }

    /// d'Hd with d the distance of the final parameters from the optimum, a line per term, indented by so many blanks.
    func squares(_ indentation: Int) -> String {
        let distances = zip(aliases, optimum).map { "(\($0).final - o.\($1))" }
        let terms = hessian.enumerated().flatMap { i, row in
            row.enumerated().map { offset, column in
                "\(offset == 0 ? "" : "2.0 * ")o.\(column) * \(distances[i]) * \(distances[i + offset])"
            }
        }
        return terms.joined(separator: "\n" + String(repeating: " ", count: indentation) + "+ ")
    }

    /// The final excess of `runs AS r` on `datasets AS d`, without a join.
    var finalExcess: String {
        let parameters = aliases.indices.map {
            "\n            JOIN run_parameters AS \(aliases[$0]) ON \(isParameter($0))"
        }
        return """
            (
                        SELECT 0.5 * \(RunSQL.scale)
                        * (\(squares(15)))
                        FROM \(view) AS o\(parameters.joined())
                        WHERE o.dataset_id = d.id)
            """
    }

    /// The largest eigenvalue of two parameters' Hessian, its lines indented by so many blanks more.
    var largest: ((Int) -> String)? {
        guard names.count == 2 else { return nil }
        let (first, mixed, second) = ("o.\(hessian[0][0])", "o.\(hessian[0][1])", "o.\(hessian[1][0])")
        return { indentation in
            let blanks = String(repeating: " ", count: indentation)
            return """
                (\(first) + \(second)) / 2
                    \(blanks)    + sqrt((\(first) - \(second)) / 2 * ((\(first) - \(second)) / 2)
                    \(blanks)        + \(mixed) * \(mixed))
                """
        }
    }

    var determinant: String? {
        guard names.count == 2 else { return nil }
        return "o.\(hessian[0][0]) * o.\(hessian[1][0]) - o.\(hessian[0][1]) * o.\(hessian[0][1])"
    }
}
