import Learning
import TextFormats

extension SearchSpace {
    /// This space with further values and seeds, given as for a sweep; it has every point that it had before.
    ///
    /// Only settings that the sweep varies or fixes can get more values, and hyperparameters that it does not set, whose
    /// default then stands beside the new values: that is what the runs that are there have.
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
            guard axes.contains(where: { $0.setting == addition.setting }) else {
                return try addBesideDefaults(addition, of: optimizers)
            }
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
        let before = old.filter { $0.setting == condition.setting }.flatMap(\.listed)
        let isKnown = { (value: String) in before.contains { ValueList.areEqual($0, value) } }
        let new = open.filter { !isKnown($0) }
        if !new.isEmpty {
            extended.append(
                addition.limited(to: SearchSpace.Condition(setting: condition.setting, values: new)))
        }
        axes = extended
        let known = open.filter(isKnown)
        if known.isEmpty { return }
        guard condition.setting == .field(.optimizer) else { throw unknown(addition) }
        try addBesideDefaults(addition, of: known)
    }

    /// The optimizers of the runs that are there, and of new ones.
    private var optimizers: [String] {
        let listed = axes.filter { $0.setting == .field(.optimizer) }.flatMap(\.listed)
        return listed.isEmpty ? [RunSpec().configuration.optimizer.name] : listed
    }

    /// Adds an axis to those of the optimizers that have the hyperparameter.
    ///
    /// The runs that are there have its default, which therefore stands before the further values.
    private mutating func addBesideDefaults(
        _ addition: SearchSpace.Axis, of optimizers: [String]
    ) throws(ExperimentError) {
        // A recipe has defaults of its own.
        guard case .hyperparameter(let name) = addition.setting,
            !axes.contains(where: { $0.setting == .field(.recipe) })
        else { throw unknown(addition) }
        var defaults: [(value: String, optimizers: [String])] = []
        for optimizer in optimizers {
            let table = (try? OptimizerRegistry.descriptor(named: optimizer).hyperparameters) ?? []
            guard let value = table.first(where: { $0.name == name })?.defaultValue?.description else { continue }
            if let index = defaults.firstIndex(where: { $0.value == value }) {
                defaults[index].optimizers.append(optimizer)
            } else {
                defaults.append((value, [optimizer]))
            }
        }
        guard !defaults.isEmpty else { throw unknown(addition) }
        for (value, having) in defaults {
            let axis = SearchSpace.Axis(setting: addition.setting, values: .list([value]), condition: nil)
                .adding(addition.listed)
            let isEvery = having == self.optimizers
            axes.append(
                isEvery ? axis : axis.limited(to: SearchSpace.Condition(setting: .field(.optimizer), values: having)))
        }
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
