import Foundation

/// The settings a sweep varies, as axes of a grid, and the seeds on which every configuration is repeated.
///
/// Seeds are replicates, not an axis: they come last in the order of runs, so that a sweep which is stopped
/// early is a complete smaller experiment.
package struct SearchSpace: Sendable, Equatable, Codable {
    /// One setting with its values; with a condition it exists only where another setting has a certain value.
    package struct Axis: Sendable, Equatable, Codable {
        package let setting: SettingName
        package let values: [String]
        package let condition: Condition?
    }

    package struct Condition: Sendable, Equatable, Codable {
        package let setting: SettingName
        package let values: [String]
    }

    /// More points than anyone wants to wait for; also keeps a slip of the pen from filling the memory.
    package static let largestCount = 1_000_000

    package let axes: [Axis]
    package let seeds: [Int64]

    /// Reads a space as it is typed.
    ///
    /// `fields` are the flags of `run`, each with one value or several; `settings` are the arguments of `--set`, such
    /// as `momentum=0,0.9 if optimizer=sgd`; `seeds` is `1..20` or `1,2,5`. Without seeds there are twenty, which
    /// resolve P(A<B) = 0.8 (Noether 1987).
    package init(fields: [RunField: String], settings: [String], seeds: String?) throws(ExperimentError) {
        var axes: [Axis] = []
        for field in RunField.allCases {
            guard let text = fields[field] else { continue }
            guard field != .seed else {
                throw ExperimentError(.invalidValue, "--seed: a sweep has several seeds; give --seeds 1..20")
            }
            let values = field.isList ? try ValueList.values(of: text, flag: field.flag) : [text]
            axes.append(Axis(setting: .field(field), values: values, condition: nil))
        }
        for text in settings {
            axes.append(try Self.axis(ofSetting: text))
        }
        self.axes = axes
        self.seeds = try SeedList.seeds(of: seeds ?? "1..20")
        try checkConditions()
        try checkSize()
    }

    /// Every combination of the axes' values, the last axis turning fastest; conditional axes are the last.
    package func points() -> [RunValues] {
        var points = [RunValues()]
        for axis in axes.filter({ $0.condition == nil }) + axes.filter({ $0.condition != nil }) {
            points = points.flatMap { point in
                axis.condition?.holds(in: point) ?? true
                    ? axis.values.map { point.with(axis.setting, $0) }
                    : [point]
            }
        }
        return points
    }

    /// One text per space: keys sorted, no blanks.
    func canonicalJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private static func axis(ofSetting text: String) throws(ExperimentError) -> Axis {
        // The blank makes a condition that was forgotten behind its "if" an empty one.
        let parts = (text + " ").components(around: " if ")
        let (name, value) = try assignment(in: parts.first, of: text)
        var condition: Condition?
        if let clause = parts.second {
            let (name, value) = try assignment(in: clause, of: text)
            condition = Condition(
                setting: SettingName(name), values: try ValueList.values(of: value, flag: "--set \(text)"))
        }
        return Axis(
            setting: .hyperparameter(name), values: try ValueList.values(of: value, flag: "--set \(name)"),
            condition: condition)
    }

    private static func assignment(
        in part: String, of text: String
    ) throws(ExperimentError) -> (name: String, value: String) {
        let sides = part.components(around: "=")
        guard let value = sides.second, !sides.first.isEmpty, !value.isEmpty else {
            throw ExperimentError(
                .invalidValue,
                "--set: '\(text)' is not a setting; write NAME=VALUE, such as momentum=0.9, "
                    + "or 'momentum=0.5,0.9 if optimizer=sgd'")
        }
        return (sides.first, value)
    }

    private func checkConditions() throws(ExperimentError) {
        let names = axes.map(\.setting)
        for case (let setting, let condition?) in axes.map({ ($0.setting, $0.condition) })
        where !names.contains(condition.setting) || condition.setting == setting {
            throw ExperimentError(
                .invalidValue,
                "--set: '\(setting.name)' depends on '\(condition.setting.name)', which this sweep does not set; "
                    + "it sets \(names.map(\.name).joined(separator: ", "))")
        }
    }

    private func checkSize() throws(ExperimentError) {
        var count = seeds.count
        for axis in axes {
            let (product, overflow) = count.multipliedReportingOverflow(by: axis.values.count)
            guard !overflow, product <= Self.largestCount else {
                throw ExperimentError(
                    .invalidValue,
                    "this sweep has more than \(Self.largestCount) runs; give fewer values, or fewer seeds")
            }
            count = product
        }
    }
}

extension SearchSpace.Condition {
    fileprivate func holds(in point: RunValues) -> Bool {
        point[setting].map { values.contains(ValueList.canonical($0)) } ?? false
    }
}

extension RunValues {
    fileprivate subscript(setting: SettingName) -> String? {
        switch setting {
        case .field(let field): fields[field]
        case .hyperparameter(let name): settings[name]
        }
    }

    fileprivate func with(_ setting: SettingName, _ value: String) -> RunValues {
        var copy = self
        switch setting {
        case .field(let field): copy.fields[field] = value
        case .hyperparameter(let name): copy.settings[name] = value
        }
        return copy
    }
}

extension RunField {
    /// Whether commas separate several values; in a start, a path or a column's name they belong to the value.
    fileprivate var isList: Bool {
        switch self {
        case .initialization, .data, .x, .y: false
        default: true
        }
    }
}

extension String {
    /// What stands before the first `separator` and after it, without surrounding blanks.
    fileprivate func components(around separator: String) -> (first: String, second: String?) {
        guard let range = firstRange(of: separator) else { return (trimmed(self[...]), nil) }
        return (trimmed(self[..<range.lowerBound]), trimmed(self[range.upperBound...]))
    }

    private func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
