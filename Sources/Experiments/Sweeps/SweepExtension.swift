import Learning
import TextFormats
package import Tracking

/// Further runs for a sweep: what a larger search space has and the sweep has not.
package struct SweepExtension: Sendable {
    let sweep: Sweep
    let space: SearchSpace
    let runs: [PreparedRun]

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
        space = try SearchSpace(json: sweep.plan.searchSpace)
            .extended(fields: fields, settings: settings, seeds: seeds, trials: trials)
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
            more.sweep, searchSpace: try more.space.canonicalJSON(), on: planned.datasets, provenance: origin
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
