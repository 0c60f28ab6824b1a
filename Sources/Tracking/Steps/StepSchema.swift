/// The real-valued columns of one table of steps, and what each holds.
///
/// This is the only description of a step table: what creates, writes, reads, lists, merges, checks, compares and
/// exports its rows takes names and order from here. It is a function of a model with its arguments. Every table also has
/// `run_id`, `step`, `epoch`, `elapsed_ns`, and `ieee_bytes` (see `ExactReals`).
package struct StepSchema: Sendable, Hashable {
    /// A column of real numbers.
    package struct Column: Sendable, Hashable {
        package enum Role: String, Sendable {
            /// The loss of the step's batch.
            case loss
            case learningRate = "learning_rate"
            /// A parameter before the step's update.
            case parameter
            /// The gradient of the step's loss with respect to a parameter.
            case gradient
        }

        package let name: String
        package let role: Role
        /// Whose value or gradient it is; nil for a column of no single parameter.
        package let parameter: String?
    }

    /// The model with its arguments, such as `polynomial:degree=5`.
    package let model: String
    package let table: String
    /// In the order of the table, which is also that of a row's values.
    package let columns: [Column]

    /// The columns of a model's steps: loss, learning rate, the parameters, and their gradients.
    ///
    /// `parameters` are the names of the model's scalars, each once. A name that another column has gets a number.
    package init(model: String, parameters: [String]) {
        var names = ColumnNames(taken: Self.headerColumns + [Self.bytesColumn])
        self.init(
            model: model, table: Self.tableName(ofModel: model),
            columns: [
                Column(name: names.take("loss"), role: .loss, parameter: nil),
                Column(name: names.take("learning_rate"), role: .learningRate, parameter: nil),
            ] + parameters.map { Column(name: names.take($0), role: .parameter, parameter: $0) }
                + parameters.map { Column(name: names.take("grad_\($0)"), role: .gradient, parameter: $0) })
    }

    /// A table as a file has it.
    init(model: String, table: String, columns: [Column]) {
        self.model = model
        self.table = table
        self.columns = columns
    }

    // MARK: - Columns by what they hold

    /// The place among a row's values of the column with this role, and parameter if it has one; nil if there is none.
    package func index(of role: Column.Role, _ parameter: String? = nil) -> Int? {
        columns.firstIndex { $0.role == role && $0.parameter == parameter }
    }

    /// The places of all columns with this role, in order.
    package func indices(of role: Column.Role) -> [Int] {
        columns.indices.filter { columns[$0].role == role }
    }

    /// The model's scalars in their order.
    package var parameters: [String] {
        columns.filter { $0.role == .parameter }.compactMap(\.parameter)
    }

    // MARK: - What is known of the loss

    /// The columns of the view ``optimumView``: the value of each parameter at the minimum, and the upper triangle of the
    /// Hessian row by row.
    package struct OptimumColumns: Sendable, Hashable {
        package let parameters: [String]
        /// `hessian[i][j - i]` is the second derivative with respect to the parameters i and j.
        package let hessian: [[String]]
    }

    /// `optimum_w`, `hessian_w_b` and so on.
    package var optimumColumns: OptimumColumns {
        var names = ColumnNames(taken: ["dataset_id", "minimum"])
        let parameters = parameters
        return OptimumColumns(
            parameters: parameters.map { names.take("optimum_\($0)") },
            hessian: parameters.indices.map { i in
                parameters[i...].map { names.take("hessian_\(parameters[i])_\($0)") }
            })
    }

    /// The view that has what is known of the loss in one row per data set: `dataset_id`, `minimum`, ``optimumColumns``.
    package var optimumView: String { String(table.dropLast("_steps".count)) + "_optimum" }

    // MARK: - Columns that every table has

    static let headerColumns = ["run_id", "step", "epoch", "elapsed_ns"]
    static let bytesColumn = "ieee_bytes"

    /// Every column but the run's id, in the order of the table.
    package var allColumns: [String] {
        ["step", "epoch"] + columns.map(\.name) + ["elapsed_ns", Self.bytesColumn]
    }

    /// `quadratic` has its steps in a table of that name and `_steps`; what no plain name may hold becomes `_`.
    private static func tableName(ofModel model: String) -> String {
        let words = model.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let name = words.joined(separator: "_")
        return (name.first.map(\.isLetter) ?? false ? name : "model_" + name) + "_steps"
    }
}

/// Gives columns names that differ, whatever their case, as SQLite's do.
struct ColumnNames {
    private var taken: Set<String>

    init(taken: [String]) {
        self.taken = Set(taken)
    }

    mutating func take(_ wanted: String) -> String {
        var name = wanted
        var number = 2
        while !taken.insert(name.lowercased()).inserted {
            name = "\(wanted)_\(number)"
            number += 1
        }
        return name
    }
}
