package import Foundation
import TextFormats
package import Tracking

/// A part of a sweep in a file of its own, to be trained where the sweep's notebook cannot be written, and merged
/// back later.
package struct Shard {
    private let source: Store
    private let sweep: Sweep
    private let runs: [Run]

    /// The share of what is queued in `source`; planning a shard changes nothing.
    package init(_ share: SweepShare, ofSweep name: String, in source: Store) throws {
        self.source = source
        sweep = try source.sweeps.find(named: name)
        let queued = try source.runs.all(ofSweep: sweep.id).filter { $0.state == .queued }
        runs = Array(share.part(of: queued))
    }

    package var runCount: Int { runs.count }
    package var stepCount: Int { runs.reduce(0) { $0 + $1.plan.steps } }

    /// Copies the sweep's plan, its runs of this share and their data into an empty notebook.
    ///
    /// Returns the sweep's number there. `origin` is who trains it.
    package func write(into target: Store, origin: Provenance) throws -> Int64 {
        var datasets: [Int64: Int64] = [:]
        var planned: [(trial: Int, run: NewRun)] = []
        for run in runs {
            guard let trial = run.trialNumber else { continue }
            var plan = run.plan
            let data = try run.trainingData
            let dataset = try datasets[data] ?? target.datasets.add(completeDataset(data))
            datasets[data] = dataset
            plan.datasetID = dataset
            planned.append((trial, plan))
        }
        var provenance = origin
        provenance.command = sweep.command
        return try target.sweeps.create(sweep, runs: planned, provenance: provenance)
    }

    private func completeDataset(_ id: Int64) throws -> Dataset {
        let dataset = try source.datasets.find(id: id)
        try dataset.mustBeComplete()
        return dataset
    }

    /// Throws a `conflict` if a file at `url` is anything but a shard of this very sweep, which may be made again.
    ///
    /// Symbolic links are followed, so that no way leads to the sweep's own notebook.
    package func mayReplaceFile(at url: URL, now: @escaping @Sendable () -> String) throws(ExperimentError) {
        guard !source.isNotebook(at: url.path) else {
            throw ExperimentError(
                .conflict, about: "\(option: "out")", "'\(url.relativePath)' is the notebook with the sweep itself",
                advice: "a shard is a file of its own; give it another name")
        }
        guard Store.isTaken(url.path), !isShard(at: url, now: now) else { return }
        throw ExperimentError(
            .conflict, about: "\(option: "out")",
            "'\(url.relativePath)' is there already and is no shard of the sweep '\(sweep.plan.name)'",
            advice: "give the shard another name, or remove the file")
    }

    /// Whether the file's only sweep is this one, and all its runs are some that were handed out for a shard.
    private func isShard(at url: URL, now: @escaping @Sendable () -> String) -> Bool {
        guard let store = try? Store.open(at: url.path, access: .readOnly, now: now),
            let sweeps = try? store.sweeps.all(), let found = sweeps.first, sweeps.count == 1,
            found.plan == sweep.plan, let runs = try? store.runs.all(), runs.allSatisfy({ $0.sweepID == found.id }),
            let events = try? store.notes.events(of: .sweep(found.id))
        else { return false }
        // A copy of the whole notebook has the same plan, but was not handed out.
        return events.contains { $0.kind == "sharded" }
    }

    /// Whether the file at `url` holds this shard with every run ended: nothing is left to do then.
    package func isFinished(at url: URL, now: @escaping @Sendable () -> String) -> Bool {
        guard FileManager.default.fileExists(atPath: url.path),
            let store = try? Store.open(at: url.path, access: .readOnly, now: now),
            let found = try? store.sweeps.find(named: sweep.plan.name), found.plan == sweep.plan,
            let ended = try? store.runs.all(ofSweep: found.id).filter(\.state.isFinal)
        else { return false }
        return Set(ended.map(\.trialNumber)) == Set(runs.map(\.trialNumber))
    }
}

/// Which part of a sweep's queued runs one of several workers without a common file trains.
package struct SweepShare: Sendable, Equatable {
    /// From 0.
    package let index: Int
    package let count: Int

    /// Share `index` of `count`.
    package init(index: Int, of count: Int) throws(ExperimentError) {
        guard (1...100_000).contains(count) else {
            throw ExperimentError(
                .invalidValue, about: "\(option: "of")",
                "'\(count)' is not a number of shards",
                advice: "give one from 1 to 100000")
        }
        guard (0..<count).contains(index) else {
            throw ExperimentError(
                .invalidValue, about: "\(option: "index")",
                "'\(index)' is no shard of \(count)",
                advice: "they are numbered from 0 to \(count - 1)")
        }
        (self.index, self.count) = (index, count)
    }

    /// This share of `runs`: consecutive ones, so that every share holds whole seeds where it can and a merged file grows
    /// at its end; the sizes of two shares differ by one at most.
    package func part<Run>(of runs: [Run]) -> ArraySlice<Run> {
        let (size, rest) = runs.count.quotientAndRemainder(dividingBy: count)
        let start = index * size + min(index, rest)
        return runs[start..<start + size + (index < rest ? 1 : 0)]
    }
}
