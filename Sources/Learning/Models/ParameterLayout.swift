/// The names and shapes of a model's parameters, and their places in one flat list of numbers.
///
/// Optimizers, step rows and final values see the flat list: parameter after parameter, a tensor row by row. A scalar
/// parameter keeps its name there, the scalars of a tensor get their indices: `c` of shape [3] is `c_0`, `c_1`, `c_2`.
package struct ParameterLayout: Sendable, Hashable {
    /// One parameter.
    package struct Parameter: Sendable, Hashable {
        package let name: String
        /// Empty for a scalar.
        package let shape: [Int]
        /// Where its scalars are in the flat list.
        package let range: Range<Int>

        /// Names of its scalars, row by row.
        var scalarNames: [String] {
            shape.reduce([name]) { names, size in
                names.flatMap { name in (0..<size).map { "\(name)_\($0)" } }
            }
        }
    }

    /// In the model's order, which is the order in which initial values are drawn.
    package let parameters: [Parameter]
    /// The names of all scalars, in flat order.
    package let names: [String]

    /// Names become columns of a table and stand in messages beside those of a step's other numbers.
    ///
    /// - Precondition: there is at least one parameter, no size is below 1, and all names of scalars differ. A name is
    ///   written in small letters, digits and underscores, begins with a letter but not with `grad_`, and is not one of
    ///   ``reservedNames``.
    package init(_ shapes: [(name: String, shape: [Int])]) {
        var parameters: [Parameter] = []
        for (name, shape) in shapes {
            precondition(Self.isColumnName(name), "'\(name)' is no name for a parameter")
            precondition(
                !Self.reservedNames.contains(name), "'\(name)' is no name for a parameter: a step has that already")
            precondition(shape.allSatisfy { $0 > 0 }, "the parameter \(name) has the shape \(shape)")
            let start = parameters.last?.range.upperBound ?? 0
            parameters.append(Parameter(name: name, shape: shape, range: start..<start + shape.reduce(1, *)))
        }
        precondition(!parameters.isEmpty, "a model has at least one parameter")
        self.parameters = parameters
        names = parameters.flatMap(\.scalarNames)
        precondition(Set(names).count == names.count, "two parameters have the same name among \(names)")
    }

    /// What a step has beside parameters and gradients.
    package static let reservedNames: Set<String> = ["step", "epoch", "loss", "learning_rate", "lr"]

    /// Scalar parameters of these names.
    package init(scalars names: [String]) {
        self.init(names.map { ($0, []) })
    }

    /// The number of scalars.
    package var count: Int { names.count }

    /// Where a scalar is in the flat list; nil if there is none of that name.
    package func position(of name: String) -> Int? {
        names.firstIndex(of: name)
    }

    /// The gradient of a scalar as rows and messages call it.
    package static func gradientName(of name: String) -> String {
        "grad_\(name)"
    }

    private static func isColumnName(_ name: String) -> Bool {
        guard let first = name.first, first.isASCII, first.isLowercase else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
            && !name.hasPrefix(gradientName(of: ""))
    }
}
