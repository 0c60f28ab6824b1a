import Learning
import TextFormats

/// Puts a search space's axes in an order in which every condition looks back, and refuses what has no such order.
struct AxisOrder {
    private let axes: [SearchSpace.Axis]

    init(_ axes: [SearchSpace.Axis]) throws(ExperimentError) {
        self.axes = axes
        try checkRepeats()
        try checkConditions()
    }

    /// Free axes in the order they were typed, then each conditional one after those its condition asks for.
    func sorted() throws(ExperimentError) -> [SearchSpace.Axis] {
        var sorted = axes.filter { $0.condition == nil }
        var waiting = axes.filter { $0.condition != nil }
        while !waiting.isEmpty {
            let blocked = Set(waiting.map(\.setting))
            let ready = waiting.filter { axis in axis.condition.map { !blocked.contains($0.setting) } ?? true }
            guard !ready.isEmpty else {
                throw ExperimentError(
                    .invalidValue, about: .hyperparameters,
                    "\(waiting.map { "'\($0.setting.name)'" }.joined(separator: " and ")) depend on each "
                        + "other in a circle",
                    advice: "leave out one of the conditions")
            }
            sorted += ready
            waiting.removeAll { axis in ready.contains(axis) }
        }
        return sorted
    }

    /// One setting may have several lists only where their conditions cannot both hold.
    private func checkRepeats() throws(ExperimentError) {
        for (index, axis) in axes.enumerated() {
            for other in axes[..<index] where other.setting == axis.setting {
                guard let first = other.condition, let second = axis.condition, first.excludes(second) else {
                    throw ExperimentError(
                        .invalidValue, about: .hyperparameters,
                        "'\(axis.setting.name)' is given twice",
                        advice: "give one list, such as "
                            + "\(axis.setting.name)=\((other.listed + axis.listed).prefix(4).joined(separator: ",")), "
                            + "or conditions that exclude each other")
                }
            }
        }
    }

    private func checkConditions() throws(ExperimentError) {
        for case (let setting, let condition?) in axes.map({ ($0.setting, $0.condition) }) {
            let asked = axes.filter { $0.setting == condition.setting }
            guard !asked.isEmpty, condition.setting != setting else {
                throw ExperimentError(
                    .invalidValue, about: .hyperparameters,
                    "'\(setting.name)' depends on '\(condition.setting.name)', which this sweep does not "
                        + "set",
                    advice: "it sets \(axes.map(\.setting.name).withoutRepeats().joined(separator: ", "))")
            }
            guard asked.allSatisfy({ !$0.isSampled }) else {
                throw ExperimentError(
                    .invalidValue, about: .hyperparameters,
                    "'\(setting.name)' depends on '\(condition.setting.name)', which is drawn from a "
                        + "range",
                    advice: "a condition needs a list of values")
            }
            let values = asked.flatMap(\.listed)
            for value in condition.values where !values.contains(where: { ValueList.areEqual($0, value) }) {
                throw ExperimentError(
                    .invalidValue, about: .hyperparameters,
                    "'\(setting.name)' depends on \(condition.setting.name)=\(value), which never "
                        + "holds\(NearestName.hint(for: value, among: values))",
                    advice: "the values are \(values.joined(separator: ", "))")
            }
        }
    }
}

extension SearchSpace.Condition {
    /// Whether no point can meet both.
    fileprivate func excludes(_ other: Self) -> Bool {
        setting == other.setting
            && !values.contains { value in other.values.contains { ValueList.areEqual(value, $0) } }
    }
}
