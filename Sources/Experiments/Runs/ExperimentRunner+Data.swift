package import TextFormats
import Tracking

extension ExperimentRunner {
    /// That the notebook has the data of these runs already, under the name of another file.
    ///
    /// The same data are stored once, however often they come.
    package func notes(onDataOf runs: some Sequence<PreparedRun>) throws -> [MessageText] {
        var known: Set<String> = []
        return try runs.compactMap { run in
            let dataset = run.recordedData.dataset
            guard known.insert(dataset.contentHash).inserted, let name = dataset.fileName,
                let first = try store.datasets.fileName(contentHash: dataset.contentHash), first != name
            else { return nil }
            return "the notebook has these data as '\(first)', and shows them by that name"
        }
    }
}
