import Foundation
import TextFormats

/// The settings a sweep varies, as axes of a grid, and the seeds on which every configuration is repeated.
///
/// Seeds are replicates, not an axis: they come last in the order of runs, so that a sweep which is stopped
/// early is a complete smaller experiment.
package struct SearchSpace: Sendable, Equatable, Codable {
    /// One setting with its values; with a condition it exists only where another setting has a certain value.
    package struct Axis: Sendable, Equatable, Codable {
        package let setting: SettingName
        package let values: AxisValues
        package let condition: Condition?
    }

    /// The values of another setting with which an axis applies.
    package struct Condition: Sendable, Equatable, Codable {
        package let setting: SettingName
        package let values: [String]
    }

    /// More points than anyone wants to wait for; also keeps a typo from filling the memory.
    package static let largestCount = 1_000_000

    /// Each after those that its condition asks for.
    package let axes: [Axis]
    package let seeds: [Int64]
    package let search: Search

    /// Reads a space as it is typed.
    ///
    /// `fields` are the flags of `run`, each with one value or several; `settings` are the arguments of `--set`, such
    /// as `momentum=0,0.9 if optimizer=sgd`; `seeds` is `1..20` or `1,2,5`. Without seeds there are twenty, which
    /// resolve P(A<B) = 0.8 (Noether 1987).
    package init(
        fields: [RunSetting: String], settings: [String], seeds: String?, search: Search = .grid
    ) throws(ExperimentError) {
        var given = try GivenSettings(fields: fields, assignments: settings)
        given.options[.seeds] = seeds
        try self.init(given, search: search)
    }

    /// Reads a space with its search.
    package init(_ given: GivenSettings) throws(ExperimentError) {
        let options = given.options
        try self.init(
            given,
            search: Search(
                method: options[.search], trials: options[.trials], seed: options[.sweepSeed], factor: options[.eta]))
    }

    private init(_ given: GivenSettings, search: Search) throws(ExperimentError) {
        var axes: [Axis] = []
        for field in RunSetting.all {
            guard let text = given.fields[field] else { continue }
            guard field != .seed else {
                throw ExperimentError(
                    .invalidValue, about: "\(option: "seed")",
                    "a sweep has several seeds",
                    advice: "give \(option: "seeds") 1..20")
            }
            axes += try Self.axes(of: .field(field), text)
        }
        for assignment in given.hyperparameters {
            axes += try Self.axes(of: .hyperparameter(assignment.name), assignment.value)
        }
        try self.init(axes: axes, seeds: SeedList.seeds(of: given.options[.seeds] ?? "1..20"), search: search)
    }

    init(axes: [Axis], seeds: [Int64], search: Search) throws(ExperimentError) {
        self.axes = try AxisOrder(axes).sorted()
        self.seeds = seeds
        self.search = search
        try checkSearch()
        try checkSize()
    }

    /// Whether its runs have several optimizers, which differ in their hyperparameters.
    var variesOptimizer: Bool {
        axes.contains { $0.setting == .field(.optimizer) && $0.listed.count > 1 }
    }

    /// What a run of this sweep is to reach, if there is one such loss or excess: `excess=1e-6`.
    ///
    /// Stored before the first run, so that nobody can choose afterwards what counts as a success.
    var target: String? {
        let rules = axes.first { $0.setting == .field(.stopWhen) }?.listed.first?.split(separator: ",") ?? []
        let targets = rules.filter { $0.hasPrefix("loss=") || $0.hasPrefix("excess=") }
        return targets.count == 1 ? String(targets[0]) : nil
    }

    /// One text per space: keys sorted, no blanks.
    func canonicalJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// An axis for each part of the values as they are typed.
    static func axes(of setting: SettingName, _ text: String) throws(ExperimentError) -> [Axis] {
        guard setting.mayBeConditional else {
            return [Axis(setting: setting, values: try setting.values(of: text), condition: nil)]
        }
        var axes: [Axis] = []
        for part in try ConditionalValues(text, about: setting.subject).parts {
            let condition = try part.condition.map { clause throws(ExperimentError) in
                let asked = SettingName(ofCondition: clause.name)
                return Condition(setting: asked, values: try asked.conditionValues(of: clause.values))
            }
            axes.append(Axis(setting: setting, values: try setting.values(of: part.values), condition: condition))
        }
        return axes
    }

    /// A drawn setting needs a search that draws.
    private func checkSearch() throws(ExperimentError) {
        for case (let setting, .sampled(let distribution)) in axes.map({ ($0.setting, $0.values) })
        where search.trials == nil {
            throw ExperimentError(
                .invalidValue, about: setting.subject,
                "'\(distribution)' is drawn from, which a grid does not do",
                advice: "add \(option: "search") \(search.method == .grid ? "random" : search.method.rawValue) "
                    + "\(option: "trials") 32, or give points such as "
                    + "\(distribution.kind == .loguniform ? "log" : "lin"):\(distribution.bounds):5")
        }
        let count = axes.count { $0.isOpen }
        guard search.method != .sobol || count <= SobolSequence.largestDimensionCount else {
            throw ExperimentError(
                .invalidValue, about: "\(option: "search")",
                "sobol spans up to \(SobolSequence.largestDimensionCount) settings, and this sweep "
                    + "varies \(count)",
                advice: "vary fewer, or use \(option: "search") random")
        }
    }

    private func checkSize() throws(ExperimentError) {
        let limit = Self.largestCount / max(1, seeds.count)
        guard search.trials.map({ $0 > limit }) ?? hasMoreCombinations(than: limit) else { return }
        throw ExperimentError(
            .invalidValue,
            "this sweep has more than \(Self.largestCount) runs",
            advice: "give fewer values, or fewer seeds")
    }
}

extension SearchSpace.Axis {
    /// The values one by one; none where they are drawn.
    var listed: [String] {
        if case .list(let values) = values { values } else { [] }
    }
}

extension SearchSpace {
    private enum CodingKeys: String, CodingKey {
        case axes, seeds, search
    }

    /// Reads a stored space; one of before there were searches is a grid.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        axes = try container.decode([Axis].self, forKey: .axes)
        seeds = try container.decode([Int64].self, forKey: .seeds)
        search = try container.decodeIfPresent(Search.self, forKey: .search) ?? .grid
    }
}
