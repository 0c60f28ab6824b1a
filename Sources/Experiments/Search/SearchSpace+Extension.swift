import TextFormats

extension SearchSpace {
    /// This space with further values and seeds, given as for a sweep; it has every point that it had before.
    ///
    /// Only settings that the sweep varies or fixes can get more values: of any other, the runs that are there have the
    /// default, which the new runs would not have.
    ///
    /// Where configurations are drawn, there can be more of them, `trials` such as `+32`, and more seeds.
    package func extended(
        fields: [RunSetting: String], settings: [String], seeds: String?, trials: String? = nil
    ) throws(ExperimentError) -> SearchSpace {
        guard search.method != .halving else {
            throw ExperimentError(
                .conflict,
                "a halving sweep cannot be extended, because its rungs are ranked without the new runs",
                advice: "start another sweep under a new name")
        }
        if search.trials != nil,
            let subject = RunSetting.all.first(where: { fields[$0] != nil })?.subject
                ?? (settings.isEmpty ? nil : .hyperparameters)
        {
            throw ExperimentError(
                .invalidValue, about: subject,
                "the sweep's configurations are drawn, and other values would draw other ones",
                advice: "give more with \(option: "trials") +32, or seeds")
        }
        let search = try trials.map { text throws(ExperimentError) in try self.search.adding(text) } ?? self.search
        var additions: [Axis] = []
        for field in RunSetting.all {
            if let text = fields[field] { additions += try Self.axes(of: .field(field), text) }
        }
        for text in settings {
            let assignment = try Assignment(text)
            additions += try Self.axes(of: .hyperparameter(assignment.name), assignment.value)
        }
        var extended = ExtendedAxes(axes)
        // What has a condition may ask for values that are new themselves.
        for axis in additions where axis.condition == nil { try extended.add(axis) }
        for axis in additions where axis.condition != nil { try extended.add(axis) }
        let added = try seeds.map { text throws(ExperimentError) in try SeedList.seeds(of: text) } ?? []
        return try SearchSpace(axes: extended.axes, seeds: (self.seeds + added).withoutRepeats(), search: search)
    }
}

/// A space's axes with further values, among which every point that there was is still one.
private struct ExtendedAxes {
    private let old: [SearchSpace.Axis]
    private(set) var axes: [SearchSpace.Axis]

    init(_ axes: [SearchSpace.Axis]) {
        old = axes
        self.axes = axes
    }

    /// Adds values to every axis of their setting; with a condition only where that holds, which may part an axis in two.
    ///
    /// A condition on values that are new themselves makes an axis of its own.
    mutating func add(_ addition: SearchSpace.Axis) throws(ExperimentError) {
        try checkSingle(addition)
        guard case .list(let values) = addition.values else {
            throw ExperimentError(
                .invalidValue, about: addition.setting.subject, "a grid cannot get a range to draw from",
                advice: "give values, such as lin:0:1:5")
        }
        guard let condition = addition.condition else {
            guard axes.contains(where: { $0.setting == addition.setting }) else { throw unknown(addition) }
            axes = axes.map { $0.setting == addition.setting ? $0.adding(values) : $0 }
            return
        }
        try AxisOrder.checkCondition(of: addition, among: axes)
        var extended: [SearchSpace.Axis] = []
        var open = condition.values
        for axis in axes {
            guard axis.setting == addition.setting else {
                extended.append(axis)
                continue
            }
            let parted = try part(axis, at: condition, for: addition)
            if let inner = parted.inner {
                extended.append(inner.adding(values))
                open.removeAll { inner.condition?.includes($0) ?? true }
            }
            if let outer = parted.outer { extended.append(outer) }
        }
        if !open.isEmpty {
            let known = old.filter { $0.setting == condition.setting }.flatMap(\.listed)
            guard !open.contains(where: { value in known.contains { ValueList.areEqual($0, value) } }) else {
                throw unknown(addition)
            }
            extended.append(
                SearchSpace.Axis(
                    setting: addition.setting, values: addition.values,
                    condition: SearchSpace.Condition(setting: condition.setting, values: open)))
        }
        axes = extended
    }

    /// The part of an axis for which a condition holds, and the part for which it does not; nil for a part without points.
    private func part(
        _ axis: SearchSpace.Axis, at condition: SearchSpace.Condition, for addition: SearchSpace.Axis
    ) throws(ExperimentError) -> (inner: SearchSpace.Axis?, outer: SearchSpace.Axis?) {
        let values: [String]
        if let own = axis.condition {
            guard own.setting == condition.setting else {
                guard SearchSpace.Condition.canBothHold(own, condition, among: axes) else { return (nil, axis) }
                throw unknown(addition)
            }
            values = own.values
        } else {
            let asked = axes.filter { $0.setting == condition.setting }
            // Only of a setting that every point has can the other values be named.
            guard asked.count == 1, asked[0].condition == nil else { throw unknown(addition) }
            values = asked[0].listed
        }
        let inner = values.filter(condition.includes)
        let outer = values.filter { !condition.includes($0) }
        if outer.isEmpty { return (axis, nil) }
        if inner.isEmpty { return (nil, axis) }
        return (
            axis.limited(to: SearchSpace.Condition(setting: condition.setting, values: inner)),
            axis.limited(to: SearchSpace.Condition(setting: condition.setting, values: outer))
        )
    }

    /// What a sweep holds one value of was settled before its first run.
    private func checkSingle(_ addition: SearchSpace.Axis) throws(ExperimentError) {
        guard !addition.setting.mayBeConditional,
            let value = axes.first(where: { $0.setting == addition.setting })?.listed.first, [value] != addition.listed
        else { return }
        throw ExperimentError(
            .invalidValue, about: addition.setting.subject, "a sweep has one, and this one's is '\(value)'",
            advice: "start another sweep under a new name")
    }

    private func unknown(_ addition: SearchSpace.Axis) -> ExperimentError {
        let own = axes.filter { $0.setting == addition.setting }.compactMap(\.condition)
        let names = axes.map(\.setting.name).withoutRepeats().joined(separator: ", ")
        return ExperimentError(
            .invalidValue, about: addition.setting.subject,
            "the sweep does not set it\(addition.condition == nil ? "" : " under this condition"), so its "
                + "runs could not be told from the new ones",
            advice: own.isEmpty
                ? "it sets \(names.isEmpty ? "only seeds" : names)"
                : "it sets it if \(own.map(\.description).joined(separator: ", and if "))")
    }
}

extension SearchSpace.Axis {
    /// With these values behind its own.
    fileprivate func adding(_ more: [String]) -> Self {
        let new = more.filter { value in !listed.contains { ValueList.areEqual($0, value) } }
        return Self(setting: setting, values: .list(listed + new), condition: condition)
    }

    fileprivate func limited(to condition: SearchSpace.Condition) -> Self {
        Self(setting: setting, values: values, condition: condition)
    }
}
