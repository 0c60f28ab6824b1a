import Foundation
import Learning
import Statistics
package import TextFormats
package import Tracking

/// Further runs for a sweep: what a larger search space has and the sweep has not.
package struct SweepExtension: Sendable {
    /// Configurations that get runs on the same further seeds.
    package struct Group: Sendable {
        /// Whether the sweep has no run of them yet.
        package let isNew: Bool
        package let seeds: [Int64]
        package fileprivate(set) var points: [RawSettings]
    }

    let sweep: Sweep
    package let space: SearchSpace
    let runs: [PreparedRun]
    /// The runs by what is new about them, in the order of their first one.
    package let groups: [Group]
    /// For a sweep that has none: those of the seeds that it had, or of all where these were too few.
    let choosingSeeds: Set<Int64>?

    /// What there is to say of the seeds that were asked for.
    package let seedHint: MessageText?

    package var runCount: Int { runs.count }
    package var stepCount: Int { runs.reduce(0) { $0 + $1.configuration.steps } }

    /// Plans the larger space, and leaves out what is there, deleted or not.
    ///
    /// The data are the notebook's. Throws where a run that is there would not be in the larger space, because the program
    /// has changed: what was trained stays part of the sweep.
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
        seedHint = SeedList.hint(of: seeds, beside: planned.seeds)
        choosingSeeds =
            ConfigurationChoice.choosingSeeds(of: planned.seeds)
            ?? ConfigurationChoice.choosingSeeds(of: space.seeds)
        let expanded = try ExpandedSweep(space, on: RecordedFiles(ofSweep: sweep.id, in: store))
        let plan = try SweepPlanner.plan(expanded)
        let hashes = try plan.runs.map { ContentHash.sha256(of: try $0.configuration.canonicalJSON()) }
        let known = try store.runs.configurationHashes(ofSweep: sweep.id)
        let lost = known.subtracting(hashes).count
        guard lost == 0 else {
            throw ExperimentError(
                .conflict,
                "sweep '\(name)' cannot be extended: \(lost) of its runs are not what its search space "
                    + "gives today, because the data file or the program has changed")
        }
        let isNew = hashes.map { !known.contains($0) }
        runs = zip(plan.runs, isNew).filter(\.1).map(\.0)
        groups = Self.groups(of: expanded, isNew)
    }

    /// `isNew` says it of every run of the plan, in which all configurations on one seed come before the next seed.
    private static func groups(of sweep: ExpandedSweep, _ isNew: [Bool]) -> [Group] {
        var groups: [Group] = []
        for (index, point) in sweep.points.enumerated() {
            let seeds = sweep.space.seeds.enumerated()
                .filter { isNew[$0.offset * sweep.points.count + index] }.map(\.element)
            guard !seeds.isEmpty else { continue }
            let isNew = seeds.count == sweep.space.seeds.count
            if let known = groups.firstIndex(where: { $0.isNew == isNew && $0.seeds == seeds }) {
                groups[known].points.append(point)
            } else {
                groups.append(Group(isNew: isNew, seeds: seeds, points: [point]))
            }
        }
        return groups
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
}
