import Foundation
import Learning
import Statistics
import TextFormats
package import Tracking

/// Further runs for a sweep: what a larger search space has and the sweep has not.
package struct SweepExtension: Sendable {
    let sweep: Sweep
    let space: SearchSpace
    let runs: [PreparedRun]
    /// For a sweep that has none: those of the seeds that it had, or of all where these were too few.
    let choosingSeeds: Set<Int64>?

    package var runCount: Int { runs.count }
    package var stepCount: Int { runs.reduce(0) { $0 + $1.configuration.steps } }

    /// Plans the larger space, and leaves out what is there, deleted or not.
    ///
    /// Throws where a run that is there would not be in the larger space, because its data file has another content now:
    /// what was trained stays part of the sweep.
    package init(
        ofSweep name: String, in store: Store, fields: [RunSetting: String], settings: [String], seeds: String?,
        trials: String? = nil
    ) throws {
        sweep = try store.sweeps.find(named: name)
        guard sweep.state != .cancelled else {
            throw ExperimentError(cancelledSweep: name)
        }
        let planned = try SearchSpace(json: sweep.plan.searchSpace)
        space = try planned.extended(fields: fields, settings: settings, seeds: seeds, trials: trials)
        choosingSeeds =
            ConfigurationChoice.choosingSeeds(of: planned.seeds)
            ?? ConfigurationChoice.choosingSeeds(of: space.seeds)
        let plan = try SweepPlanner.plan(space)
        let hashes = try plan.runs.map { ContentHash.sha256(of: try $0.configuration.canonicalJSON()) }
        let known = try store.runs.configurationHashes(ofSweep: sweep.id)
        let lost = known.subtracting(hashes).count
        guard lost == 0 else {
            throw ExperimentError(
                .conflict,
                "sweep '\(name)' cannot be extended: \(lost) of its runs are not what its search space "
                    + "gives today, because the data file or the program has changed")
        }
        runs = zip(plan.runs, hashes).filter { !known.contains($1) }.map(\.0)
    }
}

extension ExperimentRunner {
    /// Queues the further runs behind those that are there, in one transaction.
    package func queue(_ more: SweepExtension) throws {
        let planned = PlannedDatasets(more.runs)
        var builder = RunRowBuilder()
        try store.sweeps.extend(
            more.sweep, searchSpace: try more.space.canonicalJSON(), choosingSeeds: more.choosingSeeds,
            on: planned.datasets, provenance: origin
        ) { ids in
            try zip(more.runs, planned.places).map { try builder.plannedRun($0, datasetID: ids[$1]) }
        }
    }
}

/// The data of many runs, each once, with what is known of every model's loss on them.
struct PlannedDatasets {
    private(set) var datasets: [Dataset] = []
    /// For each run the place of its data in `datasets`.
    private(set) var places: [Int] = []

    init(_ runs: [PreparedRun]) {
        var known: [String: Int] = [:]
        for run in runs {
            let dataset = run.recordedData.dataset
            let place = known[dataset.contentHash] ?? datasets.count
            if place == datasets.count {
                datasets.append(dataset)
            } else {
                datasets[place].lossSurfaces.merge(dataset.lossSurfaces) { known, _ in known }
            }
            known[dataset.contentHash] = place
            places.append(place)
        }
    }
}

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
