import Foundation
import Learning
import TextFormats
package import Tracking

/// The columns of data files that a sweep's runs were planned on, as the notebook has them: the file itself may be gone, or
/// hold something else by now.
package struct RecordedFiles: Sendable {
    /// Those of which the notebook still has every sample as it was.
    private let files: [DataFile]
    /// Of all files that the runs are on.
    private let hashes: Set<String>

    package init(ofSweep sweep: Int64, in store: Store) throws {
        var files: [DataFile] = []
        var hashes: Set<String> = []
        for (json, id) in try store.datasets.filesOfRuns(ofSweep: sweep) {
            // What no run can have, whoever trains the run says.
            guard
                case .csv(let hash, let x, let y, let scale, let format)? = try? JSONDecoder().decode(
                    DataConfiguration.self, from: Data(json.utf8))
            else { continue }
            hashes.insert(hash)
            let dataset = try store.datasets.find(id: id)
            guard let data = try? TrainingData(dataset),
                DatasetContent(kind: dataset.kind, xColumn: x, yColumn: y, data: data).hash == dataset.contentHash
            else { continue }
            files.append(
                DataFile(
                    path: dataset.source, contentHash: hash, x: x, y: y, scale: scale, format: format, data: data))
        }
        (self.files, self.hashes) = (files, hashes)
    }

    /// The columns, if the notebook has them in this scale or as they were in the file; nil where the file must be read.
    func file(at path: String, x: String, y: String, scale: DataConfiguration.Scale) -> DataFile? {
        let columns = files.filter { $0.x == x && $0.y == y }
        // Of two files nobody can tell which one is meant.
        guard hashes.count == 1 else { return nil }
        if let file = columns.first(where: { $0.scale == scale }) { return file.at(path, scale, file.data) }
        guard scale == .normalize, let raw = columns.first(where: { $0.scale == .none }) else { return nil }
        let scaling = Scaling.normalizing(x: raw.data.x, y: raw.data.y)
        return raw.at(path, scale, scaling.applied(x: raw.data.x, y: raw.data.y))
    }

    /// Refuses another file than that of the runs, which would be planned on two.
    func check(_ file: DataFile) throws(ExperimentError) {
        guard !hashes.isEmpty, !hashes.contains(file.contentHash) else { return }
        throw ExperimentError(
            .conflict,
            "'\(file.path)' is not the file of the sweep's runs any more: its SHA-256 is \(file.contentHash), not "
                + "\(hashes.sorted().joined(separator: " or "))",
            advice: "the notebook has only the columns that the runs are on, so bring the file back")
    }
}

extension DataFile {
    fileprivate func at(_ path: String, _ scale: DataConfiguration.Scale, _ data: TrainingData) -> DataFile {
        DataFile(
            path: Contents.source(of: path), contentHash: contentHash, x: x, y: y, scale: scale, format: format,
            data: data)
    }
}
