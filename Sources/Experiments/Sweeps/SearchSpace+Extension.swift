import Foundation
import TextFormats

extension SearchSpace {
    /// Reads back what a sweep stores.
    init(json: String) throws(ExperimentError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
        } catch {
            throw ExperimentError(
                .conflict,
                "the search space of this sweep cannot be read",
                advice: "it was not planned by gradbook sweep")
        }
    }

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
        var axes = axes
        for field in RunSetting.all {
            guard let text = fields[field] else { continue }
            try Self.checkSingle(field, in: axes, isNow: text)
            try Self.add(field.values(of: text), to: .field(field), where: nil, about: field.subject, in: &axes)
        }
        for text in settings {
            let axis = try Self.axis(of: Assignment(text))
            try Self.add(
                axis.values, to: axis.setting, where: axis.condition,
                about: "\(MessageText.hyperparameters) \(axis.setting.name)", in: &axes)
        }
        let added = try seeds.map { text throws(ExperimentError) in try SeedList.seeds(of: text) } ?? []
        return try SearchSpace(axes: axes, seeds: (self.seeds + added).withoutRepeats(), search: search)
    }

    /// What a sweep holds one value of was settled before its first run.
    private static func checkSingle(
        _ field: RunSetting, in axes: [Axis], isNow text: String
    ) throws(ExperimentError) {
        guard field.sweepForm == .single, let value = axes.first(where: { $0.setting == .field(field) })?.listed.first,
            value != text
        else { return }
        throw ExperimentError(
            .invalidValue, about: field.subject,
            "a sweep has one, and this one's is '\(value)'",
            advice: "start another sweep under a new name")
    }

    private static func add(
        _ values: AxisValues, to setting: SettingName, where condition: Condition?, about subject: MessageText,
        in axes: inout [Axis]
    ) throws(ExperimentError) {
        guard let index = axes.firstIndex(where: { $0.setting == setting && $0.condition == condition }) else {
            let names = axes.map(\.setting.name).withoutRepeats().joined(separator: ", ")
            throw ExperimentError(
                .invalidValue, about: subject,
                "the sweep does not set it\(condition == nil ? "" : " under this condition"), so its "
                    + "runs could not be told from the new ones",
                advice: "it sets \(names.isEmpty ? "only seeds" : names)")
        }
        guard case .list(let values) = values, case .list(let old) = axes[index].values else {
            throw ExperimentError(
                .invalidValue, about: subject,
                "a grid cannot get a range to draw from",
                advice: "give values, such as lin:0:1:5")
        }
        let new = values.filter { value in !old.contains { ValueList.areEqual($0, value) } }
        axes[index] = Axis(setting: setting, values: .list(old + new), condition: condition)
    }
}
