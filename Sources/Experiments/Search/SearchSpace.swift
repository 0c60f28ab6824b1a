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
        var axes: [Axis] = []
        for field in RunSetting.all {
            guard let text = fields[field] else { continue }
            guard field != .seed else {
                throw ExperimentError(
                    .invalidValue, about: "\(option: "seed")",
                    "a sweep has several seeds",
                    advice: "give \(option: "seeds") 1..20")
            }
            axes.append(Axis(setting: .field(field), values: try field.values(of: text), condition: nil))
        }
        for text in settings {
            axes.append(try Self.axis(of: Assignment(text)))
        }
        try self.init(axes: axes, seeds: SeedList.seeds(of: seeds ?? "1..20"), search: search)
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

    static func axis(of text: Assignment) throws(ExperimentError) -> Axis {
        var condition: Condition?
        if let clause = text.condition {
            condition = Condition(
                setting: SettingName(clause.name),
                values: try ValueList.values(of: clause.value, about: "\(MessageText.hyperparameters) \(clause.name)"))
        }
        return Axis(
            setting: .hyperparameter(text.name),
            values: try ValueList.choices(of: text.value, about: "\(MessageText.hyperparameters) \(text.name)"),
            condition: condition)
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

/// What an axis sets: a flag of `run`, or a hyperparameter of its optimizer.
package enum SettingName: Sendable, Hashable, Codable {
    case field(RunSetting)
    case hyperparameter(String)

    init(_ name: String) {
        self = RunSetting.named(name).map(SettingName.field) ?? .hyperparameter(name)
    }

    package var name: String {
        switch self {
        case .field(let field): field.name
        case .hyperparameter(let name): name
        }
    }

    /// How errors refer to it.
    var subject: MessageText {
        switch self {
        case .field(let field): field.subject
        case .hyperparameter(let name): "\(MessageText.hyperparameters) \(name)"
        }
    }

    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .field(let field): try container.encode(field.storedName)
        case .hyperparameter(let name): try container.encode(name)
        }
    }
}

/// Seeds as typed: `1..20`, `1,2,5` or both, `1..3,7`.
package enum SeedList {
    package static func seeds(of text: String) throws(ExperimentError) -> [Int64] {
        var seeds: [Int64] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if let range = part.firstRange(of: "..") {
                guard let first = Int64(part[..<range.lowerBound]), let last = Int64(part[range.upperBound...]),
                    first <= last
                else { throw notSeeds(text) }
                guard last.subtractingReportingOverflow(first).partialValue < Int64(SearchSpace.largestCount),
                    !last.subtractingReportingOverflow(first).overflow
                else {
                    throw ExperimentError(
                        .invalidValue, about: "\(option: "seeds")",
                        "'\(text)' is more than \(SearchSpace.largestCount) seeds",
                        advice: "give fewer")
                }
                seeds += first...last
            } else if let seed = Int64(part) {
                seeds.append(seed)
            } else {
                throw notSeeds(text)
            }
        }
        return seeds.withoutRepeats()
    }

    private static func notSeeds(_ text: String) -> ExperimentError {
        ExperimentError(
            .invalidValue, about: "\(option: "seeds")",
            "'\(text)' is not a list of seeds",
            advice: "write 1..20 or 1,2,5")
    }
}
