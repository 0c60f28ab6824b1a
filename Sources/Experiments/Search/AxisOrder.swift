import Learning
import TextFormats

/// Puts a search space's axes in an order in which every condition looks back, and refuses what has no such order.
struct AxisOrder {
    private let axes: [SearchSpace.Axis]

    init(_ axes: [SearchSpace.Axis]) throws(ExperimentError) {
        self.axes = axes
        for axis in axes { try Self.checkCondition(of: axis, among: axes) }
        try checkRepeats()
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
                    .invalidValue, about: waiting.first?.setting.flag,
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
                guard !SearchSpace.Condition.canBothHold(other.condition, axis.condition, among: axes) else {
                    let list = (other.words + axis.words).prefix(4).joined(separator: ",")
                    throw ExperimentError(
                        .invalidValue, about: axis.setting.flag,
                        "'\(axis.setting.name)' is given twice, as '\(other)' and as '\(axis)', and one configuration can have "
                            + "both",
                        advice:
                            "give one list, such as \(axis.setting.assigning(list)), or conditions that exclude each other"
                    )
                }
            }
        }
    }

    /// Refuses a condition on what no point has.
    static func checkCondition(
        of axis: SearchSpace.Axis, among axes: [SearchSpace.Axis]
    ) throws(ExperimentError) {
        guard let condition = axis.condition else { return }
        let setting = axis.setting
        let asked = axes.filter { $0.setting == condition.setting }
        guard !asked.isEmpty, condition.setting != setting else {
            let names = axes.map(\.setting).filter { $0 != setting }.map(\.name).withoutRepeats()
            throw ExperimentError(
                .invalidValue, about: setting.flag,
                "'\(setting.name)' depends on '\(condition.setting.name)', which this sweep does not set"
                    + "\(NearestName.hint(for: condition.setting.name, among: names))",
                advice: names.isEmpty
                    ? "add \(condition.setting.assigning("VALUES"))" : "it sets \(names.joined(separator: ", "))")
        }
        guard asked.allSatisfy({ !$0.isSampled }) else {
            throw ExperimentError(
                .invalidValue, about: setting.flag,
                "'\(setting.name)' depends on '\(condition.setting.name)', which is drawn from a range",
                advice: "a condition needs a list of values")
        }
        let values = asked.flatMap(\.listed)
        for value in condition.values where !values.contains(where: { ValueList.areEqual($0, value) }) {
            throw ExperimentError(
                .invalidValue, about: setting.flag,
                "'\(setting.name)' depends on \(condition.setting.name)=\(value), which never "
                    + "holds\(NearestName.hint(for: value, among: values))",
                advice: "the values are \(values.joined(separator: ", "))")
        }
    }
}

extension SearchSpace.Condition {
    /// Whether a point may meet both, as far as what they ask for tells; no condition is always met.
    ///
    /// A condition on a setting that itself has conditions implies those: `momentum=0.9` is met only where there is a
    /// momentum.
    static func canBothHold(_ first: Self?, _ second: Self?, among axes: [SearchSpace.Axis]) -> Bool {
        guard let first, let second else { return true }
        let others = second.implications(among: axes)
        return !first.implications(among: axes).contains { condition in others.contains(where: condition.excludes) }
    }

    /// This condition, the one that it implies, the one that that one implies, and so on.
    private func implications(among axes: [SearchSpace.Axis]) -> [Self] {
        var chain = [self]
        // It is no longer than there are axes, unless it is a circle, which is refused elsewhere.
        while chain.count <= axes.count, let next = chain.last?.implied(by: axes) { chain.append(next) }
        return chain
    }

    /// What holds wherever one of the axes gives its setting a value that it asks for.
    private func implied(by axes: [SearchSpace.Axis]) -> Self? {
        let conditions = axes.filter { $0.setting == setting && $0.listed.contains(where: includes) }.map(\.condition)
        let known = conditions.compactMap { $0 }
        guard known.count == conditions.count, let first = known.first,
            known.allSatisfy({ $0.setting == first.setting })
        else { return nil }
        return Self(setting: first.setting, values: known.flatMap(\.values))
    }

    private func excludes(_ other: Self) -> Bool {
        setting == other.setting && !values.contains(where: other.includes)
    }

    /// Whether it is met by this value of its setting.
    func includes(_ value: String) -> Bool {
        values.contains { ValueList.areEqual($0, value) }
    }
}

extension SearchSpace.Axis: CustomStringConvertible {
    /// As it would be typed behind the setting's flag.
    package var description: String {
        words.joined(separator: ",") + (condition.map { " if \($0)" } ?? "")
    }

    /// Its values, or the range that they are drawn from.
    var words: [String] {
        switch values {
        case .list(let values): values
        case .sampled(let distribution): ["\(distribution)"]
        }
    }
}

extension SearchSpace.Condition: CustomStringConvertible {
    package var description: String { "\(setting.name)=\(values.joined(separator: ","))" }
}
